// What a phone keeps, and the one door to where it keeps it: IndexedDB in a browser, memory in a headless phone.
import type { BasketItem } from '../../../domain/basket/price-basket.ts';
import type { EnrolmentState, OpenFlight, PhoneOrder } from '../../web/phone-api.ts';
import type { SignUp } from '../sign-up/sign-up.ts';
import type { HolderKey } from '../web-crypto/web-crypto.ts';

/** One sign-up of this phone for one flight. */
export type KeptFlight = {
  /** Made on the phone, never sent. */
  readonly id: string;
  /** The phone's secret towards ground. */
  readonly token: string;
  readonly begunMs: number;
  readonly walletAddress: string;
  readonly open: OpenFlight;
  readonly seat: string;
  readonly wallet: number;
  /** Null where the browser cannot keep a key: the code is a static picture then. */
  readonly holder: HolderKey | null;
  /** What was filled in, until the wallet has agreed: for another try after a refusal. */
  readonly signUp: SignUp | null;
  readonly state: EnrolmentState;
  readonly order: { readonly order: PhoneOrder; readonly atMs: number } | null;
  /** What the passenger is choosing from the menu. */
  readonly choice: readonly BasketItem[];
  readonly answered: readonly AnsweredChallenge[];
  /** How far this phone's clock was ahead of ground's when they last spoke, ms; null before that. */
  readonly clockAheadMs: number | null;
  /** When the fly-mode test passed on this phone. */
  readonly flyModeTestedMs: number | null;
};

/** A till's challenge this phone has agreed to; `challenge` in hexadecimal. */
export type AnsweredChallenge = { readonly challenge: string; readonly atMs: number };

/** A journal line taken from a till and checked; it stays as it is until ground has it. */
export type KeptCopy = {
  readonly flightId: string;
  readonly dev: string;
  readonly ep: number;
  readonly seq: number;
  readonly line: string;
  readonly takenMs: number;
  readonly sent: 'not-yet' | 'kept' | 'not-yours' | 'not-genuine';
};

/** Every function rejects when the browser's storage fails: a page without storage cannot go on. */
export type PhoneStorage = {
  readonly flights: () => Promise<readonly KeptFlight[]>;
  readonly flight: (id: string) => Promise<KeptFlight | null>;
  readonly addFlight: (flight: KeptFlight) => Promise<void>;
  /** Reads, changes and writes in one transaction; nothing happens when the flight is gone. */
  readonly changeFlight: (id: string, change: (flight: KeptFlight) => KeptFlight) => Promise<void>;
  /** The flight, its key and its copies. */
  readonly forgetFlight: (id: string) => Promise<void>;
  /** Oldest first. */
  readonly copies: (flightId: string) => Promise<readonly KeptCopy[]>;
  /** False where the same line is there already; never overwrites one. */
  readonly addCopy: (copy: KeptCopy) => Promise<boolean>;
  readonly markSent: (copy: KeptCopy, sent: KeptCopy['sent']) => Promise<void>;
};

export function copyKey({ flightId, dev, ep, seq }: KeptCopy): string {
  return `${flightId}/${dev}.${ep.toString()}.${seq.toString().padStart(12, '0')}`;
}

export function byTaking(a: KeptCopy, b: KeptCopy): number {
  return a.takenMs - b.takenMs || a.seq - b.seq;
}
