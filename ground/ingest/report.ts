// What a person is told about a batch.
import { orderNumber } from '../../domain/bill/order-number.ts';
import { readLegId } from '../../domain/flight.ts';
import type { FollowUpKind } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import { addFollowUp } from '../orders/follow-ups.ts';
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
    const why = `one proof of the phone was accepted by ${dev} and by ${otherDev}`;
    await addFollowUp(ground, { airline, kind: 'duplicate-proof', leg, orderNumber: number, dev }, why);
  }
  for (const leg of new Set(second.strangers.map((stranger) => stranger.leg))) {
    const codes = second.strangers.filter((stranger) => stranger.leg === leg).map(({ cti }) => cti);
    const why = `codes never issued for this flight: ${nameSome(codes)}`;
    await addFollowUp(ground, { airline, kind: 'unknown-passenger', leg, dev }, why);
  }
  if (judgement.isLost) {
    const why = 'a batch of the lost terminal came; copies of passengers agree with it';
    await addFollowUp(ground, { airline, kind: 'lost-terminal', dev }, why);
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
  const why = `copies of lines ${nameSome(seqs.map(String))}, which its journal ends before`;
  await addFollowUp(ground, { airline, kind: 'head-behind-receipt', leg, dev }, why);
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

function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${(names.length - 5).toString()} more` : shown;
}
