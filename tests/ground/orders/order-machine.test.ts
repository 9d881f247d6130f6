import { describe, expect, it } from 'vitest';
import type { OrderState } from '../../../ground/database/tables.ts';
import { decide, evolve, nextStep } from '../../../ground/orders/order-machine.ts';
import type { Order, OrderEvent } from '../../../ground/orders/order.ts';
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

function counted(
  netMinor: number,
  change: Partial<Extract<OrderEvent, { kind: 'counted' }>> = {},
): OrderEvent {
  return {
    kind: 'counted',
    netMinor,
    hasSales: netMinor > 0,
    fault: null,
    undecided: 0,
    isReady: false,
    isClosing: false,
    ...change,
  };
}

function said(state: WalletOrderStatus['state'], change: Partial<WalletOrderStatus> = {}): OrderEvent {
  const nothing = { totalMinor: null, paidMinor: null, transactionId: null, mustActCode: null };
  return { kind: 'wallet-said', via: 'answer', status: { state, ...nothing, ...change } };
}

function refused(
  step: 'complete' | 'cancel' | 'lower' | 'query',
  kind: WalletProblem['kind'],
  code = 'c1',
): OrderEvent {
  return { kind: 'wallet-refused', step, problem: { kind, code } };
}

const frozen = (totalMinor: number, limitMinor = 50_000): OrderEvent => ({
  kind: 'frozen',
  body: `body of ${totalMinor.toString()}`,
  totalMinor,
  netMinor: totalMinor,
  limitMinor,
});

/** The order after the events, each of which must be possible. */
function after(events: readonly OrderEvent[], from: Order = FRESH): Order {
  return events.reduce((order, event) => {
    const decided = decide(order, event);
    if (!decided.ok) throw new Error(`${event.kind} is not possible in ${order.state}`);
    return decided.value === null ? order : evolve(order, decided.value);
  }, from);
}

function effectsOf(order: Order, event: OrderEvent) {
  const decided = decide(order, event);
  return decided.ok ? (decided.value?.effects ?? []) : [];
}

const followUps = (order: Order, event: OrderEvent): readonly string[] =>
  effectsOf(order, event).flatMap((effect) => (effect.kind === 'follow-up' ? [effect.followUp] : []));

const SENT = [counted(7000, { isReady: true }), frozen(7000)];
const COLLECTING = [...SENT, said('collecting', { totalMinor: 7000 })];
const PAID = [...COLLECTING, said('paid', { totalMinor: 7000, paidMinor: 7000, transactionId: '4200' })];

describe('an order from sign-up to payment', () => {
  it('opens with the first sale, adds up while terminals are missing, is ready with the last', () => {
    const open = after([counted(7000)]);
    expect(open.state).toBe('OPEN');
    const adding = after([counted(7000, { isClosing: true })], open);
    expect(adding.state).toBe('AGGREGATING');
    const ready = after([counted(9000, { isClosing: true, isReady: true })], adding);
    expect(ready).toMatchObject({ state: 'READY', netMinor: 9000 });
    expect(nextStep(ready)).toBe('complete');
  });

  it('is sent once, collected and paid, and keeps the transaction', () => {
    expect(after(PAID)).toMatchObject({ state: 'PAID', paidMinor: 7000, transactionId: '4200', code: null });
    expect(nextStep(after(PAID))).toBeNull();
  });

  it('is cancelled when nothing was bought', () => {
    const ready = after([counted(0, { isReady: true })]);
    expect(nextStep(ready)).toBe('cancel');
    expect(after([said('released')], ready).state).toBe('CANCELLED');
  });

  it('is cancelled where the wallet does not even know it', () => {
    const ready = after([counted(0, { isReady: true })]);
    expect(after([refused('cancel', 'unknown-order')], ready).state).toBe('CANCELLED');
  });

  it('cannot be frozen twice, nor before it is ready, nor for nothing', () => {
    for (const events of [SENT, COLLECTING, PAID, [counted(7000)]]) {
      expect(decide(after(events), frozen(7000)).ok).toBe(false);
    }
    expect(decide(after([counted(7000, { isReady: true })]), frozen(0)).ok).toBe(false);
  });

  it('is told to a person when it is over the limit, and sent all the same', () => {
    const ready = after([counted(60_000, { isReady: true })]);
    expect(followUps(ready, frozen(60_000))).toEqual(['over-limit']);
    expect(after([frozen(60_000)], ready).state).toBe('COMPLETE_SENT');
  });

  it('is reduced to what the wallet takes, never raised', () => {
    const sent = after([counted(60_000, { isReady: true }), frozen(60_000)]);
    const reduced = after([{ kind: 'reduced-to-cap', body: 'smaller', totalMinor: 50_000 }], sent);
    expect(reduced).toMatchObject({ state: 'COMPLETE_SENT', totalMinor: 50_000, netMinor: 60_000 });
    const raised = { kind: 'reduced-to-cap', body: 'larger', totalMinor: 55_000 } as const;
    expect(decide(reduced, raised).ok).toBe(false);
  });
});

describe('an order no wallet answers for', () => {
  it('stays where it is, to be queried before it is sent again', () => {
    const silent = after([...SENT, refused('complete', 'no-answer')]);
    expect(silent).toMatchObject({ state: 'COMPLETE_SENT', tries: 1, sentBody: 'body of 7000' });
    expect(nextStep(silent)).toBe('resume-complete');
  });

  it('believes a query that says it had arrived', () => {
    const silent = after([...SENT, refused('complete', 'no-answer')]);
    expect(after([said('collecting', { totalMinor: 7000 })], silent)).toMatchObject({
      state: 'USER_PAYING',
      tries: 0,
    });
  });

  it('is told to a person once, and tried on', () => {
    const events = Array.from({ length: 12 }, () => refused('complete', 'no-answer'));
    let order = after(SENT);
    let told = 0;
    for (const event of events) {
      told += followUps(order, event).length;
      order = after([event], order);
    }
    expect(order.state).toBe('COMPLETE_SENT');
    expect(told).toBe(1);
  });

  it('waits for a person where the wallet refuses for good, and goes on when sent on', () => {
    const manual = after([...SENT, refused('complete', 'rejected', 'PARAM_ERROR')]);
    expect(manual).toMatchObject({ state: 'MANUAL', code: 'PARAM_ERROR', sentBody: 'body of 7000' });
    expect(nextStep(manual)).toBeNull();
    const on = after([{ kind: 'sent-on', why: 'settings corrected' }], manual);
    expect(on).toMatchObject({ state: 'COMPLETE_SENT', sentBody: 'body of 7000' });
    expect(nextStep(on)).toBe('resume-complete');
  });

  it('never sends an order that somebody else released', () => {
    expect(after([...SENT, said('released')]).state).toBe('MANUAL');
  });
});

describe('a passenger who must act', () => {
  const owing = after([...COLLECTING, said('collecting', { totalMinor: 7000, mustActCode: '271316574' })]);

  it('is listed and denied', () => {
    expect(owing).toMatchObject({ state: 'UNPAID_RETRY', code: '271316574' });
    const effects = effectsOf(
      after(COLLECTING),
      said('collecting', { totalMinor: 7000, mustActCode: '271316574' }),
    );
    expect(effects.map((effect) => effect.kind)).toEqual(['follow-up', 'deny']);
  });

  it('is cleared by paying, also after the order was written off', () => {
    const paid = said('paid', { totalMinor: 7000, paidMinor: 7000, transactionId: '4200' });
    expect(after([paid], owing).state).toBe('PAID');
    const writtenOff = after([{ kind: 'written-off', why: 'a year old' }], owing);
    expect(writtenOff.state).toBe('WRITTEN_OFF');
    expect(after([paid], writtenOff)).toMatchObject({ state: 'PAID', paidMinor: 7000 });
    expect(effectsOf(writtenOff, paid).map((effect) => effect.kind)).toContain('clear-denial');
  });
});

describe('lines that come late', () => {
  it('are a receivable when they add to a sent order, and never a second sending', () => {
    for (const events of [SENT, COLLECTING, PAID]) {
      const before = after(events);
      const late = after([counted(9000, { isReady: true })], before);
      expect(late).toMatchObject({ state: 'LATE_EXCESS', totalMinor: 7000, netMinor: 9000 });
      expect(late.paidMinor).toBe(before.paidMinor);
      expect(followUps(before, counted(9000, { isReady: true }))).toEqual(['late-events']);
      expect(nextStep(late)).not.toBe('complete');
    }
  });

  it('lower what is being collected', () => {
    const lower = after([counted(4000, { isReady: true })], after(COLLECTING));
    expect(nextStep(lower)).toBe('lower');
    const lowered = after([said('collecting', { totalMinor: 4000 })], lower);
    expect(lowered).toMatchObject({ state: 'LOWERED', totalMinor: 4000 });
    expect(nextStep(lowered)).toBe('watch');
  });

  it('are given back by a person once it is paid', () => {
    expect(followUps(after(PAID), counted(4000, { isReady: true }))).toEqual(['late-events']);
    const paid = after([counted(4000, { isReady: true })], after(PAID));
    expect(paid).toMatchObject({ state: 'PAID', paidMinor: 7000, netMinor: 4000 });
    expect(nextStep(paid)).toBeNull();
  });

  it('are given back by a person where it was paid before it could be lowered', () => {
    const lower = after([counted(4000, { isReady: true })], after(COLLECTING));
    const paid = said('paid', { totalMinor: 7000, paidMinor: 7000, transactionId: '4200' });
    expect(followUps(lower, paid)).toEqual(['late-events']);
    expect(after([paid], lower).state).toBe('PAID');
  });

  it('are nobody’s debt any more once they are taken back or written off', () => {
    const excess = after([counted(9000, { isReady: true })], after(PAID));
    expect(after([counted(7000, { isReady: true })], excess).state).toBe('PAID');
    const off = after([{ kind: 'written-off', why: 'small' }], excess);
    expect(off.state).toBe('PAID');
    expect(after([counted(9000, { isReady: true })], off).state).toBe('PAID');
  });

  it('are a receivable too when the order had been released as empty', () => {
    const empty = after([counted(0, { isReady: true }), said('released')]);
    const late = after([counted(3000, { isReady: true })], empty);
    expect(late.state).toBe('LATE_EXCESS');
    expect(nextStep(late)).toBeNull();
    expect(after([{ kind: 'written-off', why: 'small' }], late).state).toBe('CANCELLED');
  });

  it('take nothing back while a person has yet to decide', () => {
    const paying = after(COLLECTING);
    expect(after([counted(0, { isReady: true, undecided: 1 })], paying)).toEqual(paying);
  });

  it('find an order that may not have arrived, and it is queried before anything else', () => {
    const late = after([counted(9000, { isReady: true })], after(SENT));
    expect(nextStep(late)).toBe('resume-complete');
  });
});

describe('bills that break a rule or wait', () => {
  it('make the order wait, and it goes on by itself when they are put right', () => {
    const waiting = after([counted(7000, { isReady: true, fault: 'wallet rule: too many' })]);
    expect(waiting).toMatchObject({ state: 'MANUAL', code: 'order-rule' });
    expect(after([counted(5000, { isReady: true })], waiting)).toMatchObject({ state: 'READY', code: null });
  });

  it('keep an order from being released while all its bills wait', () => {
    const waiting = after([counted(0, { isReady: true, hasSales: true, undecided: 1 })]);
    expect(waiting).toMatchObject({ state: 'MANUAL', code: 'set-aside' });
    expect(after([counted(0, { isReady: true, hasSales: true })], waiting).state).toBe('READY');
  });

  it('do not hold up the passenger’s other bills', () => {
    expect(after([counted(7000, { isReady: true, undecided: 1 })])).toMatchObject({
      state: 'READY',
      netMinor: 7000,
    });
  });
});

describe('a person', () => {
  it('releases a passenger who did not fly', () => {
    const ready = after([{ kind: 'no-show', why: 'not on board' }]);
    expect(nextStep(ready)).toBe('cancel');
  });

  it('cannot write off what is sent and unanswered, paid or released', () => {
    const released = after([counted(0, { isReady: true }), said('released')]);
    for (const order of [after(SENT), after(PAID), released]) {
      expect(decide(order, { kind: 'written-off', why: '' }).ok).toBe(false);
    }
  });

  it('gives up an order that never went out, and its allowance is released', () => {
    const manual = after([counted(7000, { isReady: true, fault: 'wallet rule' })]);
    const off = after([{ kind: 'written-off', why: 'not worth it' }], manual);
    expect(nextStep(off)).toBe('give-up');
    expect(nextStep(after([said('released')], off))).toBeNull();
  });
});

describe('notices late and out of order', () => {
  it('change nothing that is behind what is known', () => {
    const states: readonly OrderState[] = ['PAID'];
    for (const stale of [said('open'), said('collecting', { totalMinor: 7000 }), said('paid')]) {
      const order = after([stale], after(PAID));
      expect(states).toContain(order.state);
      expect(order).toEqual(after(PAID));
    }
  });

  it('are told to a person where they contradict what we did', () => {
    expect(after([said('collecting', { totalMinor: 1 })]).state).toBe('MANUAL');
    expect(followUps(FRESH, said('paid'))).toEqual(['wallet-refused']);
    expect(followUps(after([...PAID]), said('expired'))).toEqual(['wallet-refused']);
  });
});
