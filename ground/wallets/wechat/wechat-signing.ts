// API v3 signatures (WECHATPAY2-SHA256-RSA2048) and the encryption of notices (AEAD_AES_256_GCM).
import { createDecipheriv, randomBytes, sign, verify, type KeyObject } from 'node:crypto';
import { fail, ok, type Result } from '../../../domain/result.ts';

/** Answers and notices older or newer than this are not believed. */
const WINDOW_SECONDS = 300;
const TAG_BYTES = 16;

export type RequestSigner = {
  readonly mchid: string;
  readonly serial: string;
  readonly privateKey: KeyObject;
};

/** The `Authorization` header; `target` is path and query as they are sent. */
export function authorize(
  signer: RequestSigner,
  request: { readonly method: string; readonly target: string; readonly body: string },
  nowMs: number,
): string {
  const nonce = randomBytes(16).toString('hex');
  const timestamp = Math.floor(nowMs / 1000).toString();
  const message = `${request.method}\n${request.target}\n${timestamp}\n${nonce}\n${request.body}\n`;
  const signature = sign('RSA-SHA256', Buffer.from(message, 'utf8'), signer.privateKey).toString('base64');
  const fields = {
    mchid: signer.mchid,
    nonce_str: nonce,
    signature,
    timestamp,
    serial_no: signer.serial,
  };
  const list = Object.entries(fields).map(([name, value]) => `${name}="${value}"`);
  return `WECHATPAY2-SHA256-RSA2048 ${list.join(',')}`;
}

export type PlatformKey = { readonly serial: string; readonly publicKey: KeyObject };

/** Whether the platform signed exactly this body, lately. `header` reads a header by its lower-case name. */
export function isFromPlatform(
  platform: PlatformKey,
  header: (name: string) => string | undefined,
  body: string,
  nowMs: number,
): boolean {
  const timestamp = header('wechatpay-timestamp') ?? '';
  const nonce = header('wechatpay-nonce') ?? '';
  const signature = header('wechatpay-signature') ?? '';
  if (header('wechatpay-serial') !== platform.serial) return false;
  if (!/^[0-9]{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > WINDOW_SECONDS) return false;
  const message = Buffer.from(`${timestamp}\n${nonce}\n${body}\n`, 'utf8');
  return verify('RSA-SHA256', message, platform.publicKey, Buffer.from(signature, 'base64'));
}

export type EncryptedResource = {
  readonly ciphertext: string;
  readonly nonce: string;
  readonly associated_data?: string | undefined;
};

/** The plain text of a notice's `resource`; fails where the key or any of its parts is another. */
export function decryptResource(resource: EncryptedResource, apiV3Key: string): Result<string, 'decrypt'> {
  const sealed = Buffer.from(resource.ciphertext, 'base64');
  const nonce = Buffer.from(resource.nonce, 'utf8');
  if (sealed.length < TAG_BYTES || nonce.length !== 12) return fail('decrypt');
  try {
    const decipher = createDecipheriv('aes-256-gcm', Buffer.from(apiV3Key, 'utf8'), nonce, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(resource.associated_data ?? '', 'utf8'));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const plain = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
    return ok(plain.toString('utf8'));
  } catch {
    // `final` throws for a wrong tag: the text is not the wallet's.
    return fail('decrypt');
  }
}
