// Flights on which the till is killed again and again, and what must be true after every kill (journal.md 5.6, 3).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { EventType } from '../../domain/journal/event.ts';
import type { DemoPassenger } from '../support/demo-passengers.ts';
import {
  openVirtualTcpPrinter,
  type VirtualPrinter,
} from '../support/virtual-printer/virtual-printer.ts';
import { openWindowTill, type WindowTill, type WindowTillOptions } from '../support/window-till.ts';
import type { RecordPoint, Victim } from '../e2e/root/faults.ts';
import {
  chargeWhatIsLeft,
  closeFlight,
  exportBatch,
  exportOn,
  readNotices,
  sellOn,
  type Crew,
  type Step,
} from './crew-work.ts';
import { brokenByJournal, judgeOutbox, paperBySale, salesOf, wholeEvents } from './evidence.ts';
import type { SeededRandom } from './seeded-random.ts';
import { createWindowHand, LOOK_AGAIN, type WindowHand } from './window-hand.ts';

/** Once a second or two: a flight on which the printer is as slow as a real one prints less than one slip a kill. */
const PRINTER_BYTES_PER_SECOND = 20_000;
const DIES_WITHIN_MS = 10_000;
const PATIENCE = { timeout: 60_000, ...LOOK_AGAIN } as const;

export type Flight = {
  readonly dir: string;
  readonly victim: Victim;
  readonly random: SeededRandom;
  readonly printer: VirtualPrinter;
  /** Numbers of the sales the window has ever shown as done. */
  readonly shown: Set<number>;
  /** How long each step took lately, in ms: kills are spread over that. */
  readonly stepMs: Map<Step, number>;
  readonly people: readonly DemoPassenger[];
  till: WindowTill;
  hand: WindowHand;
  turn: number;
  /** Sales that were recorded, and neither shown as done nor spoken of after the restart. */
  untold: number;
};

export async function takeOff(victim: Victim, random: SeededRandom): Promise<Flight> {
  const dir = mkdtempSync(join(tmpdir(), 'cabintill-kills-'));
  const printer = await openVirtualTcpPrinter({ cpl: 48, bytesPerSecond: PRINTER_BYTES_PER_SECOND });
  const till = await openWindowTill(optionsOf(dir, printer));
  const people = till.people.filter((one) => one.listed && !one.denied && one.holder !== null);
  return {
    ...{ dir, victim, random, printer, till, people },
    hand: createWindowHand(till.app),
    shown: new Set(),
    stepMs: new Map(),
    turn: 0,
    untold: 0,
  };
}

function optionsOf(dir: string, printer: VirtualPrinter): WindowTillOptions {
  const [host = '', port = ''] = printer.address.split(':');
  const settings = { printer: { kind: 'tcp', host, port: Number(port), paperMm: 80 } } as const;
  return { dir, settings, root: 'test-main' };
}

/** Sells until a random moment after the n-th time that the crew does `step`, and kills. */
export async function killWhileSelling(flight: Flight, step: Step): Promise<void> {
  await killDuring(flight, step, sellOn);
}

/** Lets a slip begin to come out, and kills at a random moment of it; the crew sells on meanwhile. */
export async function killWhilePrinting(flight: Flight): Promise<void> {
  const { printer, random } = flight;
  const before = printer.snapshot().slipCount;
  const isUnderWay = (): boolean => printer.uncut().elements.length > 0 || printer.snapshot().slipCount > before;
  const life = watchOver(flight, sellOn);
  await expect.poll(isUnderWay, PATIENCE).toBe(true);
  await life.dieAfter(random.fraction() * 200);
}

export async function killWhileClosing(flight: Flight): Promise<void> {
  await killDuring(flight, 'close', closeAndExportOn);
}

export async function killWhileExporting(flight: Flight): Promise<void> {
  await killDuring(flight, 'export', closeAndExportOn);
}

/** Kills at an exact point of the next record with an event of that type. */
export async function killInRecord(flight: Flight, at: RecordPoint, ty: EventType): Promise<void> {
  flight.till.setFaults({ kill: { victim: flight.victim, at, ty } });
  const isAtGate = ty === 'FLIGHT_CLOSE' || ty === 'BILL_CLOSE' || ty === 'EXPORT';
  const life = watchOver(flight, isAtGate ? closeAndExportOn : sellOn);
  await life.dieByFault();
}

async function closeAndExportOn(crew: Crew): Promise<never> {
  await closeFlight(crew);
  return exportOn(crew);
}

async function killDuring(
  flight: Flight,
  step: Step,
  work: (crew: Crew) => Promise<never>,
): Promise<void> {
  const { random, stepMs } = flight;
  const skipped = step === 'close' || step === 'export' ? 0 : random.below(3);
  const life = watchOver(flight, work, { step, skipped });
  await life.untilBegun();
  // A little beyond the end: what follows a step is the next one's beginning.
  await life.dieAfter(random.fraction() * 1.3 * (stepMs.get(step) ?? 60));
}

type Life = {
  /** Resolves when the awaited step begins; rejects when the crew never gets there. */
  readonly untilBegun: () => Promise<void>;
  readonly dieAfter: (delayMs: number) => Promise<void>;
  readonly dieByFault: () => Promise<void>;
};

/** Puts the crew to work; whatever they are doing ends with the kill. */
function watchOver(
  flight: Flight,
  work: (crew: Crew) => Promise<never>,
  awaited?: { readonly step: Step; readonly skipped: number },
): Life {
  const { hand, stepMs } = flight;
  let toSkip = awaited?.skipped ?? 0;
  let tellBegun = (): void => undefined;
  const begun = new Promise<void>((resolve) => {
    tellBegun = resolve;
  });
  let last: { readonly step: Step; readonly atMs: number } | null = null;
  const crew: Crew = {
    ...{ hand, random: flight.random },
    nextPassenger: () => nextPassenger(flight),
    onShown: (seq) => flight.shown.add(seq),
    onStep: (step) => {
      const atMs = performance.now();
      if (last !== null) stepMs.set(last.step, atMs - last.atMs);
      last = { step, atMs };
      if (step !== awaited?.step) return;
      if (toSkip === 0) tellBegun();
      toSkip -= 1;
    },
  };
  const working = work(crew);
  const failed = working.catch((error: unknown) => ({ error }));
  const endWith = async (death: Promise<void>): Promise<void> => {
    const first = await Promise.race([death.then(() => null), failed]);
    if (first === null) return;
    // Work also ends because the till is dead; only a living till makes it a failure.
    const isDead = await Promise.race([death.then(() => true), after(DIES_WITHIN_MS).then(() => false)]);
    if (!isDead) throw first.error;
  };
  return {
    untilBegun: () => Promise.race([begun, failed.then(({ error }) => Promise.reject(toError(error)))]),
    dieAfter: async (delayMs) => {
      const aim = await aimAt(flight);
      await after(delayMs);
      await endWith(aim.kill());
    },
    dieByFault: async () => {
      const aim = await aimAt(flight);
      await endWith(aim.death);
    },
  };
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function nextPassenger(flight: Flight): DemoPassenger {
  const passenger = flight.people[flight.turn % flight.people.length];
  flight.turn += 1;
  if (passenger === undefined) throw new Error('nobody aboard has a phone');
  return passenger;
}

type Aim = { readonly kill: () => Promise<void>; readonly death: Promise<void> };

async function aimAt({ till, hand, victim }: Flight): Promise<Aim> {
  const main = till.app.process();
  const mainPid = main.pid ?? 0;
  const renderer = await hand.rendererPid();
  const others = await till.app.evaluate(({ app }) => app.getAppMetrics().map(({ pid }) => pid));
  const death =
    victim === 'renderer'
      ? untilReplaced(till, renderer)
      : new Promise<void>((resolve) => {
          main.once('exit', () => {
            resolve();
          });
        });
  return {
    death,
    kill: () => {
      hand.letGo();
      if (victim === 'renderer') end(renderer);
      if (victim === 'tree') for (const pid of others) if (pid !== mainPid) end(pid);
      if (victim !== 'renderer') end(mainPid);
      return death;
    },
  };
}

/** The page has died, and main has given the window another. */
async function untilReplaced({ app }: WindowTill, deadPid: number): Promise<void> {
  const livingPid = (): Promise<number> =>
    app.evaluate(({ webContents }) => {
      const [contents] = webContents.getAllWebContents();
      return contents === undefined || contents.isCrashed() ? 0 : contents.getOSProcessId();
    });
  await expect.poll(async () => [0, deadPid].includes(await livingPid()), PATIENCE).toBe(false);
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** After a kill: the disk is read, the till comes back, and disk, ledger and screen must agree. */
export async function comeBack(flight: Flight): Promise<void> {
  flight.hand.letGo();
  expect(brokenByJournal(flight.dir, flight.shown)).toEqual([]);
  flight.till.setFaults({});
  if (flight.victim !== 'renderer') {
    flight.till = await openWindowTill(optionsOf(flight.dir, flight.printer));
  }
  flight.hand = createWindowHand(flight.till.app);
  await expect.poll(() => flight.hand.count('scan-state'), PATIENCE).toBe(1);
  await expectAgreement(flight);
}

async function expectAgreement(flight: Flight): Promise<void> {
  const { hand, dir, shown } = flight;
  const notices = await readNotices(crewOf(flight));
  const sales = salesOf(wholeEvents(dir));
  expect(brokenByJournal(dir, shown)).toEqual([]);
  const inLedger = await hand.ask(readLedgerSales, null);
  expect(inLedger).toEqual(sales.map(({ seq }) => seq));
  await hand.mustTap('nav-flight');
  const net = sales.reduce((sum, sale) => sum + sale.b.tot, 0);
  await expect
    .poll(async () => (await hand.text('total-net'))?.replace(/[^0-9]/g, ''), LOOK_AGAIN)
    .toBe(net.toString().padStart(3, '0'));
  await hand.mustTap('nav-sell');
  const silent = sales.filter(({ seq }) => !shown.has(seq));
  if (silent.length > 0 && !notices.some((notice) => notice.includes('sale-before-restart'))) flight.untold += 1;
  for (const { seq } of silent) shown.add(seq);
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

function crewOf(flight: Flight): Crew {
  return {
    ...{ hand: flight.hand, random: flight.random },
    nextPassenger: () => nextPassenger(flight),
    onStep: () => undefined,
    onShown: (seq) => flight.shown.add(seq),
  };
}

/** Charges the baskets a restart has brought back, so that the flight can be closed. */
export async function finishBaskets(flight: Flight): Promise<void> {
  await chargeWhatIsLeft(crewOf(flight));
}

/** The crew looks at the paper of every slip the till is not sure of, until none waits. */
export async function settleSlips(flight: Flight): Promise<void> {
  const { hand, printer, dir } = flight;
  const isSettled = async (): Promise<boolean> => {
    if ((await hand.count('device-slips')) === 0) return true;
    if (printer.snapshot().heldBytes > 0) return false;
    const uncertain = await hand.ask(
      () =>
        [...document.querySelectorAll<HTMLElement>('[data-testid^="uncertain-"]')].map((slip) =>
          Number(slip.dataset['testid']?.slice('uncertain-'.length)),
        ),
      null,
    );
    if (uncertain === null || uncertain.length === 0) await hand.tap('device-slips');
    const paper = paperBySale(printer, dir);
    for (const seq of uncertain ?? []) {
      await hand.tap(`${paper.has(seq) ? 'came-out' : 'print-again'}-${seq.toString()}`);
    }
    return false;
  };
  await expect.poll(isSettled, { timeout: 120_000, intervals: [50] }).toBe(true);
}

/** Seals what is left to seal, and holds batch, journal and paper against all that the window has shown. */
export async function land(flight: Flight): Promise<void> {
  const { dir, hand, shown, printer } = flight;
  await finishBaskets(flight);
  await closeFlight(crewOf(flight));
  await exportBatch(crewOf(flight));
  await settleSlips(flight);
  const sales = salesOf(wholeEvents(dir)).map(({ seq }) => seq);
  const verdicts = await judgeOutbox(dir);
  expect(verdicts.map(({ status, why }) => ({ status, why }))).toEqual([{ status: 'ACCEPTED', why: null }]);
  expect(salesOf(verdicts[0]?.events ?? []).map(({ seq }) => seq)).toEqual(sales);
  expect(sales).toEqual(expect.arrayContaining([...shown]));
  const paper = paperBySale(printer, dir);
  const wrong = sales.filter((seq) => {
    const { originals = 0, copies = 0 } = paper.get(seq) ?? {};
    return originals > 1 || originals + copies < 1;
  });
  expect(wrong.map((seq) => ({ seq, ...paper.get(seq) }))).toEqual([]);
  expect(hand).toBe(flight.hand);
}

export async function park(flight: Flight): Promise<void> {
  await flight.till.app.close().catch(() => undefined);
  await flight.printer.close();
  rmSync(flight.dir, { recursive: true, force: true });
}
