// A flight on which the till is killed again and again, and what must be true after every kill (journal.md 3, 5.6).
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { DEFAULT_SETTINGS, type Settings } from '../../bridge/settings.ts';
import { openToOrdinaryUser } from '../../build/launch.mjs';
import { makeDemo } from '../../ground/demo/make-demo.ts';
import { demoPassengers, type DemoPassenger } from '../support/demo-passengers.ts';
import { openVirtualTcpPrinter, type VirtualPrinter } from '../support/virtual-printer/virtual-printer.ts';
import { NO_FAULTS, type Faults, type Victim } from '../e2e/root/faults.ts';
import {
  chargeWhatIsLeft,
  closeFlight,
  exportBatch,
  readNotices,
  settleSlips,
  type Crew,
  type Step,
} from './crew-work.ts';
import { brokenByJournal, judgeOutbox, paperBySale, salesOf, wholeEvents } from './evidence.ts';
import type { SeededRandom } from './seeded-random.ts';
import { startTill, type TillProcess } from './till-process.ts';
import { createWindowHand, type WindowHand } from './window-hand.ts';

/** A slip takes about a fifth of a second: long enough to be hit, short enough to come out between two kills. */
const PRINTER_BYTES_PER_SECOND = 12_000;

export type Flight = {
  readonly dir: string;
  readonly victim: Victim;
  readonly random: SeededRandom;
  readonly printer: VirtualPrinter;
  readonly people: readonly DemoPassenger[];
  /** Numbers of the sales the crew knows of: shown as done, or found at a restart. */
  readonly known: Set<number>;
  /** How long each step took lately, in ms: kills are spread over that. */
  readonly stepMs: Map<Step, number>;
  till: TillProcess;
  hand: WindowHand;
  /** How many passengers have been served. */
  turn: number;
};

export async function takeOff(victim: Victim, random: SeededRandom): Promise<Flight> {
  const dir = mkdtempSync(join(tmpdir(), 'cabintill-kills-'));
  const made = await makeDemo({ out: dir, nowMs: Date.now() });
  if (!made.ok) throw new Error(made.error);
  const printer = await openVirtualTcpPrinter({ cpl: 48, bytesPerSecond: PRINTER_BYTES_PER_SECOND });
  const [host = '', port = ''] = printer.address.split(':');
  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    camera: 'off',
    printer: { kind: 'tcp', host, port: Number(port), paperMm: 80 },
  };
  mkdirSync(join(dir, 'till'));
  writeFileSync(join(dir, 'till', 'settings.json'), JSON.stringify(settings));
  openToOrdinaryUser(dir);
  const people = await demoPassengers(dir);
  const till = startTill(dir);
  const flight: Flight = {
    ...{ dir, victim, random, printer, till, hand: createWindowHand(till) },
    people: people.filter((one) => one.listed && !one.denied && one.holder !== null),
    known: new Set(),
    stepMs: new Map(),
    turn: 0,
  };
  await untilOpen(flight);
  return flight;
}

export function setFaults({ dir }: Flight, faults: Partial<Faults>): void {
  writeFileSync(join(dir, 'till', 'faults.json'), JSON.stringify({ ...NO_FAULTS, ...faults }));
}

async function untilOpen({ hand, till }: Flight): Promise<void> {
  await hand
    .until(() => hand.count('scan-state'), 1, 60_000)
    .catch((cause: unknown) => {
      throw new Error(`the till did not open: ${till.lastWords()}`, { cause });
    });
}

/** Whoever works at the window now; `watch` sees what they do. */
export function crewOf(flight: Flight, onStep: (step: Step) => void = () => undefined): Crew {
  const { hand, random, people, known } = flight;
  return {
    hand,
    random,
    onStep,
    onShown: (seq) => known.add(seq),
    nextPassenger: () => {
      const passenger = people[flight.turn % people.length];
      flight.turn += 1;
      if (passenger === undefined) throw new Error('nobody aboard has a phone');
      return passenger;
    },
  };
}

/**
 * After a kill: the disk is read, the till comes back, and disk, ledger and screen must agree. Answers what kinds of
 * notice the crew was shown.
 */
export async function comeBack(flight: Flight): Promise<readonly string[]> {
  expect(brokenByJournal(flight.dir, flight.known)).toEqual([]);
  setFaults(flight, {});
  if (flight.victim !== 'renderer') flight.till = startTill(flight.dir);
  flight.hand = createWindowHand(flight.till);
  await untilOpen(flight);
  return await expectAgreement(flight);
}

async function expectAgreement(flight: Flight): Promise<readonly string[]> {
  const { hand, dir, known } = flight;
  const notices = await readNotices(crewOf(flight));
  // Nothing a kill does can cost either copy more than its last line.
  expect(notices).not.toContain('ledger-rebuilt');
  expect(notices).not.toContain('journal-restored');
  const sales = salesOf(wholeEvents(dir));
  expect(brokenByJournal(dir, known)).toEqual([]);
  await hand.until(
    () => hand.ask(readLedgerSales, null),
    sales.map(({ seq }) => seq),
  );
  await hand.mustTap('nav-flight');
  const netMinor = sales.reduce((sum, sale) => sum + sale.b.tot, 0);
  const shownNet = async (): Promise<number> =>
    Number((await hand.text('total-net'))?.replace(/[^0-9]/g, ''));
  await hand.until(shownNet, netMinor);
  await hand.mustTap('nav-sell');
  for (const { seq } of sales) known.add(seq);
  return notices;
}

/** Numbers of the sales in the window's own copy, read past the app. */
async function readLedgerSales(): Promise<readonly number[]> {
  const open = indexedDB.open('cabintill');
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    open.onsuccess = () => {
      resolve(open.result);
    };
    open.onerror = () => {
      reject(new Error('the ledger does not open'));
    };
  });
  const all = db.transaction('events').objectStore('events').getAll();
  const rows = await new Promise<readonly { seq: number; ty: string }[]>((resolve) => {
    all.onsuccess = () => {
      resolve(all.result as { seq: number; ty: string }[]);
    };
  });
  db.close();
  return rows.filter(({ ty }) => ty === 'SALE').map(({ seq }) => seq);
}

/** Charges the baskets a restart has brought back, so that the flight can be closed. */
export async function finishBaskets(flight: Flight): Promise<void> {
  await chargeWhatIsLeft(crewOf(flight));
}

export async function settle(flight: Flight): Promise<void> {
  const { printer, dir } = flight;
  await settleSlips(
    crewOf(flight),
    (seq) => paperBySale(printer, dir).has(seq),
    () => printer.snapshot().heldBytes === 0,
  );
}

/** Seals what is left to seal, and holds batch, journal and paper against all that the crew knows of. */
export async function land(flight: Flight): Promise<void> {
  const { dir, known, printer } = flight;
  await finishBaskets(flight);
  await closeFlight(crewOf(flight));
  await exportBatch(crewOf(flight));
  await settle(flight);
  const sales = salesOf(wholeEvents(dir)).map(({ seq }) => seq);
  const verdicts = await judgeOutbox(dir);
  expect(verdicts.map(({ status, why }) => ({ status, why }))).toEqual([{ status: 'ACCEPTED', why: null }]);
  expect(salesOf(verdicts[0]?.events ?? []).map(({ seq }) => seq)).toEqual(sales);
  expect(sales).toEqual(expect.arrayContaining([...known]));
  const paper = paperBySale(printer, dir);
  const wrong = sales
    .map((seq) => ({ seq, originals: 0, copies: 0, ...paper.get(seq) }))
    .filter(({ originals, copies }) => originals > 1 || originals + copies < 1);
  expect(wrong).toEqual([]);
}

/** What the window shows now, for whoever looks for a reason. */
export async function describeWindow({ till }: Flight): Promise<string> {
  const shown = await createWindowHand(till).ask(() => document.body.innerText, null);
  return `the window shows: ${shown?.replaceAll('\n', ' | ') ?? 'nothing'}\n${till.lastWords()}`;
}

export async function park(flight: Flight): Promise<void> {
  flight.hand.letGo();
  await flight.till.quit();
  await flight.printer.close();
  rmSync(flight.dir, { recursive: true, force: true });
}
