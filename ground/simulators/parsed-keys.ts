// Keys parsed once: reading a PEM costs more than twice the signature made with it.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

const parsed = new Map<string, KeyObject>();

function parseOnce(pem: string, parse: (pem: string) => KeyObject): KeyObject {
  const known = parsed.get(pem);
  if (known !== undefined) return known;
  const key = parse(pem);
  parsed.set(pem, key);
  return key;
}

export function privateKeyOf(pem: string): KeyObject {
  return parseOnce(pem, createPrivateKey);
}

export function publicKeyOf(pem: string): KeyObject {
  return parseOnce(pem, createPublicKey);
}
