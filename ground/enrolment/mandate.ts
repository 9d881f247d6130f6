// The one order at the wallet that an enrolment sets up, asked for so that a lost answer never makes a second one.
import { flightNumber, readLegId } from '../../domain/flight.ts';
import { decodeUtf8 } from '../../domain/encoding/utf8.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { Ground } from '../ground.ts';
import type { MandateRequest, WalletAdapter, WalletOrderStatus, WalletProblem } from '../wallets/wallet.ts';
import type { EnrolmentRefusal } from '../web/phone-api.ts';
import type { PassengerRow } from './issue.ts';
import type { FlightRow } from './open-flights.ts';
import { ACCOUNT_SEAL } from './personal-data.ts';
import { isUncertain, refusalFor } from './wallet-words.ts';

export type MandateRefused = {
  readonly why: EnrolmentRefusal;
  /** An order may stand open at the wallet all the same; it is looked for later, and released. */
  readonly isUncertain: boolean;
};

/** Sets up the order, or finds it set up already. */
export async function setUpMandate(
  ground: Ground,
  adapter: WalletAdapter,
  request: MandateRequest,
): Promise<Result<null, MandateRefused>> {
  const first = await adapter.createMandate(request);
  if (first.ok) return judge(first.value);
  if (!isUncertain(first.error.kind)) return refuse(ground, first.error, false);
  const asked = await adapter.confirmStatus(request.orderNumber);
  if (asked.ok) return judge(asked.value);
  if (asked.error.kind !== 'unknown-order') return refuse(ground, asked.error, true);
  // The wallet does not know it: the same request once more, which it takes as one (wallets.md).
  const second = await adapter.createMandate(request);
  if (second.ok) return judge(second.value);
  return refuse(ground, second.error, isUncertain(second.error.kind));
}

/** In no-confirm mode an order that still wants the passenger's confirmation is one that was not accepted. */
function judge({ state }: WalletOrderStatus): Result<null, MandateRefused> {
  return state === 'open'
    ? ok(null)
    : fail({ why: 'wallet-not-accepted', isUncertain: state === 'unconfirmed' });
}

function refuse(
  { log }: Ground,
  { kind, code }: WalletProblem,
  isUncertainNow: boolean,
): Result<never, MandateRefused> {
  log.warn('mandate-refused', { kind, code });
  return fail({ why: refusalFor(kind), isUncertain: isUncertainNow });
}

/** The same bytes each time for one enrolment. Null: the account is not known yet, or purged. */
export function mandateRequest(
  { seal }: Pick<Ground, 'seal'>,
  passenger: PassengerRow,
  flight: FlightRow,
): MandateRequest | null {
  const sealed = passenger.account_sealed;
  const opened = sealed === null ? null : seal.open(ACCOUNT_SEAL, sealed);
  const account = opened === null ? null : decodeUtf8(opened);
  const leg = readLegId(flight.leg);
  if (account === null || leg === null) return null;
  return {
    orderNumber: passenger.order_number,
    account,
    capMinor: passenger.cum_minor,
    // At most 20 characters (wallets.md).
    introduction: `${flightNumber(leg)}机上购物`,
    startMs: flight.std_s * 1000,
    attach: `${flight.leg}.${passenger.seat}`,
  };
}
