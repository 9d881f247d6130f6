// Ledgers in memory and real, signed journal lines to fill them with.
import 'fake-indexeddb/auto';
import * as nodeCrypto from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { LedgerLine } from '../../../bridge/contract.ts';
import type { PassengerCard } from '../../../domain/bill/passenger-card.ts';
import { deleteLedger, openLedger, type Ledger } from '../../../renderer/ledger/open-ledger.ts';
import {
  createScene,
  openBill,
  openFlight,
  personAt,
  saleBody,
  startJournal,
  voidBody,
  type Scene,
} from '../../domain/settlement/journal-scene.ts';

export function newLedgerName(): string {
  return `ledger-${nodeCrypto.randomUUID()}`;
}

/** An open ledger that goes when the test does. */
export async function openTestLedger(name: string = newLedgerName()): Promise<Ledger> {
  const opened = await openLedger(name);
  if (!opened.ok) throw new Error(opened.error);
  onTestFinished(async () => {
    opened.value.tables.close();
    await deleteLedger(name);
  });
  return opened.value;
}

export type Flown = {
  readonly scene: Scene;
  readonly lines: readonly LedgerLine[];
  readonly bill: string;
  /** Number of the basket the first sale was made of. */
  readonly basket: string;
  readonly saleSeqs: readonly [number, number];
};

/** A flight with one passenger, two sales, the first of them void. */
export function flyShortFlight(): Flown {
  const scene = createScene();
  const journal = startJournal(scene);
  openFlight(scene, journal);
  const passenger = openBill(scene, journal, personAt(scene, '12C'));
  const first = saleBody(passenger);
  const firstSeq = journal.add('SALE', first);
  const secondSeq = journal.add('SALE', saleBody(passenger));
  journal.add('VOID', voidBody(passenger, firstSeq, first));
  return {
    scene,
    lines: journal.lines.map((line, i) => ({ seq: i + 1, line })),
    bill: passenger.id,
    basket: first.basket,
    saleSeqs: [firstSeq, secondSeq],
  };
}

export function cardFor(bill: string, change: Partial<PassengerCard> = {}): PassengerCard {
  return {
    bill,
    cti: '00112233445566aa',
    seat: '12C',
    name: 'WA**/J',
    wallet: 1,
    tier: 0,
    mode: 'dynamic',
    currency: 'CNY',
    allowanceLeftMinor: 37_200,
    perSaleMinor: 30_000,
    salesLeft: 10,
    spentMinor: 0,
    seatCheck: 'not-needed',
    sequence: 45,
    ...change,
  };
}
