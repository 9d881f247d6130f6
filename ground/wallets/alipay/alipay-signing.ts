// RSA2: parameters signed in the order of their names, answers verified over their raw characters.
import { sign, verify, type KeyObject } from 'node:crypto';

/** Names ascending, without what is left out and without empty values. */
function contentOf(parameters: URLSearchParams, leftOut: ReadonlySet<string>): string {
  return [...parameters.entries()]
    .filter(([name, value]) => value !== '' && !leftOut.has(name))
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

const REQUEST_LEAVES_OUT = new Set(['sign']);
const NOTICE_LEAVES_OUT = new Set(['sign', 'sign_type']);

/** The parameters with their signature. */
export function signParameters(
  parameters: Readonly<Record<string, string>>,
  privateKey: KeyObject,
): URLSearchParams {
  const signed = new URLSearchParams(parameters);
  const content = Buffer.from(contentOf(signed, REQUEST_LEAVES_OUT), 'utf8');
  signed.set('sign', sign('RSA-SHA256', content, privateKey).toString('base64'));
  return signed;
}

export function isNoticeGenuine(parameters: URLSearchParams, publicKey: KeyObject): boolean {
  // Twice the same name could be signed as one and read as the other.
  const names = [...parameters.keys()];
  if (new Set(names).size !== names.length || parameters.get('sign_type') !== 'RSA2') return false;
  return isSigned(contentOf(parameters, NOTICE_LEAVES_OUT), parameters.get('sign') ?? '', publicKey);
}

export function isSigned(content: string, signature: string, publicKey: KeyObject): boolean {
  return verify('RSA-SHA256', Buffer.from(content, 'utf8'), publicKey, Buffer.from(signature, 'base64'));
}

/**
 * The characters of the object under `name`, exactly as they were sent: the signature covers these, not a value read and
 * written again. Null where there is none.
 */
export function findRawNode(text: string, name: string): string | null {
  const label = `"${name}":`;
  const start = text.indexOf(label);
  if (start < 0) return null;
  const from = start + label.length;
  let depth = 0;
  let isInString = false;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (isInString) {
      if (char === '\\') at += 1;
      else if (char === '"') isInString = false;
    } else if (char === '"') isInString = true;
    else if (char === '{') depth += 1;
    else if (char === '}') {
      depth -= 1;
      if (depth === 0) return text.slice(from, at + 1);
    }
  }
  return null;
}
