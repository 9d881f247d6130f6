import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WaitingSlip } from '../../../bridge/contract.ts';
import { createInFlightStore } from '../../../electron/printer/in-flight-store.ts';
import { createPrintQueue, type PrintJob, type PrintQueue } from '../../../electron/printer/print-queue.ts';
import { openBench, slipBytes, until, type Bench } from './printing-bench.ts';

let dataDir: string;
const open: { close: () => Promise<void> }[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cabintill-queue-'));
});

afterEach(async () => {
  for (const { close } of open.splice(0).reverse()) await close();
  await rm(dataDir, { recursive: true, force: true });
});

async function bench(...args: Parameters<typeof openBench>): Promise<Bench> {
  const opened = await openBench(...args);
  open.push(opened);
  return opened;
}

type Desk = {
  readonly queue: PrintQueue;
  readonly recorded: PrintJob[];
  readonly faults: string[];
  readonly changes: (readonly WaitingSlip[])[];
};

type DeskOptions = {
  readonly compose?: (job: PrintJob) => Uint8Array;
  readonly record?: (job: PrintJob) => Promise<void>;
};

function openDesk({ printer }: Pick<Bench, 'printer'>, { compose, record }: DeskOptions = {}): Desk {
  const recorded: PrintJob[] = [];
  const faults: string[] = [];
  const changes: (readonly WaitingSlip[])[] = [];
  const queue = createPrintQueue({
    printer,
    inFlight: createInFlightStore(dataDir),
    compose: compose ?? (({ seq, copy }) => slipBytes(seq, { isCopy: copy })),
    onPrinted: async (job) => {
      await record?.(job);
      recorded.push(job);
    },
    onChange: (waiting) => changes.push(waiting),
    onFault: (job, what) => faults.push(`${what} ${job.seq.toString()}`),
  });
  open.push({ close: () => queue.stop() });
  return { queue, recorded, faults, changes };
}

const job = (seq: number, copy = false): PrintJob => ({ seq, seat: '12A', copy });
const seqsOf = (jobs: readonly { seq: number }[]): readonly number[] => jobs.map(({ seq }) => seq);
const marks = (): Promise<string> => readFile(join(dataDir, 'slips-in-flight.json'), 'utf8');

/** Until a slip is on its way and the printer hangs in the middle of it. */
async function breakOffInTheMiddle(at: Bench, desk: Desk, seq: number): Promise<void> {
  await until(() => at.device.uncut().elements.length > 8);
  await at.device.vanish();
  await until(() => desk.queue.waiting().some((slip) => slip.seq === seq && slip.isUncertain));
}

describe('the print queue', () => {
  it('prints in order and records each slip once', async () => {
    const at = await bench('serial');
    const { queue, recorded } = openDesk(at);
    expect([job(1), job(2), job(3)].map(queue.add)).toEqual([true, true, true]);
    await until(() => recorded.length === 3 && queue.waiting().length === 0);
    expect(at.paper()).toEqual(['#1', '#2', '#3']);
    expect(seqsOf(recorded)).toEqual([1, 2, 3]);
  });

  it('takes one slip of a sale at a time', async () => {
    const at = await bench('serial');
    at.device.setCover(true);
    const { queue } = openDesk(at);
    expect([queue.add(job(1)), queue.add(job(1, true))]).toEqual([true, false]);
    expect(queue.waiting()).toEqual([{ seq: 1, seat: '12A', copy: false, isUncertain: false }]);
  });

  it('keeps slips while the printer cannot print and prints them as soon as it can', async () => {
    const at = await bench('tcp');
    const { queue, changes } = openDesk(at);
    await at.untilState('ready');
    at.device.setPaper('out');
    await at.untilState('paper-out');
    queue.add(job(1));
    queue.add(job(2));
    expect(seqsOf(queue.waiting())).toEqual([1, 2]);
    at.device.setPaper('ok');
    await until(() => queue.waiting().length === 0);
    expect(at.paper()).toEqual(['#1', '#2']);
    expect(seqsOf(changes.at(-1) ?? [])).toEqual([]);
  });

  it('prints nothing twice when the printer comes and goes', async () => {
    const at = await bench('serial');
    const { queue, recorded } = openDesk(at);
    await at.untilState('ready');
    for (let seq = 1; seq <= 6; seq += 1) {
      queue.add(job(seq));
      if (seq % 2 === 0) {
        await until(() => queue.waiting().length === 0);
        await at.device.vanish();
        await at.untilState('no-port');
        queue.add(job(100 + seq));
        await at.device.reappear();
      }
    }
    await until(() => queue.waiting().length === 0);
    const slips = at.paper().filter((slip) => slip !== 'torso');
    expect(new Set(slips).size).toBe(slips.length);
    expect(slips).toHaveLength(9);
    expect(recorded).toHaveLength(9);
  });

  it('asks the crew about a slip that was cut short, and goes on with the others', async () => {
    const at = await bench('serial', { bytesPerSecond: 4000 });
    const desk = openDesk(at);
    await at.untilState('ready');
    desk.queue.add(job(1));
    desk.queue.add(job(2));
    await breakOffInTheMiddle(at, desk, 1);
    await at.device.reappear();
    await until(() => desk.recorded.length === 1);
    expect(at.paper()).toEqual(['torso', '#2']);
    expect(desk.queue.waiting()).toEqual([{ seq: 1, seat: '12A', copy: false, isUncertain: true }]);
  });

  it('prints a cut-short slip again only when told to, and then as COPY', async () => {
    const at = await bench('serial', { bytesPerSecond: 4000 });
    const desk = openDesk(at);
    await at.untilState('ready');
    desk.queue.add(job(1));
    await breakOffInTheMiddle(at, desk, 1);
    await at.device.reappear();
    await at.untilState('ready');
    expect(await desk.queue.resolve(1, 'print-again')).toBe(true);
    await until(() => desk.queue.waiting().length === 0);
    expect(at.paper()).toEqual(['torso', '#1 COPY']);
    expect(desk.recorded).toEqual([job(1, true)]);
  });

  it('records a cut-short slip as printed when the crew says it came out', async () => {
    const at = await bench('serial', { bytesPerSecond: 4000 });
    const desk = openDesk(at);
    await at.untilState('ready');
    desk.queue.add(job(1));
    await breakOffInTheMiddle(at, desk, 1);
    expect(await desk.queue.resolve(2, 'came-out')).toBe(false);
    expect(await desk.queue.resolve(1, 'came-out')).toBe(true);
    expect(desk.recorded).toEqual([job(1)]);
    expect(desk.queue.waiting()).toEqual([]);
    expect(JSON.parse(await marks())).toEqual({ v: 1, marks: [] });
  });

  it('does not let one slip that cannot be composed hold up the others', async () => {
    const at = await bench('serial');
    const { queue, recorded, faults } = openDesk(at, {
      compose: ({ seq }) => {
        if (seq === 1) throw new Error('damaged');
        return slipBytes(seq);
      },
    });
    queue.add(job(1));
    queue.add(job(2));
    await until(() => recorded.length === 1);
    expect(at.paper()).toEqual(['#2']);
    expect(seqsOf(queue.waiting())).toEqual([1]);
    expect(faults).toContain('compose 1');
  });

  it('does not print a slip again that could not be recorded', async () => {
    const at = await bench('serial');
    const { queue, faults } = openDesk(at, { record: () => Promise.reject(new Error('disk full')) });
    queue.add(job(1));
    await until(() => queue.waiting().some(({ isUncertain }) => isUncertain));
    expect(faults).toEqual(['record 1']);
    expect(at.paper()).toEqual(['#1']);
  });

  it('prints nothing it could not remember after a crash', async () => {
    const at = await bench('serial');
    await writeFile(join(dataDir, 'file'), '');
    const queue = createPrintQueue({
      printer: at.printer,
      inFlight: createInFlightStore(join(dataDir, 'file', 'not-a-folder')),
      compose: ({ seq }) => slipBytes(seq),
      onPrinted: () => Promise.resolve(),
      onChange: () => undefined,
      onFault: (_job, what) => faults.push(what),
    });
    const faults: string[] = [];
    open.push({ close: () => queue.stop() });
    await at.untilState('ready');
    queue.add(job(1));
    await until(() => faults.length > 0);
    expect(faults[0]).toBe('mark');
    expect(at.device.uncut().elements).toEqual([]);
    expect(seqsOf(queue.waiting())).toEqual([1]);
  });
});

describe('after a restart', () => {
  it('the slip that was in flight waits for the crew, the others print in order', async () => {
    const at = await bench('tcp');
    await createInFlightStore(dataDir).save([{ seq: 2, copy: false }]);
    const { queue, recorded } = openDesk(at);
    await queue.restore([job(1), job(2), job(3)], new Set());
    await until(() => recorded.length === 2);
    expect(at.paper().filter((slip) => slip !== 'torso')).toEqual(['#1', '#3']);
    expect(queue.waiting()).toEqual([{ seq: 2, seat: '12A', copy: false, isUncertain: true }]);
  });

  it('a slip whose RECEIPT is in the journal does not come back', async () => {
    const at = await bench('tcp');
    await createInFlightStore(dataDir).save([{ seq: 1, copy: false }]);
    const { queue, recorded } = openDesk(at);
    await queue.restore([job(1), job(2)], new Set([1]));
    await until(() => recorded.length === 1);
    expect(at.paper()).toEqual(['#2']);
    expect(queue.waiting()).toEqual([]);
  });

  it('the mark is on disk while the slip is on its way, and gone when it is recorded', async () => {
    const at = await bench('serial', { bytesPerSecond: 4000 });
    const { queue, recorded } = openDesk(at);
    await at.untilState('ready');
    queue.add(job(5));
    await until(() => at.device.uncut().elements.length > 2);
    expect(JSON.parse(await marks())).toEqual({ v: 1, marks: [{ seq: 5, copy: false }] });
    await until(() => recorded.length === 1);
    await queue.stop();
    expect(JSON.parse(await marks())).toEqual({ v: 1, marks: [] });
  });

  it('a slip to be printed again is asked about again: it may have come out twice already', async () => {
    const at = await bench('serial', { bytesPerSecond: 4000 });
    const desk = openDesk(at);
    await at.untilState('ready');
    desk.queue.add(job(1));
    await breakOffInTheMiddle(at, desk, 1);
    await desk.queue.resolve(1, 'print-again');
    await desk.queue.stop();
    const next = await bench('serial');
    const { queue } = openDesk(next);
    await queue.restore([job(1)], new Set());
    await next.untilState('ready');
    expect(queue.waiting()).toEqual([{ seq: 1, seat: '12A', copy: false, isUncertain: true }]);
    expect(next.paper()).toEqual([]);
  });

  it('damaged marks make the oldest slip uncertain: slips print in order', async () => {
    const at = await bench('tcp');
    await writeFile(join(dataDir, 'slips-in-flight.json'), '{"v":1,"marks":[{"seq"');
    const { queue, recorded } = openDesk(at);
    await queue.restore([job(1), job(2)], new Set());
    await until(() => recorded.length === 1);
    expect(seqsOf(recorded)).toEqual([2]);
    expect(queue.waiting()).toMatchObject([{ seq: 1, isUncertain: true }]);
  });
});
