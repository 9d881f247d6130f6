// A journal line as a row of `event`.
import type { Crypto } from '../../domain/crypto/crypto.ts';
import { readLegId } from '../../domain/flight.ts';
import { lineHash, readEnvelope, type RawEvent } from '../../domain/journal/line.ts';
import { storableText } from '../database/storable-text.ts';
import type { EventTable } from '../database/tables.ts';

/** With its line in clear; `event-line.ts` has it at rest. */
export type EventRow = Readonly<Omit<EventTable, 'line' | 'line_sealed'>> & { readonly line: string };

/** Where lines go whose month makes no sense: a terminal's clock may have said anything. */
const NO_MONTH = 200_001;
const FIRST_MONTH = 202_001;
const LAST_MONTH = 209_912;

/** The types that move money; only theirs is `tot_minor`, so that its sum is what it seems. */
const MONEY = new Set(['SALE', 'VOID', 'REFUND', 'DISCOUNT']);
const TENDERS = ['wallet', 'cash', 'elsewhere'] as const;

/**
 * The month a line belongs to, yyyymm: that of its leg, or of its own time where it has no leg (before a pack is
 * loaded). Depends on the line alone, so that it falls into the same partition whoever brings it.
 */
export function monthOfLine({ leg, t }: Pick<RawEvent, 'leg' | 't'>): number {
  const known = readLegId(leg);
  const date = new Date(known === null ? t : known.departureDay * 86_400_000);
  const month = date.getUTCFullYear() * 100 + date.getUTCMonth() + 1;
  return month >= FIRST_MONTH && month <= LAST_MONTH ? month : NO_MONTH;
}

/** `T-0042.3.1280` */
export function billIdOf({ dev, ep, seq }: Pick<RawEvent, 'dev' | 'ep' | 'seq'>): string {
  return `${dev}.${ep.toString()}.${seq.toString()}`;
}

/** The row of a line; null when it is no journal line. Says nothing about its signature. */
export function eventRowOf(
  line: string,
  {
    airline,
    source,
    crypto,
  }: { readonly airline: string; readonly source: EventTable['source']; readonly crypto: Crypto },
): EventRow | null {
  const raw = readEnvelope(line);
  if (raw === null) return null;
  const body = (typeof raw.b === 'object' && raw.b !== null ? raw.b : {}) as Record<string, unknown>;
  const text = (value: unknown): string | null =>
    typeof value === 'string' ? storableText(value).slice(0, 60) : null;
  const { dev, ep, seq, leg, ty, crew, t } = raw;
  const tot = body['tot'];
  return {
    airline,
    month: monthOfLine(raw),
    dev,
    ep,
    seq,
    hash: lineHash(line, crypto),
    line,
    leg: storableText(leg),
    ty: storableText(ty),
    bill: ty === 'BILL_OPEN' ? billIdOf(raw) : text(body['bill']),
    cti: text(body['cti']),
    crew: storableText(crew),
    t_ms: t,
    tot_minor: MONEY.has(ty) && typeof tot === 'number' && Number.isSafeInteger(tot) ? tot : null,
    tender: TENDERS.find((tender) => tender === body['tender']) ?? null,
    how: howOf(ty, body),
    is_practice: raw.tr === true,
    source,
  };
}

/** How a passenger was recognised; null for lines that recognise nobody. */
export function howOf(ty: string, body: Readonly<Record<string, unknown>>): string | null {
  const how = ty === 'CRED_SEEN' ? body['mode'] : ty === 'LOOKUP' ? body['how'] : null;
  return typeof how === 'string' ? storableText(how).slice(0, 20) : null;
}
