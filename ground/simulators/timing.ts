// How long the simulated wallets take; a demo speeds them up.

export type SimulatorTiming = {
  /** From completion to the first deduction. */
  readonly deductAfterMs: number;
  /** Between deductions that failed. */
  readonly deductEveryMs: number;
  /** Waits before each further try of a notice that was not answered. */
  readonly noticeRetryMs: readonly number[];
  /** How long a notice may take to be answered. */
  readonly noticeTimeoutMs: number;
  /** From completion until an unpaid order blocks new ones. */
  readonly overdueAfterMs: number;
};

export const DEFAULT_TIMING: SimulatorTiming = {
  deductAfterMs: 1000,
  deductEveryMs: 3000,
  noticeRetryMs: [500, 1000, 2000, 4000, 8000],
  noticeTimeoutMs: 5000,
  overdueAfterMs: 7 * 86_400_000,
};
