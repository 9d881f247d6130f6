// The handshake at start: ledger and journal tell each other where they stand, and whichever is behind is filled.
import type { Refusal, StartAnswer, TillBridge } from '../../bridge/contract.ts';
import type { Problem } from '../../domain/problem.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { applyLines } from './apply-lines.ts';
import { clearRecorded, readLedgerHead, readLines } from './ledger-head.ts';
import type { LedgerFault } from './ledger-writer.ts';
import type { Ledger } from './open-ledger.ts';

export type ReadyAnswer = Extract<StartAnswer, { kind: 'ready' }>;

export type CatchUpFault =
  LedgerFault | { readonly kind: 'refused'; readonly problem: Problem } | { readonly kind: 'no-progress' };

/** `offerLines` takes at most this many at a time (contract.ts). */
const LINES_PER_OFFER = 500;
/** Sending lines makes main start again; more rounds than these mean the two will never agree. */
const MAX_ROUNDS = 4;
const TOO_FAST_PAUSE_MS = 100;

/** Asks main to start and brings the ledger to the journal's head, or the journal to the ledger's. */
export async function catchUp(
  ledger: Ledger,
  bridge: Pick<TillBridge, 'call'>,
): Promise<Result<ReadyAnswer, CatchUpFault>> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const answer = await bridge.call('start', { ledger: await readLedgerHead(ledger) });
    if (answer.kind === 'blocked') return fail({ kind: 'refused', problem: answer.problem });
    if (answer.kind === 'ready') return await follow(ledger, bridge, answer);
    const sent = await sendLines(ledger, bridge, answer.from);
    if (!sent.ok) return sent;
  }
  return fail({ kind: 'no-progress' });
}

async function sendLines(
  ledger: Ledger,
  bridge: Pick<TillBridge, 'call'>,
  from: number,
): Promise<Result<null, CatchUpFault>> {
  for (let next = from; ;) {
    const lines = await readLines(ledger, next, LINES_PER_OFFER);
    if (lines.length === 0) return ok(null);
    const answer = await insist(() => bridge.call('offerLines', { lines: [...lines] }));
    if (!answer.ok) return fail({ kind: 'refused', problem: answer.error.problem });
    next += lines.length;
  }
}

async function follow(
  ledger: Ledger,
  bridge: Pick<TillBridge, 'call'>,
  answer: ReadyAnswer,
): Promise<Result<ReadyAnswer, CatchUpFault>> {
  if (answer.ledger.kind === 'rebuild') await clearRecorded(ledger);
  let lines = answer.ledger.lines;
  for (let before = -1; ;) {
    const outcome = await applyLines(ledger, lines);
    if (outcome.kind === 'conflict') return fail(outcome);
    const head = outcome.kind === 'gap' ? outcome.from - 1 : outcome.head;
    if (head >= answer.ledger.head) return ok(answer);
    if (head === before) return fail({ kind: 'no-progress' });
    before = head;
    const more = await insist(() => bridge.call('linesFrom', { from: head + 1 }));
    if (!more.ok) return fail({ kind: 'refused', problem: more.error.problem });
    lines = more.value.lines;
  }
}

/** A long journal comes in more calls than main takes in a second (hardening.md 7.2). */
async function insist<T>(call: () => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>> {
  for (;;) {
    const answer = await call();
    if (answer.ok || answer.error.problem.kind !== 'too-fast') return answer;
    await new Promise((resolve) => setTimeout(resolve, TOO_FAST_PAUSE_MS));
  }
}
