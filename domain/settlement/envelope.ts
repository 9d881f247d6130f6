// The encrypted wrapping of a batch: gzip inside a compact JWE (settlement.md 6.1, 6.3). gzip is handed in.
import type { EcPrivateJwk } from '../crypto/crypto.ts';
import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.ts';
import { BATCH } from '../limits.ts';
import { fail, ok, type Result } from '../result.ts';
import { decryptJwe, encryptJwe, readJweKeyId, type EncryptionKey } from './compact-jwe.ts';

export type Gzip = (bytes: Uint8Array) => Uint8Array;
/** Inflates to at most `maxBytes`; null when that is not enough or the bytes are no gzip. */
export type BoundedGunzip = (bytes: Uint8Array, maxBytes: number) => Uint8Array | null;

/** What a damaged envelope is, in words for a person. */
export type EnvelopeFault = { readonly why: string };

const BATCH_KIND = { typ: 'cpb+jwe', cty: 'cpb+gzip' } as const;

/** The bytes of a `.cpb` file: different each time, the body inside the same. `key` is the airline's batch key. */
export async function sealEnvelope(
  body: Uint8Array,
  key: EncryptionKey,
  { gzip }: { readonly gzip: Gzip },
): Promise<Uint8Array> {
  return encodeUtf8(await encryptJwe(gzip(body), key, BATCH_KIND));
}

/**
 * The body of a `.cpb` file (settlement.md 6.4, step 1), never more than `BATCH` allows. Takes any bytes and never
 * throws. `privateKeys` by key id.
 */
export async function openEnvelope(
  bytes: Uint8Array,
  privateKeys: ReadonlyMap<string, EcPrivateJwk>,
  { gunzip }: { readonly gunzip: BoundedGunzip },
): Promise<Result<Uint8Array, EnvelopeFault>> {
  if (bytes.length > BATCH.maxBytes)
    return fail({ why: `file is larger than ${BATCH.maxBytes.toString()} bytes` });
  const text = decodeUtf8(bytes);
  const kid = text === null ? null : readJweKeyId(text, BATCH_KIND);
  if (text === null || kid === null) return fail({ why: 'file is not an encrypted batch, or was cut short' });
  const key = privateKeys.get(kid);
  if (key === undefined) return fail({ why: `encrypted for the key '${kid}', which is not held here` });
  const packed = await decryptJwe(text, key);
  if (packed === null) return fail({ why: 'encryption check failed: file is damaged or was cut short' });
  const maxBytes = Math.min(BATCH.maxInflatedBytes, packed.length * BATCH.maxRatio);
  const body = gunzip(packed, maxBytes);
  return body === null || body.length > maxBytes
    ? fail({ why: `compressed content is damaged or inflates to more than ${maxBytes.toString()} bytes` })
    : ok(body);
}
