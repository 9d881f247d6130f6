import type { LegTotals } from '../journal/event.ts';
import { fail, ok } from '../result.ts';
import type { Decision } from './decide-scan.ts';
import type { TillContext } from './till-context.ts';
import type { EventDraft, TillState } from './till-state.ts';

/** What the journal adds up to for the leg, read from its lines and not from any projection. */
export type LegCount = {
  readonly totals: readonly LegTotals[];
  readonly counts: Readonly<Record<string, number>>;
};

/**
 * Closes every bill and the flight. Slips still waiting hold it up unless the crew accepts that they stay unprinted:
 * a dead printer must not keep the money in the aircraft.
 */
export function decideClose(
  state: TillState,
  /** `unused`: roster terminals the purser says never left their drawer. */
  intent: { readonly acceptUnprinted: boolean; readonly unused: readonly string[] },
  count: LegCount,
  context: TillContext,
): Decision<{ readonly leg: string }> {
  const { leg } = context.pack.manifest;
  if (state.flightClosedAt.has(leg)) return { drafts: [], outcome: fail({ kind: 'flight-closed' }) };
  const roster = context.pack.manifest.devices.map(({ dev }) => dev);
  const stranger = intent.unused.find((dev) => dev === context.dev || !roster.includes(dev));
  if (stranger !== undefined) return { drafts: [], outcome: fail({ kind: 'unused-unknown', dev: stranger }) };
  if (state.unprinted.size > 0 && !intent.acceptUnprinted) {
    return { drafts: [], outcome: fail({ kind: 'slips-not-printed', count: state.unprinted.size }) };
  }
  const closings: EventDraft[] = [...state.bills.values()]
    .filter((bill) => bill.isOpen && bill.leg === leg)
    .map((bill) => ({ ty: 'BILL_CLOSE', b: { bill: bill.bill, tot: bill.spentMinor, ccy: bill.currency } }));
  const drafts: EventDraft[] = [
    ...closings,
    {
      ty: 'FLIGHT_CLOSE',
      b: { totals: [...count.totals], counts: { ...count.counts }, unused: [...new Set(intent.unused)] },
    },
  ];
  return { drafts, outcome: ok({ leg }) };
}
