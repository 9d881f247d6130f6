import { decode } from 'cborg';
import { fail, ok, type Result } from '../result.ts';

// Exactly the options of cabin-code.md 2.4. Without them cborg takes duplicate keys, NaN and indefinite lengths.
const STRICT = {
  useMaps: true,
  strict: true,
  rejectDuplicateMapKeys: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
} as const;

/** One CBOR item filling all of `bytes`, or `malformed`. Text with invalid UTF-8 comes back with U+FFFD. */
export function decodeStrict(bytes: Uint8Array): Result<unknown, 'malformed'> {
  try {
    return ok(decode(bytes, STRICT) as unknown);
  } catch {
    return fail('malformed');
  }
}

export function isUint(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

export function isBytes(value: unknown, length?: number): value is Uint8Array {
  return value instanceof Uint8Array && (length === undefined || value.length === length);
}

/** A map with exactly these keys, in any order. */
export function hasExactly(value: unknown, keys: readonly unknown[]): value is Map<unknown, unknown> {
  return value instanceof Map && value.size === keys.length && keys.every((key) => value.has(key));
}
