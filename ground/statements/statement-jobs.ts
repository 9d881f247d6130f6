// Every merchant's statement of yesterday, fetched by itself: wallets have it the next day after 10:00 of their time.
import { WALLET_OFFSET_MINUTES } from '../../domain/instant.ts';
import type { Ground } from '../ground.ts';
import { enqueue } from '../jobs/jobs.ts';
import type { JobHandlers } from '../jobs/run-jobs.ts';
import { fetchStatement } from './import-statement.ts';

const DAY_MS = 86_400_000;
/** Half past ten: not everybody's is ready on the dot. */
const READY_AFTER_MS = 10.5 * 3_600_000;

/** Keys: `all`; `9C 1 2026-11-22`. */
export const statementJobs: JobHandlers = {
  'plan-statements': async (ground) => {
    await planStatements(ground);
  },
  'fetch-statement': async (ground, { key }) => {
    const [airline = '', wallet = '', day = ''] = key.split(' ');
    const fetched = await fetchStatement(ground, airline, Number(wallet), day);
    if (fetched.ok) {
      ground.log.info('statement', { airline, wallet: Number(wallet), day, ...fetched.value });
      return;
    }
    if (fetched.error.kind === 'no-merchant') return;
    // Waits longer each time, and is shown among the jobs that fail.
    throw new Error(`the statement of ${key}: ${fetched.error.kind}`);
  },
};

/** Called once when ground starts; the plan then asks for itself, each day. */
export async function startStatementRounds({ db, nowMs }: Ground): Promise<void> {
  await enqueue(db, { kind: 'plan-statements', key: 'all', payload: {}, runAtMs: nowMs() });
}

/** The wallet's newest day with a statement, and when the next one comes. */
export function statementDay(nowMs: number): { readonly day: string; readonly nextMs: number } {
  const localMs = nowMs + WALLET_OFFSET_MINUTES * 60_000;
  const today = Math.floor((localMs - READY_AFTER_MS) / DAY_MS);
  const day = new Date((today - 1) * DAY_MS).toISOString().slice(0, 10);
  return { day, nextMs: (today + 1) * DAY_MS + READY_AFTER_MS - WALLET_OFFSET_MINUTES * 60_000 };
}

async function planStatements(ground: Ground): Promise<void> {
  const { db, nowMs } = ground;
  const { day, nextMs } = statementDay(nowMs());
  const merchants = await db.selectFrom('merchant').select(['airline', 'wallet']).execute();
  for (const { airline, wallet } of merchants) {
    const key = `${airline} ${wallet.toString()} ${day}`;
    await enqueue(db, { kind: 'fetch-statement', key, payload: {}, runAtMs: nowMs() });
  }
  await enqueue(db, { kind: 'plan-statements', key: 'all', payload: {}, runAtMs: nextMs });
}
