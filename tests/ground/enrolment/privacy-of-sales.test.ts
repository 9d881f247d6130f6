// What terminals deliver names passengers too: their codes, and the bills opened for them.
import { readdir } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { readLine } from '../../../domain/journal/line.ts';
import { purgePersonalData } from '../../../ground/enrolment/purge.ts';
import { receiveSpooled } from '../../../ground/ingest/receive-spooled.ts';
import { riskLedger } from '../../../ground/risk/risk-ledger.ts';
import { flyOrdinaryFlight, personAt } from '../../domain/settlement/journal-scene.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import {
  AIRLINE,
  deliver,
  heldMoney,
  openIngestScene,
  sealBatch,
  setOrder,
  type IngestScene,
} from '../ingest/ingest-scene.ts';
import { dumpDatabase, dumpWithKeys } from './whole-database.ts';

const opened: IngestScene[] = [];
async function openDelivered() {
  const spoolFolder = temporaryFolder();
  const opening = await openIngestScene();
  opened.push(opening);
  const test = { ...opening, ground: { ...opening.ground, spoolFolder } };
  const journal = flyOrdinaryFlight(test.scene);
  expect(await deliver(test, await sealBatch(test.scene, journal))).toMatchObject({ status: 'ACCEPTED' });
  const events = journal.events();
  const secrets = events.flatMap((event) => {
    if (event.ty === 'BILL_OPEN') return [event.b.name];
    return event.ty === 'CRED_SEEN' && 'qr' in event.b ? [event.b.qr] : [];
  });
  expect(new Set(secrets).size).toBeGreaterThan(4);
  return { test, journal, secrets, spoolFolder };
}
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const found = (secrets: readonly string[], text: string): number =>
  secrets.filter((secret) => text.includes(secret)).length;

async function settleAll(test: IngestScene): Promise<void> {
  for (const { claims } of test.scene.people) await setOrder(test, claims.cti, { state: 'PAID' });
}

function passRetention({ clock, scene }: IngestScene): void {
  clock.nowMs = scene.flight.sta * 1000 + 91 * 86_400_000;
}

describe('what a terminal delivered', () => {
  it('names nobody in clear, in the database and in the log', async () => {
    const { test, secrets } = await openDelivered();
    const everything = `${await dumpDatabase(test.ground)}\n${JSON.stringify(test.logged)}`;
    expect(found(secrets, everything)).toBe(0);
    expect(found(secrets, await dumpWithKeys(test.ground, AIRLINE))).toBe(secrets.length);
  });

  it('names nobody, even to who has the keys, when its time is over; the money is all there', async () => {
    const { test, journal, secrets, spoolFolder } = await openDelivered();
    const { ground } = test;
    const day = { airline: AIRLINE, from: test.clock.nowMs - 86_400_000, to: test.clock.nowMs + 86_400_000 };
    const money = await heldMoney(test);
    const risk = await riskLedger(ground, day);
    passRetention(test);
    await settleAll(test);
    const lines = journal.events().filter(({ ty }) => ty === 'CRED_SEEN' || ty === 'BILL_OPEN').length;
    expect(await purgePersonalData(ground)).toMatchObject({ lines, batches: 1 });
    expect(found(secrets, await dumpWithKeys(ground, AIRLINE))).toBe(0);
    expect(await readdir(spoolFolder)).toEqual([]);
    expect(await receiveSpooled(ground)).toBe(0);
    expect(Object.values(await purgePersonalData(ground)).every((count) => count === 0)).toBe(true);
    expect(await heldMoney(test)).toEqual(money);
    expect(await riskLedger(ground, day)).toEqual(risk);
    const rows = await ground.db
      .selectFrom('event')
      .select(['seq', 'ty', 'hash', 'line'])
      .orderBy('seq')
      .execute();
    expect(rows.map(({ hash }) => hash.length)).toEqual(journal.lines.map(() => 43));
    const sold = rows.filter(({ ty }) => ty === 'SALE' || ty === 'VOID');
    expect(sold.map(({ line }) => readLine(line ?? '')?.ty)).toEqual(sold.map(({ ty }) => ty));
  });

  it('of a passenger whose order is open stays until it is settled', async () => {
    const { test } = await openDelivered();
    const { ground } = test;
    await settleAll(test);
    const ben = personAt(test.scene, '7C').claims;
    await setOrder(test, ben.cti, { state: 'UNPAID_RETRY' });
    passRetention(test);
    await purgePersonalData(ground);
    const left = await ground.db
      .selectFrom('event')
      .select('cti')
      .distinct()
      .where('line_sealed', 'is not', null)
      .execute();
    expect(left).toEqual([{ cti: ben.cti }]);
    await setOrder(test, ben.cti, { state: 'WRITTEN_OFF' });
    expect(await purgePersonalData(ground)).toMatchObject({ lines: 2, batches: 1 });
  });

  it('comes too late, and goes the same way', async () => {
    const { test, journal, secrets } = await openDelivered();
    await settleAll(test);
    passRetention(test);
    await purgePersonalData(test.ground);
    await test.ground.db.deleteFrom('event').execute();
    await test.ground.db.deleteFrom('journal_head').execute();
    await test.ground.db.deleteFrom('batch').execute();
    await deliver(test, await sealBatch(test.scene, journal));
    expect(found(secrets, await dumpWithKeys(test.ground, AIRLINE))).toBe(secrets.length);
    test.clock.nowMs += 91 * 86_400_000;
    await purgePersonalData(test.ground);
    expect(found(secrets, await dumpWithKeys(test.ground, AIRLINE))).toBe(0);
  });
});
