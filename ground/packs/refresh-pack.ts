// A flight's packs by number. A new one is made only where something in it has changed.
import type { PackFault } from '../../domain/flight-pack/flight-pack.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { rootsOf, signerFor } from '../airlines/keys.ts';
import { inTransaction } from '../database/in-transaction.ts';
import type { Ground } from '../ground.ts';
import { composeManifest, composePack, readOwnManifest, type PackContents } from './compose-pack.ts';
import { readRestingPack, restPack } from './pack-at-rest.ts';
import { crewWithoutPin, readPackContents, type UnnumberedContents } from './pack-contents.ts';

export type StoredPack = {
  readonly leg: string;
  readonly n: number;
  readonly packId: string;
  readonly bytes: Uint8Array;
  readonly issuedAtMs: number;
};

export type PackProblem =
  | { readonly kind: 'flight-unknown' }
  | { readonly kind: 'flight-cancelled' }
  /** What a till would refuse, with the name of the thing and its place; the pack before it stays. */
  | ({ readonly kind: 'pack-refused' } & PackFault);

export type RefreshedPack = { readonly n: number; readonly packId: string; readonly isNew: boolean };

/** Makes the flight's next pack, or answers its newest where nothing in it would be different. */
export async function refreshPack(ground: Ground, leg: string): Promise<Result<RefreshedPack, PackProblem>> {
  return await inTransaction(ground, async (inside) => {
    // One at a time: the numbers of a flight's packs follow each other.
    const flight = await inside.db
      .selectFrom('flight')
      .selectAll()
      .where('leg', '=', leg)
      .forNoKeyUpdate()
      .executeTakeFirst();
    if (flight === undefined) return fail({ kind: 'flight-unknown' });
    if (flight.status === 'cancelled') return fail({ kind: 'flight-cancelled' });
    const { contents, trust } = await readPackContents(inside, flight);
    const last = await lastPack(inside, leg);
    if (last !== null && last.bytes !== null && (await saysTheSame(last.bytes, contents))) {
      return ok({ n: last.n, packId: last.packId, isNew: false });
    }
    const n = (last?.n ?? 0) + 1;
    const numbered = number(contents, n, Math.floor(inside.nowMs() / 1000));
    const [nobody] = crewWithoutPin(numbered);
    if (nobody !== undefined) {
      return fail({ kind: 'pack-refused', file: 'crew.json', why: `${nobody.id} has no PIN` });
    }
    const { signer } = await signerFor(inside, flight.airline, 'ops');
    const composed = await composePack(numbered, signer, await rootsOf(inside, flight.airline));
    if (!composed.ok) return fail({ kind: 'pack-refused', ...composed.error });
    await inside.db
      .insertInto('flight_pack')
      .values({
        leg,
        n,
        pack_id: composed.value.packId,
        ...restPack(inside.seal, composed.value.bytes),
        issued_at_ms: inside.nowMs(),
        trust_version: trust.version,
        deny_version: contents.deny.version,
      })
      .execute();
    await inside.db
      .updateTable('flight')
      .set({ purged_at_ms: null })
      .where('leg', '=', leg)
      .where('purged_at_ms', 'is not', null)
      .execute();
    return ok({ n, packId: composed.value.packId, isNew: true });
  });
}

/** The newest pack above `afterN`; null where the flight has none, or none any more. */
export async function newestPack(
  ground: Pick<Ground, 'db' | 'seal'>,
  leg: string,
  afterN = 0,
): Promise<StoredPack | null> {
  const last = await lastPack(ground, leg);
  if (last === null || last.bytes === null || last.n <= afterN) return null;
  return { ...last, bytes: last.bytes };
}

/** Its bytes are null once they were deleted: the number is still taken. */
async function lastPack(
  { db, seal }: Pick<Ground, 'db' | 'seal'>,
  leg: string,
): Promise<(Omit<StoredPack, 'bytes'> & { readonly bytes: Uint8Array | null }) | null> {
  const row = await db
    .selectFrom('flight_pack')
    .selectAll()
    .where('leg', '=', leg)
    .orderBy('n', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { n, pack_id: packId, issued_at_ms: issuedAtMs } = row;
  return { leg, n, packId, bytes: readRestingPack(seal, row), issuedAtMs };
}

/**
 * The job `refresh-pack` (key: the leg). A refused pack is told and not tried again by itself: only a change of what is
 * wrong makes the next one possible, and that asks for a new one.
 */
export async function runRefreshPack(ground: Ground, leg: string): Promise<void> {
  const refreshed = await refreshPack(ground, leg);
  if (refreshed.ok) {
    if (refreshed.value.isNew) ground.log.info('pack-made', { leg, n: refreshed.value.n });
    return;
  }
  const { error } = refreshed;
  const place = error.kind === 'pack-refused' ? { file: error.file, why: error.why } : {};
  ground.log.error('pack-not-made', { leg, kind: error.kind, ...place });
}

/** The allow-list's version is the pack's number: each pack brings its own. */
function number({ allowed, ...contents }: UnnumberedContents, n: number, issuedAt: number): PackContents {
  return { ...contents, n, issuedAt, allow: { version: n, ctis: allowed } };
}

async function saysTheSame(last: Uint8Array, contents: UnnumberedContents): Promise<boolean> {
  const manifest = await readOwnManifest(last);
  const again = composeManifest(number(contents, manifest.n, manifest.issuedAt));
  return canonical(again) === canonical(manifest);
}

/** JSON with members in one order, since those that went through the database have lost theirs. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => a.localeCompare(b)))
      : part,
  );
}
