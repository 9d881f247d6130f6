// What a person is told about a batch.
import { orderNumber } from '../../domain/bill/order-number.ts';
import { readLegId } from '../../domain/flight.ts';
import type { FollowUpKind } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import { addFollowUp } from '../orders/follow-ups.ts';
import { reason } from '../web/reasons.ts';
import { findBeyondHead } from './head-check.ts';
import type { JournalName } from './journal-rows.ts';
import type { Judgement } from './judge-file.ts';
import type { SecondLook } from './second-look.ts';

type ReportedBatch = {
  readonly judgement: Judgement;
  readonly second: SecondLook;
  readonly setAside: readonly { readonly leg: string; readonly bill: string | null; readonly why: string }[];
};

export async function reportBatch(
  ground: Ground,
  { airline, dev, ep }: JournalName,
  { judgement, second, setAside }: ReportedBatch,
): Promise<void> {
  for (const { leg, bill, why } of setAside) {
    await addFollowUp(ground, { airline, kind: 'set-aside', leg, bill, dev }, why);
  }
  for (const { leg, cti, otherDev } of second.sharedProofs) {
    const flight = readLegId(leg);
    const number = flight === null ? null : orderNumber(flight, cti);
    const why = reason('shared-proof', { dev, other: otherDev });
    await addFollowUp(ground, { airline, kind: 'duplicate-proof', leg, orderNumber: number, dev }, why.text);
  }
  for (const leg of new Set(second.strangers.map((stranger) => stranger.leg))) {
    const codes = second.strangers.filter((stranger) => stranger.leg === leg).map(({ cti }) => cti);
    const { text, n } = nameSome(codes);
    const why =
      n > 0
        ? reason('codes-not-issued-more', { codes: text, n })
        : reason('codes-not-issued', { codes: text });
    await addFollowUp(ground, { airline, kind: 'unknown-passenger', leg, dev }, why.text);
  }
  if (judgement.isLost) {
    await addFollowUp(ground, { airline, kind: 'lost-terminal', dev }, reason('lost-came').text);
  }
  for (const { leg, seqs } of await findBeyondHead(ground.db, { airline, dev, ep })) {
    await reportBeyondHead(ground, { airline, dev, leg, seqs });
  }
}

/** threats.md 44: the terminal closed the flight without lines that somebody holds a signed copy of. */
export async function reportBeyondHead(
  ground: Ground,
  about: { airline: string; dev: string; leg: string; seqs: readonly number[] },
): Promise<void> {
  const { airline, dev, leg, seqs } = about;
  const { text, n } = nameSome(seqs.map(String));
  const why = n > 0 ? reason('beyond-head-more', { lines: text, n }) : reason('beyond-head', { lines: text });
  await addFollowUp(ground, { airline, kind: 'head-behind-receipt', leg, dev }, why.text);
}

const KIND_OF: Readonly<Partial<Record<string, FollowUpKind>>> = {
  FORK: 'fork',
  FORGED: 'forged',
  TOTALS: 'totals',
};

export async function reportRefusal(ground: Ground, airline: string, judgement: Judgement): Promise<void> {
  const { status, manifest, isLost } = judgement;
  const kind = isLost ? 'lost-terminal' : KIND_OF[status];
  if (kind === undefined) return;
  const why = `${status}: ${judgement.why ?? ''}`;
  await addFollowUp(ground, { airline, kind, dev: manifest?.dev ?? null }, why);
}

/** The first few, and how many more there are. */
function nameSome(names: readonly string[]): { readonly text: string; readonly n: number } {
  return { text: names.slice(0, 5).join(', '), n: Math.max(0, names.length - 5) };
}
