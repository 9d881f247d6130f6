import { gunzipSync, gzipSync } from 'node:zlib';
import type { BoundedGunzip, Gzip } from '../domain/settlement/envelope.ts';

export const gzip: Gzip = (bytes) => gzipSync(bytes);

export const gunzip: BoundedGunzip = (bytes, maxBytes) => {
  try {
    const { buffer, byteOffset, length } = gunzipSync(bytes, { maxOutputLength: Math.max(1, maxBytes) });
    return new Uint8Array(buffer, byteOffset, length);
  } catch {
    // Both too much content (ERR_BUFFER_TOO_LARGE) and no gzip at all.
    return null;
  }
};
