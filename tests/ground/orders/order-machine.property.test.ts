// Whatever journals, wallet and persons say, in whatever order and however often: an order is asked for once.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, evolve, nextStep } from '../../../ground/orders/order-machine.ts';
import { isFinal, type Order, type OrderEvent } from '../../../ground/orders/order.ts';
import type { WalletOrderStatus, WalletProblem } from '../../../ground/wallets/wallet.ts';

const FRESH: Order = {
  state: 'ENROLLED',
  netMinor: 0,
  sentBody: null,
  totalMinor: null,
  paidMinor: null,
  transactionId: null,
  code: null,
  tries: 0,
};

const amount = fc.integer({ min: 0, max: 60_000 });
const maybeAmount = fc.option(amount);

const counted: fc.Arbitrary<OrderEvent> = fc
  .record({
    netMinor: amount,
    fault: fc.option(fc.constant('a broken rule'), { freq: 8 }),
    undecided: fc.nat({ max: 1 }),
    isReady: fc.boolean(),
    isClosing: fc.boolean(),
  })
  .map((event) => ({ kind: 'counted', hasSales: event.netMinor > 0, ...event }));

const frozen: fc.Arbitrary<OrderEvent> = fc
  .record({ body: fc.string(), totalMinor: amount })
  .map(({ body, totalMinor }) => ({
    kind: 'frozen',
    body,
    totalMinor,
    netMinor: totalMinor,
    limitMinor: 50_000,
  }));

const reduced: fc.Arbitrary<OrderEvent> = fc
  .record({ body: fc.string(), totalMinor: amount })
  .map((event) => ({ kind: 'reduced-to-cap', ...event }));

const STATES: readonly WalletOrderStatus['state'][] = [
  'open',
  'unconfirmed',
  'collecting',
  'paid',
  'released',
  'expired',
];
const said: fc.Arbitrary<OrderEvent> = fc
  .record({
    via: fc.constantFrom('answer' as const, 'query' as const, 'notice' as const),
    status: fc.record({
      state: fc.constantFrom(...STATES),
      totalMinor: maybeAmount,
      paidMinor: maybeAmount,
      transactionId: fc.option(fc.constant('4200000000')),
      mustActCode: fc.option(fc.constant('271316574')),
    }),
  })
  .map((event) => ({ kind: 'wallet-said', ...event }));

const PROBLEMS: readonly WalletProblem['kind'][] = [
  'wrong-state',
  'over-cap',
  'deduction-running',
  'bad-signature',
  'no-answer',
  'too-fast',
  'unknown-order',
  'rejected',
];
const refused: fc.Arbitrary<OrderEvent> = fc
  .record({
    step: fc.constantFrom('complete' as const, 'cancel' as const, 'lower' as const, 'query' as const),
    problem: fc.record({ kind: fc.constantFrom(...PROBLEMS), code: fc.constant('c1') }),
  })
  .map((event) => ({ kind: 'wallet-refused', ...event }));

const act: fc.Arbitrary<OrderEvent> = fc.constantFrom<OrderEvent>(
  { kind: 'written-off', why: 'gone' },
  { kind: 'sent-on', why: 'looked at' },
  { kind: 'no-show', why: 'not aboard' },
);

const anything = fc.array(fc.oneof(counted, frozen, reduced, said, said, said, refused, act), {
  maxLength: 30,
});

/** An order all terminals are in for, frozen and sent: most lives begin there, or few would get beyond it. */
const SENT: readonly OrderEvent[] = [
  {
    kind: 'counted',
    netMinor: 20_000,
    hasSales: true,
    fault: null,
    undecided: 0,
    isReady: true,
    isClosing: true,
  },
  { kind: 'frozen', body: 'the body', totalMinor: 20_000, netMinor: 20_000, limitMinor: 50_000 },
];
const life = fc.oneof(
  anything,
  anything.map((events) => [...SENT, ...events]),
);

/** Every order the events lead through, with the event that led there; what is not possible changes nothing. */
function walk(events: readonly OrderEvent[]): readonly { before: Order; event: OrderEvent; after: Order }[] {
  let order = FRESH;
  return events.map((event) => {
    const before = order;
    const decided = decide(order, event);
    if (decided.ok && decided.value !== null) order = evolve(order, decided.value);
    return { before, event, after: order };
  });
}

const always = (holds: (step: ReturnType<typeof walk>[number]) => void): void => {
  fc.assert(
    fc.property(life, (events) => {
      for (const step of walk(events)) holds(step);
    }),
    { numRuns: 3000 },
  );
};

describe('an order, whatever happens to it', () => {
  it('has one frozen body: a second freeze is not possible, and only a cap the wallet named makes it smaller', () => {
    always(({ before, event, after }) => {
      if (before.sentBody === null || before.sentBody === after.sentBody) return;
      expect(event.kind).toBe('reduced-to-cap');
      expect(after.totalMinor).toBeLessThan(before.totalMinor ?? 0);
    });
  });

  it('is never asked for more than it was asked for first', () => {
    always(({ before, after }) => {
      if (before.totalMinor === null || after.totalMinor === null || before.sentBody === null) return;
      expect(after.totalMinor).toBeLessThanOrEqual(Math.max(before.totalMinor, after.paidMinor ?? 0));
    });
  });

  it('that is paid asks the wallet for nothing more', () => {
    always(({ after }) => {
      if (after.state === 'PAID') expect(nextStep(after)).toBeNull();
    });
  });

  it('that was sent is resumed by a query, never completed as if it were new', () => {
    always(({ after }) => {
      if (after.sentBody !== null) expect(nextStep(after)).not.toBe('complete');
    });
  });

  it('is cancelled at the wallet only while nothing was asked for', () => {
    always(({ after }) => {
      if (nextStep(after) === 'cancel') expect(after.sentBody).toBeNull();
    });
  });

  it('is at rest for good, or has a next step, or waits for journals or a person', () => {
    const waiting = new Set(['ENROLLED', 'OPEN', 'AGGREGATING', 'MANUAL']);
    always(({ after }) => {
      if (nextStep(after) !== null || isFinal(after)) return;
      expect(waiting.has(after.state) || after.state === 'LATE_EXCESS').toBe(true);
    });
  });
});
