// The kills themselves: SIGKILL at a moment of the crew's work, chosen at random or exact to the record.
import { expect } from '@playwright/test';
import type { EventType } from '../../domain/journal/event.ts';
import type { RecordPoint } from '../e2e/root/faults.ts';
import { closeAndExportOn, sellAFew, sellOn, type Crew, type Step } from './crew-work.ts';
import { crewOf, setFaults, type Flight } from './doomed-flight.ts';
import { LOOK_AGAIN, startTill } from './till-process.ts';

/** Work that ends only with the till. */
type Work = (crew: Crew) => Promise<never>;

const PATIENCE = { timeout: 60_000, ...LOOK_AGAIN };
/** Until the first such step has been timed. */
const UNKNOWN_STEP_MS = 60;
const MOST_STEPS_BEFORE = 3;
const FAULT_COMES_WITHIN_MS = 60_000;
const OPENS_WITHIN_MS = 900;

/** Kills at a random moment of one of the next times the crew does `step`; they sell on meanwhile. */
export async function killWhileSelling(flight: Flight, step: Step): Promise<void> {
  await killDuring(flight, sellOn, step, flight.random.below(MOST_STEPS_BEFORE));
}

export async function killWhileClosing(flight: Flight): Promise<void> {
  await killDuring(flight, closeAndExportOn, 'close', 0);
}

export async function killWhileExporting(flight: Flight): Promise<void> {
  await killDuring(flight, closeAndExportOn, 'export', 0);
}

/** Kills at a random moment while paper comes out. */
export async function killWhilePrinting(flight: Flight): Promise<void> {
  const { printer, random } = flight;
  const slips = printer.snapshot().slipCount;
  const life = putToWork(flight, sellAFew);
  const isComingOut = (): boolean =>
    printer.uncut().elements.length > 0 || printer.snapshot().slipCount > slips;
  await expect.poll(isComingOut, PATIENCE).toBe(true);
  await life.endAfter(random.fraction() * 250);
}

/** Kills at an exact point of the next record with an event of that type. */
export async function killInRecord(flight: Flight, at: RecordPoint, ty: EventType): Promise<void> {
  const isAtGate = ty === 'BILL_CLOSE' || ty === 'FLIGHT_CLOSE' || ty === 'EXPORT';
  const life = putToWork(flight, isAtGate ? closeAndExportOn : sellAFew);
  setFaults(flight, { kill: { victim: flight.victim, at, ty } });
  await life.endByFault();
}

/** Starts the till and kills it again before it is, or has just been, open. */
export async function killWhileOpening(flight: Flight): Promise<void> {
  const till = startTill(flight.dir);
  await new Promise((resolve) => setTimeout(resolve, flight.random.fraction() * OPENS_WITHIN_MS));
  end(till.pid);
  await till.ended;
}

async function killDuring(flight: Flight, work: Work, step: Step, skipped: number): Promise<void> {
  let toSkip = skipped;
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const life = putToWork(flight, work, (done) => {
    if (done !== step) return;
    if (toSkip === 0) begin();
    toSkip -= 1;
  });
  await life.untilBegun(begun);
  const { random, stepMs } = flight;
  // A little beyond its end, too: what follows a step is where the next one begins.
  await life.endAfter(random.fraction() * 1.3 * (stepMs.get(step) ?? UNKNOWN_STEP_MS));
}

type Life = {
  /** Waits for something the crew will do; rejects when their work fails before. */
  readonly untilBegun: (begun: Promise<void>) => Promise<void>;
  readonly endAfter: (delayMs: number) => Promise<void>;
  readonly endByFault: () => Promise<void>;
};

/** The crew works until the till is dead; when their work fails while it lives, that is the failure. */
function putToWork(flight: Flight, work: Work, onStep: (step: Step) => void = () => undefined): Life {
  const { hand, till, victim } = flight;
  const target = till.processes();
  const working = work(crewOf(flight, timeSteps(flight, onStep)));
  const failed = working.catch((error: unknown) => ({ error }));
  const untilDeath = async (): Promise<void> => {
    const doomed = await target;
    await (victim === 'renderer' ? untilReplaced(flight, doomed?.renderer ?? 0) : till.ended);
  };
  const unlessFailed = async (wanted: Promise<void>): Promise<void> => {
    const failure = await Promise.race([wanted.then(() => null), failed]);
    if (failure !== null) throw failure.error;
  };
  return {
    untilBegun: unlessFailed,
    endAfter: async (delayMs) => {
      const doomed = await target;
      await unlessFailed(new Promise((resolve) => setTimeout(resolve, delayMs)));
      // From here on the crew's hands are off: what they were waiting for fails, and does not matter.
      hand.letGo();
      if (victim === 'renderer') end(doomed?.renderer);
      if (victim === 'tree') for (const pid of doomed?.all ?? []) if (pid !== till.pid) end(pid);
      if (victim !== 'renderer') end(till.pid);
      await untilDeath();
    },
    endByFault: async () => {
      await unlessFailed(within(FAULT_COMES_WITHIN_MS, untilDeath()));
      hand.letGo();
    },
  };
}

async function within(timeoutMs: number, wanted: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`nothing struck within ${timeoutMs.toString()} ms`));
    }, timeoutMs);
  });
  try {
    await Promise.race([wanted, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

function timeSteps({ stepMs }: Flight, onStep: (step: Step) => void): (step: Step) => void {
  let last: { readonly step: Step; readonly atMs: number } | null = null;
  return (step) => {
    const atMs = performance.now();
    if (last !== null) stepMs.set(last.step, atMs - last.atMs);
    last = { step, atMs };
    onStep(step);
  };
}

/** The page has died, and main has given the window another. */
async function untilReplaced({ till }: Flight, deadPid: number): Promise<void> {
  const livingPid = async (): Promise<number> => (await till.processes())?.renderer ?? 0;
  await expect.poll(async () => [0, deadPid].includes(await livingPid()), PATIENCE).toBe(false);
}

function end(pid: number | undefined): void {
  if (pid === undefined || pid === 0) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
