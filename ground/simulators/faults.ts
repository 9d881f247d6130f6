// What can be made to go wrong with the next calls or notices.
import * as v from 'valibot';

export const FAULT_CALLS = [
  'create',
  'query',
  'complete',
  'cancel',
  'modify',
  'sync',
  'refund',
  'statement',
  'permission',
  'account',
] as const;
export type FaultCall = (typeof FAULT_CALLS)[number];

export const faultSchema = v.object({
  /** A call of the wallet, a notice the wallet sends, or any call. */
  on: v.picklist([...FAULT_CALLS, 'notice', 'any-call']),
  kind: v.picklist([
    /** Answered, or sent, only after `ms`: late and out-of-order notices too. */
    'delay',
    /** The connection breaks before anything was done. */
    'drop-before',
    /** Carried out, then the connection breaks. A notice: sent, its answer not read. */
    'drop-after',
    /** Carried out, never answered. */
    'hang-after',
    /** Not carried out; answered with `status`, unsigned as a gateway would. */
    'status',
    /** Not carried out; the wallet's own error `code`. */
    'error',
    /** Carried out; the answer or notice is signed by somebody else. */
    'bad-signature',
    /** Carried out; one character of the signed text is changed afterwards. */
    'altered',
    /** Carried out; signed by the genuine key an hour ago. */
    'old-timestamp',
    /** Create only: the order stays unconfirmed although no confirmation was asked for. */
    'unconfirmed',
    /** Notice only: sent twice. */
    'duplicate',
    /** Notice only: never sent. */
    'lost',
  ]),
  /** How many calls it befalls. */
  times: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
  ms: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  status: v.optional(v.pipe(v.number(), v.integer(), v.minValue(400), v.maxValue(599)), 500),
  code: v.optional(v.string(), ''),
});
export type Fault = v.InferInput<typeof faultSchema>;
export type ActiveFault = v.InferOutput<typeof faultSchema>;

export type FaultList = {
  readonly add: (fault: Fault) => void;
  readonly clear: () => void;
  /** The fault that befalls this call, used up by one. */
  readonly take: (on: FaultCall | 'notice') => ActiveFault | null;
};

export function createFaultList(): FaultList {
  let active: { fault: ActiveFault; left: number }[] = [];
  return {
    add: (fault) => {
      const whole = v.parse(faultSchema, fault);
      active.push({ fault: whole, left: whole.times });
    },
    clear: () => {
      active = [];
    },
    take: (on) => {
      const entry = active.find(
        ({ fault }) => fault.on === on || (fault.on === 'any-call' && on !== 'notice'),
      );
      if (entry === undefined) return null;
      entry.left -= 1;
      active = active.filter(({ left }) => left > 0);
      return entry.fault;
    },
  };
}
