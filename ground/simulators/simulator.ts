// What every wallet simulator offers beside the wallet's own HTTP: its address, its books, its switches. The same
// things stand under `/simulator/…` for another process (control-routes.ts).
import type { Fault, FaultList } from './faults.ts';
import type { NoticeSender } from './notice-sender.ts';
import type { People, PersonFacts } from './people.ts';
import type { SimulatorTiming } from './timing.ts';

export type { SimulatorTiming } from './timing.ts';

/** What one order came to at the wallet; amounts in minor units. */
export type BookedOrder = {
  readonly orderNumber: string;
  /** The wallet's number of the merchant. */
  readonly merchant: string;
  readonly account: string;
  /** The wallet's own words, joined by `/`. */
  readonly state: string;
  readonly capMinor: number;
  readonly totalMinor: number | null;
  /** What the wallet took from the person; nothing where they paid elsewhere. */
  readonly chargedMinor: number;
  readonly refundedMinor: number;
  readonly transactionId: string | null;
  /** How often a completion was carried out: more than once is a double charge. */
  readonly completes: number;
  /** How often one was asked for, refused ones too. */
  readonly completeCalls: number;
};

export type Books = {
  readonly orders: readonly BookedOrder[];
  readonly chargedMinor: number;
  readonly refundedMinor: number;
};

export type Simulator = {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  readonly control: SimulatorControl;
  readonly books: () => Books;
  readonly stop: () => Promise<void>;
};

export type SimulatorControl = {
  /** Takes up a merchant's keys, as its `make…Merchant` gives them; false where they are none of this wallet's. */
  readonly addMerchant: (merchant: unknown) => boolean;
  readonly addFault: (fault: Fault) => void;
  readonly clearFaults: () => void;
  /** How far the wallet's clock is ahead of ours; negative for behind. */
  readonly setClockSkewMs: (ms: number) => void;
  readonly addPerson: (person: PersonFacts) => void;
  /** The person pays what is being collected, from within the wallet. */
  readonly payInWallet: (orderNumber: string) => boolean;
  /** The person confirms an order that waits for it. */
  readonly confirm: (orderNumber: string) => boolean;
  /** The person takes back the permission. */
  readonly withdrawPermission: (account: string) => void;
  /** Carries out every deduction that is due by now. */
  readonly runDue: () => void;
  /** Resolves when no notice is on its way or waiting for another try. */
  readonly whenNoticesRest: () => Promise<void>;
};

export type SimulatorOptions<Merchant> = {
  /** 0 takes any free one. */
  readonly port: number;
  readonly host?: string;
  readonly merchants: readonly Merchant[];
  readonly nowMs?: () => number;
  readonly timing?: Partial<SimulatorTiming>;
};

/** The switches over the parts every simulator has. */
export function createControl(parts: {
  readonly faults: FaultList;
  readonly people: People;
  readonly ledger: Pick<SimulatorControl, 'payInWallet' | 'confirm' | 'runDue'>;
  readonly sender: NoticeSender;
  readonly addMerchant: (merchant: unknown) => boolean;
  readonly setSkew: (ms: number) => void;
}): SimulatorControl {
  const { faults, people, ledger, sender } = parts;
  return {
    addMerchant: parts.addMerchant,
    addFault: faults.add,
    clearFaults: faults.clear,
    setClockSkewMs: parts.setSkew,
    addPerson: people.add,
    payInWallet: ledger.payInWallet,
    confirm: ledger.confirm,
    withdrawPermission: (account) => {
      people.setPermitted(account, false);
    },
    runDue: ledger.runDue,
    whenNoticesRest: sender.whenAtRest,
  };
}

export function readBooks(runDue: () => void, orders: () => readonly BookedOrder[]): Books {
  runDue();
  const booked = orders();
  return {
    orders: booked,
    chargedMinor: booked.reduce((sum, order) => sum + order.chargedMinor, 0),
    refundedMinor: booked.reduce((sum, order) => sum + order.refundedMinor, 0),
  };
}
