// Journal lines at rest. Those of types that name a passenger are sealed, and deleted when their time is over; the rest,
// the money among them, names nobody and stays verbatim for good.
import { decodeUtf8, encodeUtf8 } from '../../domain/encoding/utf8.ts';
import { isEventType, type EventType } from '../../domain/journal/event.ts';
import type { EventTable } from '../database/tables.ts';
import type { Seal } from '../secrets/seal.ts';

export const LINE_SEAL = 'journal-line';

/** The line itself, or what is left of it. */
export type LineAtRest = Pick<EventTable, 'line' | 'line_sealed'>;

/** CRED_SEEN has the whole code, with the masked name in it; BILL_OPEN the masked name; both it and LOOKUP the seat. */
const NAMES_PASSENGER: ReadonlySet<EventType> = new Set(['CRED_SEEN', 'LOOKUP', 'BILL_OPEN']);

/** Also for types this version does not know: they may hold anything. */
export function namesPassenger(ty: string): boolean {
  return !isEventType(ty) || NAMES_PASSENGER.has(ty);
}

export function restLine(
  seal: Seal,
  { ty, line }: { readonly ty: string; readonly line: string },
): LineAtRest {
  if (!namesPassenger(ty)) return { line, line_sealed: null };
  return { line: null, line_sealed: seal.seal(LINE_SEAL, encodeUtf8(line)) };
}

/** Null: it was purged, or sealed under another master key. */
export function readRestingLine(seal: Seal, { line, line_sealed: sealed }: LineAtRest): string | null {
  if (line !== null || sealed === null) return line;
  const opened = seal.open(LINE_SEAL, sealed);
  return opened === null ? null : decodeUtf8(opened);
}
