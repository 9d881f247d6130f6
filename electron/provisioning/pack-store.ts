// Flight packs that came by network, as files: whole, or not there at all. They name passengers, so nothing of them stays
// longer than it is of use.
import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PackManifest } from '../../domain/flight-pack/manifest.ts';
import { FLIGHT_PACK } from '../../domain/limits.ts';
import { writeBatch } from '../gate/write-batch.ts';

export type StoredPack = { readonly n: number; readonly bytes: Uint8Array };

export function packsFolder(dataDir: string): string {
  return join(dataDir, 'packs');
}

/** Those of a flight with a number above `afterN`, newest first; not yet verified. */
export function storedPacks(dir: string, leg: string, afterN: number): readonly StoredPack[] {
  return listPacks(dir)
    .filter((pack) => pack.leg === leg && pack.n > afterN)
    .toSorted((a, b) => b.n - a.n)
    .flatMap(({ fileName, n }) => {
      const bytes = readWhole(join(dir, fileName));
      return bytes === null ? [] : [{ n, bytes }];
    });
}

/** False when it could not be made durable. Those before it, and other flights', are of no use any more. */
export function keepPack(
  dir: string,
  { leg, n }: Pick<PackManifest, 'leg' | 'n'>,
  bytes: Uint8Array,
): boolean {
  const fileName = `pack-${leg}-${n.toString()}.cpk`;
  const written = writeBatch(dir, fileName, bytes);
  if (written.ok) dropPacks(dir, (pack) => pack.fileName !== fileName);
  return written.ok;
}

/** Removes what is left of other flights. */
export function dropOtherFlights(dir: string, leg: string): void {
  dropPacks(dir, (pack) => pack.leg !== leg);
}

type ListedPack = { readonly fileName: string; readonly leg: string; readonly n: number };

function listPacks(dir: string): readonly ListedPack[] {
  try {
    return readdirSync(dir).flatMap((fileName) => {
      const match = /^pack-([A-Z0-9-]{1,40})-(\d{1,9})\.cpk$/.exec(fileName);
      const [, leg, n] = match ?? [];
      return leg === undefined || n === undefined ? [] : [{ fileName, leg, n: Number(n) }];
    });
  } catch {
    return [];
  }
}

function dropPacks(dir: string, isUseless: (pack: ListedPack) => boolean): void {
  for (const pack of listPacks(dir).filter(isUseless)) {
    try {
      rmSync(join(dir, pack.fileName));
    } catch {
      // It is passed over for its flight or number, and tried again another time.
    }
  }
}

function readWhole(path: string): Uint8Array | null {
  try {
    const found = lstatSync(path);
    return found.isFile() && found.size <= FLIGHT_PACK.maxBytes ? readFileSync(path) : null;
  } catch {
    return null;
  }
}
