// Arithmetic of one sale and of what is taken back from it (journal.md 5.1).
import type { EventBody } from '../journal/event.ts';

/** A sale and what corrections have taken back of it so far. */
export type KnownSale = {
  readonly body: EventBody<'SALE'>;
  takenBackMinor: number;
  readonly quantityTakenBack: number[];
};

/** `tot` must be the lines less the sale's own discounts; null when it is. */
export function findSaleFault({ lines, disc, tot }: EventBody<'SALE'>): string | null {
  const grossMinor = lines.reduce((sum, line) => sum + line.q * line.p, 0);
  const offMinor = disc.reduce((sum, discount) => sum + discount.amt, 0);
  if (lines.length === 0) return 'sale without lines';
  if (tot === grossMinor - offMinor) return null;
  return `sale of ${tot.toString()}, its lines less discounts come to ${(grossMinor - offMinor).toString()}`;
}

/**
 * What is wrong with a correction of `sale`, or null; the sale remembers what it took back either way. Each line may
 * be taken back once per quantity, and never more money than the sale still stands for.
 */
export function findCorrectionFault(
  ty: 'VOID' | 'REFUND' | 'DISCOUNT',
  correction: EventBody<'VOID'>,
  sale: KnownSale,
): string | null {
  const backMinor = -correction.tot;
  const leftMinor = sale.body.tot - sale.takenBackMinor;
  sale.takenBackMinor += backMinor;
  const lineFault = ty === 'DISCOUNT' ? null : takeLines(ty, correction, sale, backMinor);
  const { body } = sale;
  if (correction.bill !== body.bill || correction.cti !== body.cti) return `${ty} of a sale on another bill`;
  if (correction.tender !== body.tender) return `${ty} in ${correction.tender} of a sale in ${body.tender}`;
  if (correction.ccy !== body.ccy) return `${ty} in ${correction.ccy} of a sale in ${body.ccy}`;
  if (backMinor > leftMinor)
    return `${ty} of ${backMinor.toString()}, the sale stands at ${leftMinor.toString()}`;
  return lineFault;
}

function takeLines(
  ty: string,
  { lines }: EventBody<'VOID'>,
  sale: KnownSale,
  backMinor: number,
): string | null {
  let grossMinor = 0;
  let fault: string | null = null;
  for (const { i, q } of lines) {
    const line = sale.body.lines[i];
    const taken = (sale.quantityTakenBack[i] ?? 0) + q;
    if (line === undefined) {
      fault ??= `${ty} of line ${i.toString()}, which the sale does not have`;
      continue;
    }
    sale.quantityTakenBack[i] = taken;
    grossMinor += q * line.p;
    if (taken > line.q)
      fault ??= `${ty} takes back ${taken.toString()} of line ${i.toString()}, sold were ${line.q.toString()}`;
  }
  return (
    fault ??
    (backMinor > grossMinor ? `${ty} of ${backMinor.toString()} for lines of ${grossMinor.toString()}` : null)
  );
}
