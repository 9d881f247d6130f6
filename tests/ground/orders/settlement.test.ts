import { afterEach, describe, expect, it } from 'vitest';
import {
  acceptSetAside,
  dropSetAside,
  recordPaidElsewhere,
  releaseNoShow,
  writeOff,
} from '../../../ground/orders/acts.ts';
import { phoneOrder } from '../../../ground/orders/phone-order.ts';
import { refundOrder } from '../../../ground/orders/refund-order.ts';
import {
  cancelFlight,
  declareTerminalLost,
  releaseLeg,
  releaseTerminal,
} from '../../../ground/orders/terminal-acts.ts';
import {
  openSettlementScene,
  type SceneOptions,
  type SettlementScene,
} from '../../support/settlement-scene.ts';

const open: SettlementScene[] = [];

async function scene(options: SceneOptions = {}): Promise<SettlementScene> {
  const opened = await openSettlementScene(options);
  open.push(opened);
  return opened;
}

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function terminalOf({ terminals }: SettlementScene, index = 0) {
  const terminal = terminals[index];
  if (terminal === undefined) throw new Error(`there is no terminal ${index.toString()}`);
  return terminal;
}

describe('a flight that is delivered', () => {
  it('is charged to each passenger once, to the fen, and released where nothing was bought', async () => {
    const flight = await scene();
    const [anna, ben, carl] = [await flight.enrol(), await flight.enrol(), await flight.enrol()];
    const till = terminalOf(flight);
    till.sell(anna, 2500, 2);
    till.takeBack(till.sell(ben, 800, 3));
    till.sell(ben, 3800);
    till.practise(ben, 9900);
    till.close();
    expect(await flight.deliver(till)).toBe('ACCEPTED');
    await flight.workUntilState(anna, 'PAID');
    await flight.workUntilState(ben, 'PAID');
    await flight.workUntilState(carl, 'CANCELLED');
    expect(flight.bookOf(anna)).toMatchObject({ chargedMinor: 5000, completes: 1, completeCalls: 1 });
    expect(flight.bookOf(ben)).toMatchObject({ chargedMinor: 3800, completes: 1, completeCalls: 1 });
    expect(flight.bookOf(carl)).toMatchObject({ chargedMinor: 0, completes: 0 });
    expect(flight.wechat.books().chargedMinor).toBe(till.netMinor());
    const { status } = await flight.ground.db.selectFrom('flight').select('status').executeTakeFirstOrThrow();
    expect(status).toBe('settled');
  });
});

const HOUR_MS = 3_600_000;

async function followUpsOf({ ground }: SettlementScene): Promise<readonly string[]> {
  const rows = await ground.db
    .selectFrom('follow_up')
    .select('kind')
    .where('resolved_at_ms', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map(({ kind }) => kind);
}

async function deniedOf({ ground }: SettlementScene): Promise<readonly string[]> {
  const rows = await ground.db.selectFrom('deny').select('cti').where('removed_at_ms', 'is', null).execute();
  return rows.map(({ cti }) => cti);
}

describe('a wallet that does not answer (threats.md 60)', () => {
  it('has taken the order although its answer was lost: one charge', async () => {
    const flight = await scene({ timeoutMs: 300 });
    const anna = await flight.enrol();
    const till = terminalOf(flight);
    till.sell(anna, 2500);
    till.close();
    flight.wechat.control.addFault({ on: 'complete', kind: 'hang-after' });
    await flight.deliver(till);
    await flight.workUntilState(anna, 'PAID');
    expect(flight.bookOf(anna)).toMatchObject({ chargedMinor: 2500, completes: 1, completeCalls: 1 });
  });

  it('never got it: the same bytes are sent again, after a query and a second apart', async () => {
    const flight = await scene({ leastGapMs: 900 });
    const anna = await flight.enrol();
    const till = terminalOf(flight);
    till.sell(anna, 2500);
    till.close();
    flight.wechat.control.addFault({ on: 'complete', kind: 'drop-before' });
    flight.wechat.control.addFault({ on: 'complete', kind: 'status', status: 502 });
    await flight.deliver(till);
    await flight.workUntilState(anna, 'PAID');
    expect(flight.bookOf(anna)).toMatchObject({ chargedMinor: 2500, completes: 1, completeCalls: 1 });
    const causes = await flight.ground.db
      .selectFrom('order_transition')
      .select(['to_state', 'cause'])
      .where('order_number', '=', anna.orderNumber)
      .orderBy('id')
      .execute();
    expect(causes.filter(({ cause }) => cause === 'complete: no-answer')).toHaveLength(2);
  });

  it('answers with a signature that is not its own: nothing in it is believed, the query is', async () => {
    const flight = await scene();
    const anna = await flight.enrol();
    const till = terminalOf(flight);
    till.sell(anna, 2500);
    till.close();
    flight.wechat.control.addFault({ on: 'complete', kind: 'bad-signature' });
    flight.wechat.control.addFault({ on: 'notice', kind: 'lost' });
    await flight.deliver(till);
    await flight.workUntilState(anna, 'PAID');
    expect(flight.bookOf(anna)).toMatchObject({ chargedMinor: 2500, completes: 1 });
  });

  it('released an empty order although its answer was lost', async () => {
    const flight = await scene();
    const carl = await flight.enrol();
    const till = terminalOf(flight);
    till.close();
    flight.wechat.control.addFault({ on: 'cancel', kind: 'drop-after' });
    await flight.deliver(till);
    await flight.workUntilState(carl, 'CANCELLED');
    expect(flight.bookOf(carl).state).toMatch(/REVOKED/);
  });
});

describe('a flight with four terminals (threats.md 61)', () => {
  it('is not charged before the last of them is in', async () => {
    const flight = await scene({ terminals: 4 });
    const anna = await flight.enrol();
    for (const till of flight.terminals) {
      till.sell(anna, 1000);
      till.close();
    }
    for (const till of flight.terminals.slice(0, 3)) await flight.deliver(till);
    await flight.work();
    expect(await flight.stateOf(anna)).toBe('AGGREGATING');
    expect(flight.bookOf(anna).completeCalls).toBe(0);
    await flight.deliver(terminalOf(flight, 3));
    await flight.workUntilState(anna, 'PAID');
    expect(flight.bookOf(anna)).toMatchObject({ chargedMinor: 4000, completes: 1 });
  });

  it('is charged without the late one when a day has passed; what it brings then is for a person', async () => {
    const flight = await scene({ terminals: 4 });
    const anna = await flight.enrol();
    for (const till of flight.terminals) {
      till.sell(anna, 1000);
      till.close();
    }
    for (const till of flight.terminals.slice(0, 3)) await flight.deliver(till);
    await flight.work();
    flight.setForward(flight.sta * 1000 + 23 * HOUR_MS - Date.now());
    await flight.work();
    expect(await flight.stateOf(anna)).toBe('AGGREGATING');
    flight.setForward(1.1 * HOUR_MS);
    await flight.workUntilState(anna, 'PAID');
    expect(flight.bookOf(anna)).toMatchObject({ chargedMinor: 3000, completes: 1 });
    await flight.deliver(terminalOf(flight, 3));
    await flight.workUntilState(anna, 'LATE_EXCESS');
    expect(flight.bookOf(anna)).toMatchObject({ chargedMinor: 3000, completes: 1, completeCalls: 1 });
    expect(await followUpsOf(flight)).toContain('late-events');
  });

  it('does not wait for those the purser called unused', async () => {
    const flight = await scene({ terminals: 4 });
    const anna = await flight.enrol();
    const till = terminalOf(flight);
    till.sell(anna, 1000);
    till.close(['T-0002', 'T-0003', 'T-0004']);
    await flight.deliver(till);
    await flight.workUntilState(anna, 'PAID');
    expect(flight.bookOf(anna).chargedMinor).toBe(1000);
  });
});

describe('a batch that comes twice (threats.md 55)', () => {
  it('is charged once, also with the passenger’s own copies beside it', async () => {
    const flight = await scene();
    const anna = await flight.enrol();
    const till = terminalOf(flight);
    const seq = till.sell(anna, 2500);
    till.close();
    expect(await flight.handIn(anna, [till.lineOf(seq)])).toEqual(['kept']);
    await flight.deliver(till);
    expect(await flight.deliver(till)).toBe('DUPLICATE');
    await flight.workUntilState(anna, 'PAID');
    await flight.deliver(till);
    await flight.handIn(anna, [till.lineOf(seq)]);
    await flight.work();
    expect(flight.bookOf(anna)).toMatchObject({ chargedMinor: 2500, completes: 1 });
    expect(await flight.stateOf(anna)).toBe('PAID');
  });
});

describe('a terminal that is lost', () => {
  it('is settled once from the passengers’ copies, and its own batch changes nothing later', async () => {
    const flight = await scene({ terminals: 2 });
    const [anna, ben] = [await flight.enrol(), await flight.enrol()];
    const [here, lost] = [terminalOf(flight, 0), terminalOf(flight, 1)];
    here.sell(anna, 1000);
    here.close();
    const copies = [lost.sell(anna, 700), lost.sell(anna, 300)];
    lost.takeBack(copies[1] ?? 0);
    lost.sell(ben, 500);
    lost.close();
    await flight.deliver(here);
    await flight.handIn(
      anna,
      copies.map((seq) => lost.lineOf(seq)),
    );
    await flight.handIn(anna, [lost.lineOf((copies[1] ?? 0) + 1)]);
    await flight.work();
    expect(await flight.stateOf(anna)).toBe('AGGREGATING');
    const { airline, leg } = flight;
    const act = { who: 'ops', airline, leg, dev: lost.dev, why: 'left in a taxi' };
    expect((await declareTerminalLost(flight.ground, act)).ok).toBe(true);
    await flight.workUntilState(anna, 'PAID');
    await flight.workUntilState(ben, 'CANCELLED');
    expect(flight.bookOf(anna)).toMatchObject({ chargedMinor: 1700, completes: 1 });
    // Found again: what the copies said stands, Ben's sale is for a person to decide on.
    expect(await flight.deliver(lost)).toBe('PARTIAL');
    await flight.work();
    expect(await flight.stateOf(anna)).toBe('PAID');
    expect(flight.bookOf(anna)).toMatchObject({ chargedMinor: 1700, completes: 1, refundedMinor: 0 });
    expect(await flight.stateOf(ben)).toBe('CANCELLED');
    expect(await followUpsOf(flight)).toContain('set-aside');
  });
});

describe('a lost terminal that turns up before its flight is settled', () => {
  it('is charged for what copies bear out, line by line; the rest waits', async () => {
    const flight = await scene({ terminals: 2 });
    const anna = await flight.enrol();
    const [here, lost] = [terminalOf(flight, 0), terminalOf(flight, 1)];
    here.close();
    const copied = lost.sell(anna, 700);
    lost.sell(anna, 300);
    lost.close();
    await flight.handIn(anna, [lost.lineOf(copied)]);
    const { airline, leg } = flight;
    const act = { who: 'ops', airline, leg, dev: lost.dev, why: 'left in a taxi' };
    await declareTerminalLost(flight.ground, act);
    expect(await flight.deliver(lost)).toBe('PARTIAL');
    await flight.deliver(here);
    await flight.workUntilState(anna, 'PAID');
    expect(flight.bookOf(anna)).toMatchObject({ chargedMinor: 700, completes: 1 });
  });
});

describe('bills nothing vouches for (threats.md 53)', () => {
  it('wait for a person while the others are charged, and count once accepted', async () => {
    const flight = await scene();
    const [anna, ben] = [await flight.enrol(), await flight.enrol()];
    const till = terminalOf(flight);
    till.sell(anna, 2500);
    till.sellUnproved(ben, 9900);
    till.close();
    expect(await flight.deliver(till)).toBe('PARTIAL');
    await flight.workUntilState(anna, 'PAID');
    expect(await flight.stateOf(ben)).toBe('MANUAL');
    expect(flight.bookOf(ben).completeCalls).toBe(0);
    const aside = await flight.ground.db.selectFrom('set_aside').selectAll().executeTakeFirstOrThrow();
    const { dev, ep, seq } = aside;
    const act = { who: 'finance', airline: flight.airline, dev, ep, seq, why: 'the passenger agrees' };
    expect((await acceptSetAside(flight.ground, act)).ok).toBe(true);
    await flight.workUntilState(ben, 'PAID');
    expect(flight.bookOf(ben)).toMatchObject({ chargedMinor: 9900, completes: 1 });
    expect((await dropSetAside(flight.ground, act)).ok).toBe(false);
  });

  it('are released when a person drops them', async () => {
    const flight = await scene();
    const ben = await flight.enrol();
    const till = terminalOf(flight);
    till.sellUnproved(ben, 9900);
    till.close();
    await flight.deliver(till);
    await flight.workUntilState(ben, 'MANUAL');
    const aside = await flight.ground.db.selectFrom('set_aside').selectAll().executeTakeFirstOrThrow();
    const { dev, ep, seq } = aside;
    await dropSetAside(flight.ground, {
      who: 'finance',
      airline: flight.airline,
      dev,
      ep,
      seq,
      why: 'made up',
    });
    await flight.workUntilState(ben, 'CANCELLED');
    expect(flight.bookOf(ben).chargedMinor).toBe(0);
  });
});

describe('a passenger who does not pay at once', () => {
  it('is listed and denied on the next flight, and cleared by paying in the wallet', async () => {
    const flight = await scene();
    const anna = await flight.enrol('p-720-77-never');
    const till = terminalOf(flight);
    till.sell(anna, 2500);
    till.close();
    await flight.deliver(till);
    await flight.workUntilState(anna, 'UNPAID_RETRY');
    expect(await followUpsOf(flight)).toContain('passenger-must-act');
    expect(await deniedOf(flight)).toEqual([anna.cti]);
    expect(await phoneOrder(flight.ground, anna.cti)).toMatchObject({
      state: 'must-act',
      act: 'pay-in-wallet',
    });
    flight.wechat.control.payInWallet(anna.orderNumber);
    await flight.workUntilState(anna, 'PAID');
    expect(await deniedOf(flight)).toEqual([]);
    expect(await followUpsOf(flight)).toEqual([]);
    expect(await phoneOrder(flight.ground, anna.cti)).toMatchObject({ state: 'paid', paidMinor: 2500 });
  });

  it('pays late, and nobody has to do anything', async () => {
    const flight = await scene();
    const anna = await flight.enrol('p-720-78-tries2');
    const till = terminalOf(flight);
    till.sell(anna, 2500);
    till.close();
    await flight.deliver(till);
    await flight.workUntilState(anna, 'PAID');
    expect(flight.bookOf(anna)).toMatchObject({ chargedMinor: 2500, completes: 1 });
  });

  it('pays elsewhere, and the wallet is told', async () => {
    const flight = await scene();
    const anna = await flight.enrol('p-720-79-elsewhere');
    const till = terminalOf(flight);
    till.sell(anna, 2500);
    till.close();
    await flight.deliver(till);
    await flight.workUntilState(anna, 'USER_PAYING', 'UNPAID_RETRY');
    const { airline, ground } = flight;
    const { orderNumber } = anna;
    const act = { who: 'finance', airline, orderNumber, why: 'cash', paidAtMs: ground.nowMs() - 1000 };
    expect(await recordPaidElsewhere(ground, act)).toMatchObject({ ok: true });
    expect(await flight.stateOf(anna)).toBe('PAID');
    expect(flight.bookOf(anna).chargedMinor).toBe(0);
  });

  it('is written off by a person, with who and why on record', async () => {
    const flight = await scene();
    const anna = await flight.enrol('p-720-80-never');
    const till = terminalOf(flight);
    till.sell(anna, 2500);
    till.close();
    await flight.deliver(till);
    await flight.workUntilState(anna, 'UNPAID_RETRY');
    const { airline, ground } = flight;
    const act = { who: 'finance', airline, orderNumber: anna.orderNumber, why: 'a year old' };
    expect((await writeOff(ground, act)).ok).toBe(true);
    expect(await flight.stateOf(anna)).toBe('WRITTEN_OFF');
    expect((await writeOff(ground, act)).ok).toBe(false);
    expect((await writeOff(ground, { ...act, airline: 'XX' })).ok).toBe(false);
    const entry = await ground.db
      .selectFrom('audit')
      .selectAll()
      .where('what', '=', 'order-written-off')
      .execute();
    expect(entry).toMatchObject([{ who: 'finance', detail: { order: anna.orderNumber, why: 'a year old' } }]);
  });
});

describe('lines that take something back after the order was sent', () => {
  it('lower it while the wallet collects', async () => {
    const flight = await scene({ terminals: 2 });
    const anna = await flight.enrol('p-720-81-never');
    const [early, late] = [terminalOf(flight, 0), terminalOf(flight, 1)];
    early.sell(anna, 1000);
    early.close();
    const sold = late.sell(anna, 500);
    await flight.deliver(early);
    await flight.handIn(anna, [late.lineOf(sold)]);
    const { airline, leg, ground } = flight;
    await releaseTerminal(ground, { who: 'ops', airline, leg, dev: late.dev, why: 'no answer' });
    await flight.workUntilState(anna, 'USER_PAYING', 'UNPAID_RETRY');
    expect(flight.bookOf(anna).totalMinor).toBe(1500);
    late.takeBack(sold);
    late.close();
    await flight.deliver(late);
    await flight.workUntil(() => Promise.resolve(flight.bookOf(anna).totalMinor === 1000));
    flight.wechat.control.payInWallet(anna.orderNumber);
    await flight.workUntilState(anna, 'PAID');
    expect(flight.bookOf(anna)).toMatchObject({ chargedMinor: 1000, completes: 1 });
  });

  it('are given back by a person once it is paid, and once only', async () => {
    const flight = await scene({ terminals: 2 });
    const anna = await flight.enrol();
    const [early, late] = [terminalOf(flight, 0), terminalOf(flight, 1)];
    early.sell(anna, 1000);
    early.close();
    const sold = late.sell(anna, 500);
    await flight.deliver(early);
    await flight.handIn(anna, [late.lineOf(sold)]);
    const { airline, leg, ground } = flight;
    await releaseLeg(ground, { who: 'ops', airline, leg, why: 'no answer' });
    await flight.workUntilState(anna, 'PAID');
    late.takeBack(sold);
    late.close();
    await flight.deliver(late);
    await flight.workUntil(async () => (await followUpsOf(flight)).includes('late-events'));
    const act = {
      who: 'finance',
      airline,
      orderNumber: anna.orderNumber,
      amountMinor: 500,
      why: 'taken back',
    };
    flight.wechat.control.addFault({ on: 'refund', kind: 'drop-after' });
    expect(await refundOrder(ground, act)).toMatchObject({
      ok: false,
      error: { kind: 'wallet-unreachable' },
    });
    expect(await refundOrder(ground, act)).toMatchObject({ ok: true });
    expect(flight.bookOf(anna)).toMatchObject({ chargedMinor: 1500, refundedMinor: 500 });
    expect(await followUpsOf(flight)).not.toContain('late-events');
    const tooMuch = await refundOrder(ground, { ...act, amountMinor: 1001 });
    expect(tooMuch).toMatchObject({ ok: false, error: { kind: 'not-possible' } });
  });
});

describe('an order over its limit', () => {
  it('is charged as far as the wallet goes, and listed', async () => {
    const flight = await scene({ capMinor: 60_000 });
    const [anna, ben] = [await flight.enrol('p-720-91', 50_000), await flight.enrol('p-720-92', 50_000)];
    const till = terminalOf(flight);
    till.sell(anna, 55_000);
    till.sell(ben, 70_000);
    till.close();
    await flight.deliver(till);
    await flight.workUntilState(anna, 'PAID');
    await flight.workUntilState(ben, 'PAID');
    expect(flight.bookOf(anna)).toMatchObject({ chargedMinor: 55_000, completes: 1 });
    expect(flight.bookOf(ben)).toMatchObject({ chargedMinor: 50_000, completes: 1 });
    expect(await followUpsOf(flight)).toEqual(['over-limit', 'over-limit']);
  });
});

describe('a flight that does not take place', () => {
  it('releases everybody’s order, so that none of them blocks the next', async () => {
    const flight = await scene();
    const account = 'p-720-95';
    const three = [await flight.enrol(account), await flight.enrol(account), await flight.enrol(account)];
    await expect(flight.enrol(account)).rejects.toThrow('not-accepted');
    const { airline, leg, ground } = flight;
    expect((await cancelFlight(ground, { who: 'ops', airline, leg, why: 'fog' })).ok).toBe(true);
    for (const customer of three) await flight.workUntilState(customer, 'CANCELLED');
    await expect(flight.enrol(account)).resolves.toBeDefined();
  });

  it('releases a passenger who does not fly', async () => {
    const flight = await scene();
    const anna = await flight.enrol();
    const { airline, ground } = flight;
    await releaseNoShow(ground, { who: 'ops', airline, orderNumber: anna.orderNumber, why: 'not on board' });
    await flight.workUntilState(anna, 'CANCELLED');
  });
});
