// Alipay's codes in our words. Those of the trades are documented; those of the credit orders, marked, must be confirmed
// with the wallet before going live (docs/wallets.md).
import type { WalletProblem } from '../wallet.ts';

type Kind = WalletProblem['kind'];

const KINDS: Readonly<Record<string, Kind | undefined>> = {
  'ACQ.TRADE_NOT_EXIST': 'unknown-order',
  'ACQ.CONTEXT_INCONSISTENT': 'repeated-with-other-data',
  'ACQ.TRADE_HAS_SUCCESS': 'wrong-state',
  'ACQ.TRADE_HAS_CLOSE': 'wrong-state',
  'ACQ.TRADE_STATUS_ERROR': 'wrong-state',
  'ACQ.BUYER_BALANCE_NOT_ENOUGH': 'wrong-state',
  'ACQ.TOTAL_FEE_EXCEED': 'over-cap',
  'ACQ.SYSTEM_ERROR': 'no-answer',
  'aop.ACQ.SYSTEM_ERROR': 'no-answer',
  SYSTEM_ERROR: 'no-answer',
  'isp.unknow-error': 'no-answer',
  'isv.app-call-limited': 'too-fast',
  'isv.method-call-limited': 'too-fast',
  // To be confirmed:
  'ACQ.TRADE_PROCESSING': 'deduction-running',
  ORDER_NOT_EXIST: 'unknown-order',
  OUT_ORDER_NO_REPEAT: 'repeated-with-other-data',
  ORDER_STATUS_INVALID: 'wrong-state',
  AGREEMENT_INVALID: 'not-permitted',
  RISK_REJECT: 'not-accepted',
  USER_HAS_OVERDUE_ORDER: 'overdue-orders',
  USER_TEEN_MODE: 'youth-mode',
};

/** The service is not available: nothing is known of what was asked. */
const UNAVAILABLE = '20000';

export function problemOf(code: string, subCode: string | undefined): WalletProblem {
  const word = (subCode ?? code).slice(0, 60);
  const known = Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
  return { kind: known ?? (code === UNAVAILABLE ? 'no-answer' : 'rejected'), code: word };
}
