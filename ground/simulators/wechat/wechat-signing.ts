// The wallet's side of API v3 signing: checks what merchants sign, signs answers and notices, encrypts notices.
// Written apart from the adapter, so that the two are a check on each other.
import { createCipheriv, createHash, createVerify, createSign, randomBytes } from 'node:crypto';
import type { NoticeForm } from '../notice-sender.ts';
import { privateKeyOf, publicKeyOf } from '../parsed-keys.ts';
import type { SimulatedRequest } from '../simulator-server.ts';
import type { WechatMerchant } from './wechat-merchant.ts';

const SCHEME = 'WECHATPAY2-SHA256-RSA2048 ';
const WINDOW_SECONDS = 300;
const OLD_SECONDS = 3600;

/** The merchant whose genuine, recent signature the request carries, or null. */
export function findSigner(
  request: SimulatedRequest,
  merchants: ReadonlyMap<string, WechatMerchant>,
  nowMs: number,
): WechatMerchant | null {
  const authorization = request.headers['authorization'] ?? '';
  if (!authorization.startsWith(SCHEME)) return null;
  const fields = readFields(authorization.slice(SCHEME.length));
  const merchant = merchants.get(fields.get('mchid') ?? '');
  const timestamp = fields.get('timestamp') ?? '';
  if (merchant === undefined || fields.get('serial_no') !== merchant.merchantSerial) return null;
  if (!(Math.abs(nowMs / 1000 - Number(timestamp)) <= WINDOW_SECONDS)) return null;
  const signed = `${request.method}\n${request.target}\n${timestamp}\n${fields.get('nonce_str') ?? ''}\n${request.body}\n`;
  const isGenuine = createVerify('RSA-SHA256')
    .update(signed)
    .verify(publicKeyOf(merchant.merchantPublicKeyPem), fields.get('signature') ?? '', 'base64');
  return isGenuine ? merchant : null;
}

function readFields(list: string): ReadonlyMap<string, string> {
  return new Map([...list.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
}

/** Headers and body of an answer or a notice; `form` says what is wrong with it. */
export function signOutgoing(
  body: string,
  merchant: WechatMerchant,
  form: NoticeForm,
  nowMs: number,
): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const seconds = Math.floor(nowMs / 1000) - (form === 'old-timestamp' ? OLD_SECONDS : 0);
  const timestamp = seconds.toString();
  const nonce = randomBytes(16).toString('hex');
  const signer = createSign('RSA-SHA256').update(`${timestamp}\n${nonce}\n${body}\n`);
  const signature =
    form === 'bad-signature'
      ? randomBytes(256).toString('base64')
      : signer.sign(privateKeyOf(merchant.platformPrivateKeyPem), 'base64');
  return {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': nonce,
      'wechatpay-signature': signature,
      'wechatpay-serial': merchant.platformSerial,
      'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
    },
    body: form === 'altered' ? alter(body) : body,
  };
}

/** Another digit somewhere: the text stays well-formed JSON. */
function alter(body: string): string {
  const at = body.search(/[0-9](?=[^0-9]*$)/);
  if (at < 0) return `${body} `;
  const digit = (Number(body[at]) + 1) % 10;
  return `${body.slice(0, at)}${digit.toString()}${body.slice(at + 1)}`;
}

const ASSOCIATED_DATA = 'payscore';

/** The `resource` of a notice: AEAD_AES_256_GCM under the merchant's API v3 key. */
export function encryptResource(plaintext: string, apiV3Key: string): Readonly<Record<string, string>> {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(apiV3Key, 'utf8'), Buffer.from(nonce, 'utf8'));
  cipher.setAAD(Buffer.from(ASSOCIATED_DATA, 'utf8'));
  const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return {
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: ciphertext.toString('base64'),
    nonce,
    associated_data: ASSOCIATED_DATA,
    original_type: 'payscore',
  };
}

export function sha1Hex(text: string): string {
  return createHash('sha1').update(text, 'utf8').digest('hex');
}
