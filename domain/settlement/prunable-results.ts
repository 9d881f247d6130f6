// Which result files have nothing more to say. They name what passengers bought and owe, so they do not stay for ever; the
// journal does, and their hashes with it.
import { RESULT_FILES } from '../limits.ts';
import type { ResultFile } from './result-file.ts';
import {
  isSettled,
  lastSeqOf,
  settlementView,
  type SettlementFacts,
  type TakenResults,
} from './settlement-view.ts';

/**
 * Hashes of files that are older than `RESULT_FILES.keepMs`, on batches ground holds, with every bill final. The
 * newest deny-list stays until a pack brings one as new. Bills go together: a file stays as long as one that must stay names a
 * bill of it, or an older word on that bill would count again.
 *
 * @param packDenyVersion of the deny-list in use
 */
export function prunableResults(
  facts: SettlementFacts,
  results: TakenResults,
  { nowMs, packDenyVersion }: { readonly nowMs: number; readonly packDenyVersion: number },
): ReadonlySet<string> {
  const { bills } = settlementView(facts, results, new Set());
  const isFinal = (bill: string): boolean => {
    const settlement = bills[bill];
    const known = facts.bills.get(bill);
    return (
      settlement !== undefined &&
      known !== undefined &&
      isSettled(settlement) &&
      lastSeqOf(known) <= facts.ackSeq
    );
  };
  const files = [...results.values()];
  const newestList = files.reduce((version, { deny }) => Math.max(version, deny.version), 0);
  // The newest list also says, by not naming them, who has been cleared since an older one.
  const isDenialNeeded = ({ deny }: ResultFile): boolean =>
    deny.version === newestList && files.some((other) => other.deny.add.length > 0);
  const isDone = (file: ResultFile): boolean => {
    const batch = facts.exports.get(file.batchId);
    const isHeld = batch !== undefined && batch.to <= facts.ackSeq;
    const isDenialKnown = file.deny.version <= packDenyVersion || !isDenialNeeded(file);
    return (
      file.at < nowMs - RESULT_FILES.keepMs &&
      isHeld &&
      isDenialKnown &&
      file.bills.every(({ bill }) => isFinal(bill))
    );
  };
  const done = new Map([...results].filter(([, file]) => isDone(file)));
  for (;;) {
    const needed = new Set(
      [...results]
        .filter(([hash]) => !done.has(hash))
        .flatMap(([, file]) => file.bills.map(({ bill }) => bill)),
    );
    const held = [...done].filter(([, file]) => file.bills.some(({ bill }) => needed.has(bill)));
    if (held.length === 0) return new Set(done.keys());
    for (const [hash] of held) done.delete(hash);
  }
}
