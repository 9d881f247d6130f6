// The second half of an enrolment: the passenger's browser comes back from the wallet.
import { encodeUtf8 } from '../../domain/encoding/utf8.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { inTransaction } from '../database/in-transaction.ts';
import { enqueue } from '../jobs/jobs.ts';
import type { Ground } from '../ground.ts';
import type { EnrolmentRefusal } from '../web/phone-api.ts';
import type { WalletAdapter } from '../wallets/wallet.ts';
import { STATE_LIFE_MS } from './begin-enrolment.ts';
import { enrol, refuse } from './enrol.ts';
import type { PassengerRow } from './issue.ts';
import { mandateRequest, setUpMandate } from './mandate.ts';
import { findOpenFlight } from './open-flights.ts';
import { ACCOUNT_SEAL } from './personal-data.ts';
import { RESOLVE_AFTER_MS, RESOLVE_JOB } from './resolve-enrolment.ts';
import { isSameBrowser } from './sign-up-browser.ts';
import { refusalFor } from './wallet-words.ts';

/** What the wallet sent along; `code` is missing where the passenger said no. */
export type WalletReturn = {
  readonly airline: string;
  readonly wallet: number;
  readonly state: string;
  readonly code: string | null;
  /** The `Cookie` header of the browser that came back. */
  readonly cookies: string | undefined;
};

/**
 * Takes what came back. A state counts once: a reload, or a second tab, changes nothing. Whatever happens stands in the
 * enrolment, where the phone asks for it; only the database being away is thrown. In another browser than the one that
 * began, the answer is the same for every state, and the state can still be used where it belongs.
 */
export async function finishEnrolment(
  ground: Ground,
  back: WalletReturn,
): Promise<Result<void, 'other-browser'>> {
  if (!isSameBrowser(ground, back.cookies, back.state)) return fail('other-browser');
  await finishHere(ground, back);
  return ok(undefined);
}

async function finishHere(ground: Ground, back: WalletReturn): Promise<void> {
  const passenger = await claim(ground, back);
  if (passenger === null) return;
  const { cti } = passenger;
  const adapter = await ground.wallets(back.airline, back.wallet);
  if (adapter === null) {
    await refuseForGood(ground, cti, 'wallet-not-offered');
    return;
  }
  if (back.code === null) {
    await refuseForGood(ground, cti, 'wallet-not-permitted');
    return;
  }
  const account = await adapter.readAccount(back.code);
  if (!account.ok) {
    ground.log.warn('account-not-read', { ...account.error });
    await refuseForGood(ground, cti, refusalFor(account.error.kind));
    return;
  }
  await setUp(ground, adapter, await keepAccount(ground, passenger, account.value.account));
}

/** One caller gets the waiting enrolment; a job looks after it should that one not come to an end. */
async function claim(ground: Ground, { airline, wallet, state }: WalletReturn): Promise<PassengerRow | null> {
  return await inTransaction(ground, async ({ db, nowMs }) => {
    const row = await db
      .updateTable('passenger')
      .set({ wallet_state: null })
      .where('wallet_state', '=', state)
      .where('airline', '=', airline)
      .where('wallet', '=', wallet)
      .where('status', '=', 'waiting')
      .where('consented_at_ms', '>', nowMs() - STATE_LIFE_MS)
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) return null;
    const job = { kind: RESOLVE_JOB, key: row.cti, payload: {}, runAtMs: nowMs() + RESOLVE_AFTER_MS };
    await enqueue(db, job);
    return row;
  });
}

/** Kept before anything is set up, so that whoever finds the enrolment half done can finish it. */
async function keepAccount(
  ground: Ground,
  { cti, airline, wallet }: PassengerRow,
  account: string,
): Promise<PassengerRow> {
  const { db, seal } = ground;
  return await db
    .updateTable('passenger')
    .set({
      account_sealed: seal.seal(ACCOUNT_SEAL, encodeUtf8(account)),
      account_hash: seal.hashAccount(airline, wallet, account),
    })
    .where('cti', '=', cti)
    .returningAll()
    .executeTakeFirstOrThrow();
}

async function setUp(ground: Ground, adapter: WalletAdapter, passenger: PassengerRow): Promise<void> {
  const { cti } = passenger;
  const flight = await findOpenFlight(ground, passenger.leg);
  if (!flight.ok) {
    await refuseForGood(ground, cti, flight.error);
    return;
  }
  const request = mandateRequest(ground, passenger, flight.value);
  if (request === null) throw new Error('an account that was just kept does not open');
  const mandate = await setUpMandate(ground, adapter, request);
  if (!mandate.ok) {
    if (mandate.error.isUncertain) await refuse(ground, cti, mandate.error.why);
    else await refuseForGood(ground, cti, mandate.error.why);
    return;
  }
  const enrolled = await enrol(ground, cti);
  if (enrolled.ok) {
    ground.log.info('enrolled', { leg: passenger.leg, wallet: passenger.wallet });
    await forget(ground, cti);
    return;
  }
  // The order stands open and nobody will use it: the job releases it.
  if (enrolled.error !== 'not-waiting') await refuse(ground, cti, enrolled.error);
  const job = { kind: RESOLVE_JOB, key: cti, payload: {}, runAtMs: ground.nowMs() };
  await enqueue(ground.db, job);
}

/** Nothing was set up at the wallet. */
async function refuseForGood(ground: Ground, cti: string, why: EnrolmentRefusal): Promise<void> {
  await refuse(ground, cti, why);
  await forget(ground, cti);
}

/** Nothing is left to look after. */
async function forget({ db }: Ground, cti: string): Promise<void> {
  await db
    .deleteFrom('job')
    .where('kind', '=', RESOLVE_JOB)
    .where('key', '=', cti)
    .where('locked_by', 'is', null)
    .execute();
}
