// Every way in which an intent can be refused. The renderer has words for each kind in each language
// (`renderer/messages`), so a new kind does not compile without them. Values travel by structured clone.
import type { FlightLeg } from './flight.ts';

/** Refusals of a scanned text (cabin-code.md 2.4), plus what crews hold up by mistake. */
export type ScanProblem =
  | { readonly kind: 'code-format' }
  | { readonly kind: 'code-is-payment-code' }
  | { readonly kind: 'code-is-boarding-pass' }
  | { readonly kind: 'code-size' }
  | { readonly kind: 'code-cbor' }
  | { readonly kind: 'code-alg' }
  | { readonly kind: 'code-unknown-issuer' }
  | { readonly kind: 'code-bad-signature' }
  | { readonly kind: 'code-schema' }
  | { readonly kind: 'code-version' }
  | { readonly kind: 'code-issuer-scope' }
  | { readonly kind: 'code-issuer-key-time' }
  | { readonly kind: 'code-lifetime' }
  | { readonly kind: 'code-not-yet'; readonly fromMs: number }
  | { readonly kind: 'code-expired'; readonly untilMs: number }
  | { readonly kind: 'code-gate' }
  | { readonly kind: 'code-wrong-flight'; readonly flight: FlightLeg }
  | { readonly kind: 'code-denied' }
  | { readonly kind: 'code-proof' }
  | { readonly kind: 'code-proof-old' }
  | { readonly kind: 'code-proof-future' }
  | { readonly kind: 'code-replay' }
  | { readonly kind: 'code-static-forbidden' }
  | { readonly kind: 'code-static-elsewhere' }
  /** A `CO1:` code: the passenger's choice of items. */
  | { readonly kind: 'order-code-bad' };

/** Refusals of a sale or a correction. */
export type SaleProblem =
  | { readonly kind: 'basket-empty' }
  | { readonly kind: 'basket-too-long'; readonly most: number }
  | { readonly kind: 'bad-quantity'; readonly sku: string }
  | { readonly kind: 'unknown-item'; readonly sku: string }
  | { readonly kind: 'basket-changed' }
  | { readonly kind: 'bill-unknown' }
  | { readonly kind: 'scan-again' }
  | { readonly kind: 'seat-check-needed' }
  | { readonly kind: 'over-allowance'; readonly leftMinor: number; readonly currency: string }
  | { readonly kind: 'over-per-sale'; readonly limitMinor: number; readonly currency: string }
  | { readonly kind: 'too-many-sales'; readonly most: number }
  | { readonly kind: 'over-terminal-cap'; readonly leftMinor: number; readonly currency: string }
  | { readonly kind: 'over-unlisted-cap'; readonly leftMinor: number; readonly currency: string }
  /** The passenger confirmed another amount on the phone than the basket comes to now. */
  | { readonly kind: 'amount-not-confirmed'; readonly confirmedMinor: number; readonly currency: string }
  | { readonly kind: 'wallet-rule'; readonly rule: WalletRule }
  | { readonly kind: 'sale-unknown' }
  | { readonly kind: 'sale-already-void' }
  | { readonly kind: 'sale-handed-over' }
  | { readonly kind: 'flight-closed' };

/** The wallet rules a bill must satisfy before it is sealed (product.md, wallets.md). */
export type WalletRule =
  | 'order-number'
  | 'too-many-payments'
  | 'too-many-discounts'
  | 'payment-name'
  | 'payment-description'
  | 'payment-count'
  | 'payment-amount'
  | 'discount-name'
  | 'discount-description'
  | 'total'
  | 'time-range'
  | 'attach';

/** Refusals at the gate. */
export type GateProblem =
  | { readonly kind: 'basket-open'; readonly seats: readonly string[] }
  | { readonly kind: 'slips-not-printed'; readonly count: number }
  | { readonly kind: 'flight-not-closed' }
  | { readonly kind: 'unused-unknown'; readonly dev: string }
  | { readonly kind: 'volume-unknown' }
  | {
      readonly kind: 'export-failed';
      readonly why: 'disk-full' | 'read-only' | 'not-readable-back' | 'no-key' | 'other';
    };

/** Refusals of a result file (settlement.md 6.7). */
export type ResultProblem =
  | { readonly kind: 'results-not-found' }
  | { readonly kind: 'result-unreadable' }
  | { readonly kind: 'result-forged' }
  | { readonly kind: 'result-not-ours' }
  | { readonly kind: 'result-unknown-batch' }
  | { readonly kind: 'result-beyond-head' }
  | { readonly kind: 'result-not-kept' };

/** The terminal itself cannot do it. */
export type TerminalProblem =
  | { readonly kind: 'journal-full' }
  | { readonly kind: 'journal-read-only' }
  | { readonly kind: 'journal-failed' }
  | { readonly kind: 'disk-nearly-full' }
  | { readonly kind: 'sign-unavailable' }
  | { readonly kind: 'clock-bad'; readonly nowMs: number }
  | { readonly kind: 'printer-not-set' }
  | { readonly kind: 'settings-not-saved' }
  | { readonly kind: 'bad-request' }
  | { readonly kind: 'too-fast' };

/** Why the till cannot open for duty at all; each has a screen of its own. */
export type StartProblem =
  | { readonly kind: 'not-provisioned' }
  | { readonly kind: 'certificate-bad'; readonly why: string }
  | { readonly kind: 'trust-list-bad'; readonly why: string }
  | { readonly kind: 'pack-missing' }
  | { readonly kind: 'pack-bad'; readonly file: string; readonly why: string }
  | { readonly kind: 'pack-expired'; readonly untilMs: number; readonly nowMs: number }
  | { readonly kind: 'pack-older-than-journal' }
  | { readonly kind: 'journal-fork'; readonly seq: number }
  | { readonly kind: 'journal-damaged'; readonly seq: number }
  | { readonly kind: 'journal-from-the-future' }
  | { readonly kind: 'data-folder-not-writable' };

export type Problem =
  ScanProblem | SaleProblem | GateProblem | ResultProblem | TerminalProblem | StartProblem;
