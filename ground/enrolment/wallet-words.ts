import type { EnrolmentRefusal } from '../web/phone-api.ts';
import type { WalletProblem } from '../wallets/wallet.ts';

/** What a passenger is told of a wallet's answer: never its own wording, and never more than it said. */
export function refusalFor(kind: WalletProblem['kind']): EnrolmentRefusal {
  switch (kind) {
    case 'not-accepted':
      return 'wallet-not-accepted';
    case 'overdue-orders':
      return 'wallet-overdue-orders';
    case 'too-many-open-orders':
      return 'wallet-too-many-open-orders';
    case 'youth-mode':
      return 'wallet-youth-mode';
    case 'not-permitted':
      return 'wallet-not-permitted';
    case 'no-answer':
    case 'too-fast':
    case 'bad-signature':
    // What follows is ours to mend, not the passenger's: it is logged, and trying later is all they can do.
    case 'wrong-state':
    case 'repeated-with-other-data':
    case 'over-cap':
    case 'deduction-running':
    case 'unknown-order':
    case 'rejected':
      return 'wallet-unreachable';
  }
}

/** Whether the order may exist at the wallet although its answer was no yes: then it is asked, and nothing is guessed. */
export function isUncertain(kind: WalletProblem['kind']): boolean {
  return ['no-answer', 'too-fast', 'bad-signature', 'wrong-state', 'repeated-with-other-data'].includes(kind);
}
