// Packs list passengers, so their bytes are sealed in the database and deleted when their time is over.
import type { FlightPackTable } from '../database/tables.ts';
import type { Seal } from '../secrets/seal.ts';

const PACK_SEAL = 'flight-pack';

export type PackAtRest = Pick<FlightPackTable, 'bytes' | 'bytes_sealed'>;

export function restPack(seal: Seal, bytes: Uint8Array): PackAtRest {
  return { bytes: null, bytes_sealed: seal.seal(PACK_SEAL, bytes) };
}

/** Null: it was purged. Throws for one sealed under another master key: nothing works with that. */
export function readRestingPack(seal: Seal, { bytes, bytes_sealed: sealed }: PackAtRest): Uint8Array | null {
  if (sealed === null) return bytes;
  const opened = seal.open(PACK_SEAL, sealed);
  if (opened === null) throw new Error('a pack that was not sealed with this master key');
  return opened;
}
