import type { BillSale } from '../bill/bill.ts';
import type { VOID_REASONS } from '../journal/event.ts';
import type { Problem } from '../problem.ts';
import { fail, ok, type Result } from '../result.ts';
import type { Decision } from './decide-scan.ts';
import type { TillContext } from './till-context.ts';
import type { TillState } from './till-state.ts';
import type { Bill } from '../bill/bill.ts';

type OpenSale = { readonly bill: Bill; readonly sale: BillSale };

/** A whole sale taken back before it was handed over; a refund (after hand-over) is another event. */
export function decideVoid(
  state: TillState,
  intent: { readonly seq: number; readonly reason: (typeof VOID_REASONS)[number] },
  context: TillContext,
): Decision<{ readonly bill: string; readonly seq: number }> {
  const found = findOpenSale(state, intent.seq, context);
  if (!found.ok) return { drafts: [], outcome: found };
  const { bill, sale } = found.value;
  const draft = {
    ty: 'VOID' as const,
    b: {
      bill: bill.bill,
      cti: bill.cti,
      ref: sale.seq,
      lines: sale.lines.map((line, i) => ({ i, q: line.q })),
      tot: -(sale.totalMinor - sale.voidedMinor),
      ccy: bill.currency,
      reason: intent.reason,
      tender: sale.tender,
    },
  };
  return { drafts: [draft], outcome: ok({ bill: bill.bill, seq: state.headSeq + 1 }) };
}

/** The goods are in the passenger's hands: from here on a void is no longer possible. */
export function decideHandOver(
  state: TillState,
  intent: { readonly seq: number },
  context: TillContext,
): Decision<{ readonly bill: string }> {
  const found = findOpenSale(state, intent.seq, context);
  if (!found.ok) return { drafts: [], outcome: found };
  const { bill, sale } = found.value;
  return {
    drafts: [{ ty: 'DELIVERED', b: { bill: bill.bill, ref: sale.seq } }],
    outcome: ok({ bill: bill.bill }),
  };
}

function findOpenSale(state: TillState, seq: number, context: TillContext): Result<OpenSale, Problem> {
  const bill = state.bills.get(state.billOfSeq.get(seq) ?? '');
  const sale = bill?.sales.find((candidate) => candidate.seq === seq);
  if (bill === undefined || sale === undefined) return fail({ kind: 'sale-unknown' });
  if (!bill.isOpen || bill.leg !== context.pack.manifest.leg) return fail({ kind: 'flight-closed' });
  if (sale.corrections.length > 0) return fail({ kind: 'sale-already-void' });
  if (sale.isDelivered) return fail({ kind: 'sale-handed-over' });
  return ok({ bill, sale });
}
