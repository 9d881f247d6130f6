// Every wait between ground and a wallet (wallets.md), in ms.

/** Between two calls about one order. */
export const BETWEEN_CALLS_MS = 1000;
/** A worker that died leaves its order after this; longer than any call takes. */
export const LEASE_MS = 20_000;
/** Calls in one run of a job before it is put off. */
export const TRIES_A_RUN = 3;
/** Runs without an answer after which a person is told; it is tried on. */
export const MOST_TRIES = 6;
/** A wallet that is deducting cannot lower the amount meanwhile. */
export const DEDUCTION_WAIT_MS = 3 * 60_000;
/** After the scheduled arrival, what has come in by then is settled (settlement.md 6.5). */
export const READY_TIMER_MS = 24 * 3_600_000;

/** What has not been paid by then only a notice or a statement will tell. */
export const WATCHED_MS = 90 * 86_400_000;

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 10 * 60_000;
const FIRST_WATCH_MS = 2000;
const LONGEST_WATCH_MS = 6 * 3_600_000;

/** Doubling from 200 ms, but never sooner than the wallet allows. */
export function retryAfterMs(tries: number): number {
  return Math.max(BETWEEN_CALLS_MS, Math.min(FIRST_RETRY_MS * 2 ** Math.min(tries, 20), LONGEST_RETRY_MS));
}

/** How long to leave an order that is being collected before asking again: as long as it has stood so already. */
export function watchAfterMs(ageMs: number): number {
  return Math.max(FIRST_WATCH_MS, Math.min(ageMs, LONGEST_WATCH_MS));
}
