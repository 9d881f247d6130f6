// The wallet repeats a deduction until it succeeds (wallets.md); nobody else repeats it.
import { paysNow, type Person } from './people.ts';
import type { SimulatorTiming } from './timing.ts';

export type Deduction = {
  readonly since: number;
  readonly failed: number;
  readonly nextMs: number;
};

export function startDeduction(nowMs: number, timing: SimulatorTiming): Deduction {
  return { since: nowMs, failed: 0, nextMs: nowMs + timing.deductAfterMs };
}

/** Carries out all tries due by now: when it was paid, or how the deduction stands. */
export function runDeduction(
  deduction: Deduction,
  person: Person,
  nowMs: number,
  timing: SimulatorTiming,
): { readonly paidMs: number } | Deduction {
  let { failed, nextMs } = deduction;
  while (nextMs <= nowMs) {
    if (paysNow(person, failed, nextMs - deduction.since)) return { paidMs: nextMs };
    failed += 1;
    nextMs += Math.max(1, timing.deductEveryMs);
  }
  return { since: deduction.since, failed, nextMs };
}
