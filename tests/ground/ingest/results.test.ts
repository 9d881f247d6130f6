import { afterEach, describe, expect, it } from 'vitest';
import { addDeny } from '../../../ground/flights/deny-list.ts';
import { billOutcome, type BillFacts } from '../../../ground/ingest/bill-outcome.ts';
import { composeResult, newestResult, publishResultsJob } from '../../../ground/ingest/results.ts';
import { enqueue } from '../../../ground/jobs/jobs.ts';
import { runUntilIdle } from '../../../ground/jobs/run-jobs.ts';
import { isForward } from '../../../domain/settlement/result-file.ts';
import type { OrderState } from '../../../ground/database/tables.ts';
import {
  billBody,
  flyOrdinaryFlight,
  openBill,
  openFlight,
  personAt,
  saleBody,
  startJournal,
} from '../../domain/settlement/journal-scene.ts';
import {
  AIRLINE,
  closeWith,
  deliver,
  openIngestScene,
  readResult,
  sealBatch,
  setOrder,
  type IngestScene,
} from './ingest-scene.ts';

const opened: IngestScene[] = [];
async function open(): Promise<IngestScene> {
  const test = await openIngestScene();
  opened.push(test);
  return test;
}
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

async function deliverOrdinary(test: IngestScene): Promise<string> {
  const batch = await sealBatch(test.scene, flyOrdinaryFlight(test.scene));
  await deliver(test, batch);
  return batch.batchId;
}

async function compose(test: IngestScene, batchId: string) {
  const jws = await composeResult(test.ground, AIRLINE, batchId);
  if (jws === null) throw new Error('no result');
  return await readResult(test, jws);
}

const facts = (change: Partial<BillFacts> = {}, state: OrderState = 'PAID'): BillFacts => ({
  bill: 'T-0001.1.4',
  amountMinor: 4750,
  setAside: 'no',
  order: { state, transactionId: '4200', code: 'PAYMENT_FAIL' },
  ...change,
});

describe('what a result says of a bill', () => {
  it.each<[OrderState, string, string]>([
    ['ENROLLED', 'PENDING', ''],
    ['OPEN', 'PENDING', ''],
    ['AGGREGATING', 'PENDING', ''],
    ['READY', 'PENDING', ''],
    ['COMPLETE_SENT', 'PENDING', ''],
    ['USER_PAYING', 'PENDING', ''],
    ['PAID', 'CHARGED', ''],
    ['LOWERED', 'LOWERED', ''],
    ['UNPAID_RETRY', 'FAILED', 'PAYMENT_FAIL'],
    ['WRITTEN_OFF', 'FAILED', 'PAYMENT_FAIL'],
    ['LATE_EXCESS', 'EXCESS', ''],
    ['MANUAL', 'MANUAL', ''],
  ])('%s is %s', (state, status, code) => {
    expect(billOutcome(facts({}, state))).toEqual({
      bill: 'T-0001.1.4',
      status,
      amt: 4750,
      ref: '4200',
      code,
    });
  });

  it('with nothing left to pay, a cancelled order is done; with something left, it is odd', () => {
    expect(billOutcome(facts({ amountMinor: 0 }, 'CANCELLED'))).toMatchObject({ status: 'CHARGED', amt: 0 });
    expect(billOutcome(facts({}, 'CANCELLED'))).toMatchObject({ status: 'MANUAL' });
  });

  it('waits for a person when it was set aside or belongs to nobody, and follows the decision', () => {
    expect(billOutcome(facts({ setAside: 'undecided' }))).toMatchObject({ status: 'MANUAL', ref: '' });
    expect(billOutcome(facts({ order: null }))).toMatchObject({ status: 'MANUAL' });
    expect(billOutcome(facts({ setAside: 'accepted' }))).toMatchObject({ status: 'CHARGED' });
    expect(billOutcome(facts({ setAside: 'dropped' }))).toMatchObject({ status: 'LOWERED', amt: 0 });
  });

  it('moves forward on the way of an ordinary order', () => {
    const way: OrderState[] = ['OPEN', 'USER_PAYING', 'UNPAID_RETRY', 'PAID'];
    const statuses = way.map((state) => billOutcome(facts({}, state)).status);
    expect(statuses).toEqual(['PENDING', 'PENDING', 'FAILED', 'CHARGED']);
    expect(isForward('PENDING', 'FAILED') && isForward('FAILED', 'CHARGED')).toBe(true);
  });
});

describe('a result file', () => {
  it('names every bill of the batch, what it comes to, and the lists in force', async () => {
    const test = await open();
    const batchId = await deliverOrdinary(test);
    const anna = personAt(test.scene, '12C').claims.cti;
    await setOrder(test, anna, { state: 'PAID', transaction_id: '42000001' });
    const denied = await addDeny(test.ground, AIRLINE, { cti: anna, why: 'unpaid', by: 'test' });
    expect(await compose(test, batchId)).toEqual({
      v: 1,
      batchId,
      dev: 'T-0001',
      ep: 1,
      status: 'ACCEPTED',
      ackSeq: 17,
      resendFrom: null,
      at: test.clock.nowMs,
      bills: [
        { bill: 'T-0001.1.4', status: 'CHARGED', amt: 4750, ref: '42000001', code: '' },
        { bill: 'T-0001.1.10', status: 'PENDING', amt: 3800, ref: '', code: '' },
      ],
      deny: { version: denied.ok ? denied.value.version : 0, add: [anna] },
      trustVersion: 1,
    });
  });

  it('is made anew only when it has something new to say', async () => {
    const test = await open();
    const batchId = await deliverOrdinary(test);
    const first = await composeResult(test.ground, AIRLINE, batchId);
    test.clock.nowMs += 1000;
    expect(await composeResult(test.ground, AIRLINE, batchId)).toBe(first);
    await setOrder(test, personAt(test.scene, '7C').claims.cti, { state: 'UNPAID_RETRY', code: 'NOTENOUGH' });
    await enqueue(test.ground.db, { kind: 'publish-results', key: test.leg, payload: {}, runAtMs: 0 });
    expect(await runUntilIdle(test.ground, { 'publish-results': publishResultsJob })).toBe(1);
    const newest = await newestResult(test.ground, AIRLINE, batchId);
    expect(newest?.n).toBe(2);
    const result = await readResult(test, newest?.jws ?? '');
    expect(result.bills[1]).toMatchObject({ status: 'FAILED', code: 'NOTENOUGH' });
    expect(await runUntilIdle(test.ground, { 'publish-results': publishResultsJob })).toBe(0);
  });

  it('is made once when many make it at the same time', async () => {
    const test = await open();
    const batchId = await deliverOrdinary(test);
    await Promise.all(Array.from({ length: 8 }, () => composeResult(test.ground, AIRLINE, batchId)));
    expect((await newestResult(test.ground, AIRLINE, batchId))?.n).toBe(1);
  });

  it('speaks of a bill as a whole where it went on after the batch', async () => {
    const test = await open();
    const { scene } = test;
    const journal = startJournal(scene);
    openFlight(scene, journal);
    const bill = openBill(scene, journal, personAt(scene, '12C'));
    journal.add('SALE', saleBody(bill));
    const first = await sealBatch(scene, journal);
    await deliver(test, first);
    journal.add('SALE', saleBody(bill));
    closeWith(scene, journal);
    const second = await sealBatch(scene, journal, 6);
    await deliver(test, second);
    for (const { batchId } of [first, second]) {
      expect((await compose(test, batchId)).bills).toEqual([
        { bill: bill.id, status: 'PENDING', amt: 10_000, ref: '', code: '' },
      ]);
    }
  });

  it('shows a bill set aside as one for a person', async () => {
    const test = await open();
    const { scene } = test;
    const journal = startJournal(scene);
    openFlight(scene, journal);
    const { cti } = personAt(scene, '12C').claims;
    const seq = journal.add('BILL_OPEN', billBody(scene, personAt(scene, '12C'), 1));
    const id = `T-0001.1.${seq.toString()}`;
    journal.add('SALE', saleBody({ id, cti, auth: 1 }));
    closeWith(scene, journal);
    const batch = await sealBatch(scene, journal);
    await deliver(test, batch);
    const result = await compose(test, batch.batchId);
    expect(result).toMatchObject({ status: 'PARTIAL', bills: [{ bill: id, status: 'MANUAL', amt: 5000 }] });
  });

  it('leaves out of a bill the single lines that wait or were dropped', async () => {
    const test = await open();
    const batchId = await deliverOrdinary(test);
    const { cti } = personAt(test.scene, '7C').claims;
    // The noodles of 7C: 38 yuan, the last of the bill's wallet sales.
    const line = { airline: AIRLINE, leg: test.leg, dev: 'T-0001', ep: 1, seq: 13, at_ms: 0 };
    await test.ground.db
      .insertInto('set_aside')
      .values({ ...line, bill: 'T-0001.1.10', cti, why: 'no copy', scope: 'line' })
      .execute();
    expect((await compose(test, batchId)).bills[1]).toMatchObject({ status: 'PENDING', amt: 0 });
    await test.ground.db.updateTable('set_aside').set({ decision: 'accepted' }).execute();
    expect((await compose(test, batchId)).bills[1]).toMatchObject({ status: 'PENDING', amt: 3800 });
  });

  it('is not made for a batch nobody knows', async () => {
    const test = await open();
    expect(await composeResult(test.ground, AIRLINE, 'a'.repeat(26))).toBeNull();
  });
});
