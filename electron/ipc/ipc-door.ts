// The only file that imports ipcMain. Every call passes the same checks: main frame of our own page, a payload of the
// declared shape, and not more calls than hands can make.
import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import * as v from 'valibot';
import { channelOf } from '../../bridge/channels.ts';
import {
  requestSchemas,
  type Answers,
  type CallName,
  type Refusal,
  type Request,
} from '../../bridge/contract.ts';
import { fail, type Result } from '../../domain/result.ts';
import { createRateLimit } from './rate-limit.ts';

export type Handlers = {
  readonly [Name in CallName]: (request: Request<Name>) => Answers[Name] | Promise<Answers[Name]>;
};

export type DoorPorts = {
  readonly handlers: Handlers;
  /** `app://pos` */
  readonly origin: string;
  readonly monotonicMs: () => number;
  /** Name of the call and the reason; never the payload. */
  readonly onRejected: (call: CallName, why: 'sender' | 'shape' | 'rate') => void;
};

/** hardening.md 7.2 */
const CALLS_PER_SECOND = 20;
const SCANS_PER_SECOND = 5;

export function openIpcDoor(ports: DoorPorts): void {
  const calls = createRateLimit(CALLS_PER_SECOND, ports.monotonicMs);
  const scans = createRateLimit(SCANS_PER_SECOND, ports.monotonicMs);
  for (const name of Object.keys(requestSchemas) as CallName[]) {
    ipcMain.handle(channelOf(name), async (event, payload: unknown) => {
      if (!isOurPage(event, ports.origin)) {
        ports.onRejected(name, 'sender');
        throw new Error('not for this page');
      }
      const isInTime = calls.take() && (name !== 'scan' || scans.take());
      if (!isInTime) return reject(ports, name, 'rate');
      return answer(ports, name, payload);
    });
  }
}

async function answer(ports: DoorPorts, name: CallName, payload: unknown): Promise<unknown> {
  const parsed = v.safeParse(requestSchemas[name], payload);
  if (!parsed.success) return reject(ports, name, 'shape');
  // The table pairs each schema with its handler; the loop over names loses that pairing.
  const handle = ports.handlers[name] as (request: unknown) => Promise<unknown>;
  return handle(parsed.output);
}

function reject(ports: DoorPorts, name: CallName, why: 'shape' | 'rate'): Result<never, Refusal> {
  ports.onRejected(name, why);
  if (name === 'start') throw new Error('bad start');
  return fail({ problem: { kind: why === 'rate' ? 'too-fast' : 'bad-request' }, lines: [] });
}

function isOurPage(event: IpcMainInvokeEvent, origin: string): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame.parent === null && frame.url.startsWith(`${origin}/`);
}
