// What only ground can see in a verified batch (settlement.md 6.4 step 6): whether each code was issued, to this flight,
// as it was shown, and whether two tablets took the same proof.
import type { Kysely } from 'kysely';
import type { JournalEvent } from '../../domain/journal/event.ts';
import { readLine } from '../../domain/journal/line.ts';
import type { SetAsideBill } from '../../domain/settlement/find-bill-faults.ts';
import type { Tables } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import { reason } from '../web/reasons.ts';
import { readRestingLine } from './event-line.ts';
import { findForgedCodes } from './forged-codes.ts';
import { billIdOf, monthOfLine } from './event-row.ts';
import type { JournalName } from './journal-rows.ts';

export type Stranger = { readonly leg: string; readonly cti: string };

export type SecondLook = {
  /** Codes ground never issued to the flight they were used on. */
  readonly strangers: readonly Stranger[];
  /** Their bills. */
  readonly setAside: readonly SetAsideBill[];
  /** One proof of a holder's key, accepted by two tablets. */
  readonly sharedProofs: readonly (Stranger & { readonly otherDev: string; readonly ts: number })[];
};

/** `events` are the new ones; practice counts nowhere. */
export async function lookAgain(
  { db, seal }: Pick<Ground, 'db' | 'seal'>,
  name: JournalName,
  events: readonly JournalEvent[],
): Promise<SecondLook> {
  const inEarnest = events.filter((event) => event.tr !== true);
  const strangers = await findStrangers(db, name.airline, inEarnest);
  const isStranger = new Set(strangers.map(nameOf));
  const setAside = inEarnest.flatMap((event): SetAsideBill[] => {
    if (event.ty !== 'BILL_OPEN') return [];
    const { cti } = event.b;
    if (!isStranger.has(nameOf({ leg: event.leg, cti }))) return [];
    const why = reason('no-code-issued').text;
    return [{ bill: billIdOf(event), cti, seq: event.seq, why }];
  });
  setAside.push(...billsOn(await findForgedCodes(db, name.airline, inEarnest), inEarnest));
  return { strangers, setAside, sharedProofs: await findSharedProofs({ db, seal }, name, inEarnest) };
}

/** The bills that rest on forged codes: opened with one, or with a sale on one. */
function billsOn(forged: ReadonlySet<number>, events: readonly JournalEvent[]): readonly SetAsideBill[] {
  return events.flatMap((event): SetAsideBill[] => {
    if ((event.ty !== 'BILL_OPEN' && event.ty !== 'SALE') || !forged.has(event.b.auth)) return [];
    const bill = event.ty === 'SALE' ? event.b.bill : billIdOf(event);
    const why = reason('other-code-issued').text;
    return [{ bill, cti: event.b.cti, seq: event.seq, why }];
  });
}

function nameOf({ leg, cti }: Stranger): string {
  return `${leg} ${cti}`;
}

async function findStrangers(
  db: Kysely<Tables>,
  airline: string,
  events: readonly JournalEvent[],
): Promise<readonly Stranger[]> {
  const used = new Map<string, Stranger>();
  for (const event of events) {
    const cti = usedCode(event);
    if (cti !== null) used.set(nameOf({ leg: event.leg, cti }), { leg: event.leg, cti });
  }
  if (used.size === 0) return [];
  const issued = await db
    .selectFrom('passenger')
    .select(['leg', 'cti'])
    .where('airline', '=', airline)
    .where('status', '=', 'enrolled')
    .where(
      'cti',
      'in',
      [...used.values()].map(({ cti }) => cti),
    )
    .execute();
  for (const row of issued) used.delete(nameOf(row));
  return [...used.values()];
}

/** Refused codes prove nothing and cost nobody anything. */
function usedCode(event: JournalEvent): string | null {
  if (event.ty === 'BILL_OPEN') return event.b.cti;
  return event.ty === 'CRED_SEEN' && 'qr' in event.b && event.b.code === undefined ? event.b.cti : null;
}

type Proof = Stranger & { readonly ts: number };

function proofOf(event: JournalEvent): Proof | null {
  if (event.ty !== 'CRED_SEEN' || !('qr' in event.b)) return null;
  const { cti, ts, code } = event.b;
  return ts === undefined || code !== undefined ? null : { leg: event.leg, cti, ts };
}

async function findSharedProofs(
  { db, seal }: Pick<Ground, 'db' | 'seal'>,
  { airline, dev }: JournalName,
  events: readonly JournalEvent[],
): Promise<SecondLook['sharedProofs']> {
  const proofs = events.flatMap((event) => proofOf(event) ?? []);
  if (proofs.length === 0) return [];
  const elsewhere = await db
    .selectFrom('event')
    .select(['dev', 'line', 'line_sealed'])
    .where('airline', '=', airline)
    .where('month', 'in', [...new Set(events.map(monthOfLine))])
    .where('leg', 'in', [...new Set(proofs.map(({ leg }) => leg))])
    .where('cti', 'in', [...new Set(proofs.map(({ cti }) => cti))])
    .where('ty', '=', 'CRED_SEEN')
    .where('dev', '!=', dev)
    .where('is_practice', '=', false)
    .execute();
  const keyOf = (proof: Proof): string => `${nameOf(proof)} ${proof.ts.toString()}`;
  const others = new Map<string, string>();
  for (const row of elsewhere) {
    const line = readRestingLine(seal, row);
    const event = line === null ? null : readLine(line);
    const proof = event === null ? null : proofOf(event);
    if (proof !== null) others.set(keyOf(proof), row.dev);
  }
  return proofs.flatMap((proof) => {
    const otherDev = others.get(keyOf(proof));
    return otherDev === undefined ? [] : [{ ...proof, otherDev }];
  });
}
