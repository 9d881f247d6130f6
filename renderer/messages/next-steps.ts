import type { CrewProblem, CrewProblemKind } from '../till/crew-problem.ts';

/** What a refusal offers as a button. The first of a problem's steps is the big one. */
export type NextStep =
  | 'scan-again'
  | 'back-to-basket'
  | 'other-passenger'
  /** The passenger agrees to the amount on the phone (amount-confirmed mode). */
  | 'ask-confirmation'
  | 'check-seat'
  | 'see-bills'
  | 'new-basket'
  | 'to-flight'
  | 'to-devices'
  | 'finish-baskets'
  | 'close-anyway'
  | 'see-slips'
  | 'choose-volume'
  | 'try-again'
  | 'dismiss';

const STEPS: Readonly<Record<CrewProblemKind, readonly [NextStep, ...NextStep[]]>> = {
  'code-format': ['scan-again', 'back-to-basket'],
  'code-is-payment-code': ['scan-again', 'back-to-basket'],
  'code-is-boarding-pass': ['scan-again', 'back-to-basket'],
  'code-size': ['scan-again', 'back-to-basket'],
  'code-cbor': ['scan-again', 'back-to-basket'],
  'code-alg': ['scan-again', 'back-to-basket'],
  'code-unknown-issuer': ['scan-again', 'back-to-basket'],
  'code-bad-signature': ['scan-again', 'back-to-basket'],
  'code-schema': ['scan-again', 'back-to-basket'],
  'code-version': ['scan-again', 'back-to-basket'],
  'code-issuer-scope': ['scan-again', 'back-to-basket'],
  'code-issuer-key-time': ['scan-again', 'back-to-basket'],
  'code-lifetime': ['scan-again', 'back-to-basket'],
  'code-not-yet': ['scan-again', 'back-to-basket'],
  'code-expired': ['scan-again', 'back-to-basket'],
  'code-gate': ['scan-again', 'back-to-basket'],
  'code-wrong-flight': ['scan-again', 'back-to-basket'],
  'code-denied': ['other-passenger', 'back-to-basket'],
  'code-proof': ['scan-again', 'back-to-basket'],
  'code-proof-old': ['scan-again', 'back-to-basket'],
  'code-proof-future': ['scan-again', 'back-to-basket'],
  'code-replay': ['scan-again', 'back-to-basket'],
  'code-static-forbidden': ['scan-again', 'back-to-basket'],
  'code-static-elsewhere': ['scan-again', 'back-to-basket'],
  'order-code-bad': ['scan-again', 'back-to-basket'],
  'basket-empty': ['back-to-basket'],
  'basket-too-long': ['back-to-basket'],
  'bad-quantity': ['back-to-basket'],
  'unknown-item': ['back-to-basket'],
  'basket-changed': ['see-bills', 'new-basket'],
  'bill-unknown': ['scan-again', 'back-to-basket'],
  'scan-again': ['scan-again', 'back-to-basket'],
  'seat-check-needed': ['check-seat', 'back-to-basket'],
  'over-allowance': ['ask-confirmation', 'back-to-basket', 'other-passenger'],
  'over-per-sale': ['ask-confirmation', 'back-to-basket', 'other-passenger'],
  'too-many-sales': ['ask-confirmation', 'other-passenger', 'back-to-basket'],
  'over-terminal-cap': ['back-to-basket', 'to-flight'],
  'over-unlisted-cap': ['back-to-basket', 'other-passenger'],
  'amount-not-confirmed': ['ask-confirmation', 'back-to-basket'],
  'wallet-rule': ['back-to-basket', 'other-passenger'],
  'sale-unknown': ['see-bills', 'dismiss'],
  'sale-already-void': ['see-bills', 'dismiss'],
  'sale-handed-over': ['see-bills', 'dismiss'],
  'flight-closed': ['to-flight', 'dismiss'],
  'basket-open': ['finish-baskets', 'dismiss'],
  'slips-not-printed': ['see-slips', 'close-anyway'],
  'flight-not-closed': ['to-flight', 'dismiss'],
  'unused-unknown': ['to-flight', 'dismiss'],
  'volume-unknown': ['choose-volume', 'dismiss'],
  'export-failed': ['choose-volume', 'dismiss'],
  'results-not-found': ['choose-volume', 'dismiss'],
  'result-unreadable': ['choose-volume', 'dismiss'],
  'result-forged': ['dismiss'],
  'result-not-ours': ['dismiss'],
  'result-unknown-batch': ['dismiss'],
  'result-beyond-head': ['dismiss'],
  'result-not-kept': ['try-again', 'dismiss'],
  'journal-full': ['to-flight', 'dismiss'],
  'journal-read-only': ['try-again', 'dismiss'],
  'journal-failed': ['dismiss'],
  'disk-nearly-full': ['to-flight', 'dismiss'],
  'sign-unavailable': ['try-again', 'dismiss'],
  'clock-bad': ['try-again', 'dismiss'],
  'printer-not-set': ['to-devices', 'dismiss'],
  'settings-not-saved': ['try-again', 'dismiss'],
  'bad-request': ['try-again', 'dismiss'],
  'too-fast': ['try-again', 'dismiss'],
  'not-provisioned': ['try-again'],
  'certificate-bad': ['try-again'],
  'trust-list-bad': ['try-again'],
  'pack-missing': ['try-again'],
  'pack-bad': ['try-again'],
  'pack-expired': ['try-again'],
  'pack-older-than-journal': ['try-again'],
  'journal-fork': ['try-again'],
  'journal-damaged': ['try-again'],
  'journal-from-the-future': ['try-again'],
  'data-folder-not-writable': ['try-again'],
  'order-not-sold': ['scan-again', 'back-to-basket'],
  'scan-cut-short': ['scan-again', 'back-to-basket'],
  'call-failed': ['try-again', 'dismiss'],
  'ledger-unavailable': ['try-again'],
};

/** The steps a problem offers, best first. */
export function stepsFor(problem: CrewProblem): readonly [NextStep, ...NextStep[]] {
  return STEPS[problem.kind];
}
