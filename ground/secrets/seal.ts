// Personal data, keys and merchants' secrets at rest: AES-256-GCM under a key per purpose, derived from one master key.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

export type Seal = {
  /** `purpose` names what is sealed (`passenger-name`): what was sealed for one purpose opens for no other. */
  readonly seal: (purpose: string, bytes: Uint8Array) => Uint8Array;
  /** Null for anything that was not sealed here for this purpose, or was altered since. */
  readonly open: (purpose: string, sealed: Uint8Array) => Uint8Array | null;
  /** By which a wallet's user is recognised without being known: a keyed hash, lower-case hex. */
  readonly hashAccount: (airline: string, wallet: number, account: string) => string;
  /** What only the holder of the master key can make of a text, base64url; another purpose gives another one. */
  readonly keyedHash: (purpose: string, text: string) => string;
};

export const MASTER_KEY_BYTES = 32;

// Version 1: [1, nonce (12), ciphertext, tag (16)]; the purpose is authenticated with it.
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Throws when the master key has not 32 bytes: the caller reads it from where it is kept. */
export function createSeal(masterKey: Uint8Array): Seal {
  if (masterKey.length !== MASTER_KEY_BYTES) throw new Error('the master key has 32 bytes');
  const keys = new Map<string, Buffer>();
  const keyFor = (use: string): Buffer => {
    const known = keys.get(use);
    if (known !== undefined) return known;
    const key = Buffer.from(hkdfSync('sha256', masterKey, '', `cabintill ${use}`, 32));
    keys.set(use, key);
    return key;
  };
  return {
    seal: (purpose, bytes) => sealWith(keyFor(`seal 1 ${purpose}`), purpose, bytes),
    open: (purpose, sealed) => openWith(keyFor(`seal 1 ${purpose}`), purpose, sealed),
    hashAccount: (airline, wallet, account) =>
      createHmac('sha256', keyFor('account hash 1'))
        .update(`${airline}|${wallet.toString()}|${account}`)
        .digest('hex'),
    keyedHash: (purpose, text) =>
      createHmac('sha256', keyFor(`hash 1 ${purpose}`))
        .update(text)
        .digest('base64url'),
  };
}

function sealWith(key: Buffer, purpose: string, bytes: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose));
  const parts = [Buffer.of(VERSION), nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()];
  return Uint8Array.from(Buffer.concat(parts));
}

function openWith(key: Buffer, purpose: string, sealed: Uint8Array): Uint8Array | null {
  if (sealed[0] !== VERSION || sealed.length < 1 + NONCE_BYTES + TAG_BYTES) return null;
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
  const content = sealed.subarray(1 + NONCE_BYTES, sealed.length - TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(purpose))
    .setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    return Uint8Array.from(Buffer.concat([decipher.update(content), decipher.final()]));
  } catch {
    // The tag does not fit: altered, another key or another purpose.
    return null;
  }
}
