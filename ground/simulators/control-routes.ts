// The switches of a simulator that runs as a process of its own: JSON under `/simulator/…`.
import * as v from 'valibot';
import { faultSchema } from './faults.ts';
import { personSchema } from './people.ts';
import type { Books, SimulatorControl } from './simulator.ts';
import type { SimulatedAnswer, SimulatedCall, SimulatedRequest } from './simulator-server.ts';

const orderSchema = v.object({ orderNumber: v.string() });
const accountSchema = v.object({ account: v.string() });
const skewSchema = v.object({ ms: v.pipe(v.number(), v.integer()) });

export type ControlledSimulator = {
  readonly control: SimulatorControl;
  readonly books: () => Books;
};

export function routeControl(
  request: SimulatedRequest,
  simulator: ControlledSimulator,
): SimulatedCall | null {
  if (!request.path.startsWith('/simulator/')) return null;
  return { call: null, run: () => runControl(request, simulator) };
}

function runControl(
  { method, path, body }: SimulatedRequest,
  { control, books }: ControlledSimulator,
): SimulatedAnswer {
  switch (`${method} ${path}`) {
    case 'GET /simulator/books':
      return json(200, books());
    case 'GET /simulator/health':
      return json(200, { ok: true });
    case 'POST /simulator/faults':
      return take(v.union([v.array(faultSchema), faultSchema]), body, (faults) => {
        for (const fault of [faults].flat()) control.addFault(fault);
        return true;
      });
    case 'DELETE /simulator/faults':
      control.clearFaults();
      return json(200, { ok: true });
    case 'POST /simulator/clock':
      return take(skewSchema, body, ({ ms }) => {
        control.setClockSkewMs(ms);
        return true;
      });
    case 'POST /simulator/people':
      return take(personSchema, body, (person) => {
        control.addPerson(person);
        return true;
      });
    case 'POST /simulator/merchants':
      return take(v.unknown(), body, control.addMerchant);
    case 'POST /simulator/pay':
      return take(orderSchema, body, ({ orderNumber }) => control.payInWallet(orderNumber));
    case 'POST /simulator/confirm':
      return take(orderSchema, body, ({ orderNumber }) => control.confirm(orderNumber));
    case 'POST /simulator/withdraw':
      return take(accountSchema, body, ({ account }) => {
        control.withdrawPermission(account);
        return true;
      });
    default:
      return json(404, { ok: false });
  }
}

function take<T>(
  schema: v.GenericSchema<unknown, T>,
  body: string,
  act: (value: T) => boolean,
): SimulatedAnswer {
  const read = v.safeParse(schema, readJson(body));
  if (!read.success) return json(400, { ok: false, why: v.summarize(read.issues) });
  return act(read.output) ? json(200, { ok: true }) : json(409, { ok: false });
}

export function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function json(status: number, value: unknown): SimulatedAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
