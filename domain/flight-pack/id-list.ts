// `deny.bin` and `allow.bin`: "CPD1", u32be version, u32be count, then sorted unique 8-byte ids (trust.md 3.3).
import { fail, ok, type Result } from '../result.ts';

const MAGIC = [0x43, 0x50, 0x44, 0x31] as const;
const HEAD_BYTES = 12;
const ID_BYTES = 8;

export type IdList = {
  readonly version: number;
  readonly count: number;
  readonly has: (id: Uint8Array) => boolean;
};
export type IdListFault = 'bad-magic' | 'bad-length' | 'not-sorted';

export function readIdList(bytes: Uint8Array): Result<IdList, IdListFault> {
  if (bytes.length < HEAD_BYTES || MAGIC.some((byte, i) => bytes[i] !== byte)) return fail('bad-magic');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(8);
  if (bytes.length !== HEAD_BYTES + count * ID_BYTES) return fail('bad-length');
  const idAt = (index: number): bigint => view.getBigUint64(HEAD_BYTES + index * ID_BYTES);
  for (let i = 1; i < count; i++) if (idAt(i) <= idAt(i - 1)) return fail('not-sorted');
  const has = (id: Uint8Array): boolean => {
    if (id.length !== ID_BYTES) return false;
    const wanted = new DataView(id.buffer, id.byteOffset, ID_BYTES).getBigUint64(0);
    let low = 0;
    let high = count - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = idAt(middle);
      if (found === wanted) return true;
      if (found < wanted) low = middle + 1;
      else high = middle - 1;
    }
    return false;
  };
  return ok({ version: view.getUint32(4), count, has });
}

export function composeIdList(version: number, ids: readonly Uint8Array[]): Uint8Array {
  const values = ids.map((id) => new DataView(id.buffer, id.byteOffset, ID_BYTES).getBigUint64(0));
  const sorted = [...new Set(values)].sort((a, b) => (a < b ? -1 : 1));
  const bytes = new Uint8Array(HEAD_BYTES + sorted.length * ID_BYTES);
  bytes.set(MAGIC);
  const view = new DataView(bytes.buffer);
  view.setUint32(4, version);
  view.setUint32(8, sorted.length);
  sorted.forEach((value, i) => {
    view.setBigUint64(HEAD_BYTES + i * ID_BYTES, value);
  });
  return bytes;
}
