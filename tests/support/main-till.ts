// The till of main without a window: real journal, real demo pack, real files; only the clock and the pushes are ours.
import * as nodeCrypto from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Answers, Pushes, Refusal, ScanAnswer } from '../../bridge/contract.ts';
import { cryptoFromNode } from '../../domain/crypto/node-crypto.ts';
import { readLine } from '../../domain/journal/line.ts';
import type { JournalEvent } from '../../domain/journal/event.ts';
import { ok, type Result } from '../../domain/result.ts';
import { makeDemo } from '../../ground/demo/make-demo.ts';
import { UPLINK } from '../../domain/limits.ts';
import type { UplinkPace } from '../../electron/uplink/back-off.ts';
import type { JournalFs } from '../../electron/journal/journal-files.ts';
import { packsFolder } from '../../electron/provisioning/pack-store.ts';
import { readDemoTerminal } from '../../electron/provisioning/terminal.ts';
import { createSerialPorts } from '../../electron/serial/serial-ports.ts';
import { createTill, type Till } from '../../electron/till/till.ts';
import { demoPassengers, type DemoPassenger } from './demo-passengers.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type MainTill = {
  readonly till: Till;
  readonly call: Till['handlers'];
  readonly dir: string;
  /** `nowMs` passes; `setByMs` is by how much somebody has set the wall clock. */
  readonly clock: { nowMs: number; setByMs: number };
  readonly people: readonly DemoPassenger[];
  readonly pushed: { readonly [Name in keyof Pushes]: Pushes[Name][] };
  readonly logged: { readonly what: string; readonly detail: Readonly<Record<string, unknown>> }[];
  /** How often the till has looked at the network. */
  readonly looks: { readonly count: number };
  /** How often the till has asked for the window to start anew. */
  readonly reloads: { readonly count: number };
  /** All events on the disk. */
  readonly events: () => readonly JournalEvent[];
  /** Stops this one and opens the same folder anew. */
  readonly reopen: (options?: MainTillOptions) => Promise<MainTill>;
};

export type MainTillOptions = {
  readonly files?: JournalFs;
  readonly freeBytes?: number;
  readonly uplinkPace?: UplinkPace;
  readonly mountRoots?: readonly string[];
  /** Which network the machine is on; the test changes it. */
  readonly network?: { sign: string };
  /** For how long nobody has touched the terminal. */
  readonly hands?: { untouchedMs: number };
  /** The wall clock is wrong from the beginning. */
  readonly clockSetByMs?: number;
};

const crypto = cryptoFromNode(nodeCrypto);

export async function openMainTill(options: MainTillOptions = {}): Promise<MainTill> {
  const dir = temporaryFolder();
  const nowMs = Date.now();
  await makeDemo({ out: dir, nowMs });
  return openIn(dir, { nowMs, setByMs: options.clockSetByMs ?? 0 }, options);
}

/** The till of a folder that is there already. */
export function openMainTillIn(dir: string, nowMs: number, options: MainTillOptions = {}): Promise<MainTill> {
  return openIn(dir, { nowMs, setByMs: options.clockSetByMs ?? 0 }, options);
}

async function openIn(dir: string, clock: MainTill['clock'], options: MainTillOptions): Promise<MainTill> {
  const pushed: MainTill['pushed'] = { lines: [], devices: [], settlement: [], scannerText: [] };
  const logged: MainTill['logged'] = [];
  const reloads = { count: 0 };
  const looks = { count: 0 };
  const dataDir = join(dir, 'till');
  fs.mkdirSync(dataDir, { recursive: true });
  const till = createTill(
    {
      dataDir,
      appVersion: '0.1.0',
      clock: { nowMs: () => clock.nowMs + clock.setByMs, monotonicMs: () => clock.nowMs },
      crypto,
      files: options.files ?? fs,
      boot: nodeCrypto.randomBytes(4).toString('hex'),
      readTerminal: () => readDemoTerminal(dir, clock.nowMs + clock.setByMs, crypto, packsFolder(dataDir)),
      mountRoots: options.mountRoots ?? [],
      uplinkPace: options.uplinkPace ?? UPLINK.pace,
      networkSign: () => {
        looks.count += 1;
        return options.network?.sign ?? 'one';
      },
      untouchedMs: () => options.hands?.untouchedMs ?? 0,
      freeBytes: () => options.freeBytes ?? 1e12,
      push: (name, value) => {
        (pushed[name] as unknown[]).push(value);
      },
      log: (what, detail = {}) => {
        logged.push({ what, detail });
      },
      afterRecord: () => undefined,
    },
    createSerialPorts(),
    () => {
      reloads.count += 1;
    },
  );
  onTestFinished(() => till.stop());
  const people = await demoPassengers(dir);
  return {
    till,
    call: till.handlers,
    dir,
    clock,
    people,
    pushed,
    logged,
    reloads,
    looks,
    events: () => readJournal(dataDir),
    reopen: async (again = {}) => {
      await till.stop();
      return openIn(dir, clock, again);
    },
  };
}

function readJournal(dataDir: string): readonly JournalEvent[] {
  const dir = join(dataDir, 'journal');
  return fs
    .readdirSync(dir)
    .filter((name) => name.endsWith('.cpj'))
    .sort()
    .flatMap((name) => fs.readFileSync(join(dir, name), 'latin1').split('\n').filter(Boolean))
    .map((line) => {
      const event = readLine(line);
      if (event === null) throw new Error('a line of the journal cannot be read');
      return event;
    });
}

/** Shows the till a text that is no order. */
export async function scanCode(till: MainTill, text: string): Promise<Result<ScanAnswer, Refusal>> {
  const answer = await till.call.scan({ text });
  if (!answer.ok) return answer;
  if (answer.value.kind === 'order') throw new Error('an order was read where a code was shown');
  return ok(answer.value);
}

/** Starts with an empty ledger and answers what the renderer would get. */
export async function startFresh(till: MainTill): Promise<Extract<Answers['start'], { kind: 'ready' }>> {
  const answer = await till.call.start({ ledger: null });
  if (answer.kind !== 'ready') throw new Error(JSON.stringify(answer));
  return answer;
}
