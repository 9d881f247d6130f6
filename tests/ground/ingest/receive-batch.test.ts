import { afterEach, describe, expect, it } from 'vitest';
import { sealBody } from '../../../domain/settlement/compose-batch.ts';
import { sealEnvelope } from '../../../domain/settlement/envelope.ts';
import { addAirline } from '../../../ground/airlines/airlines.ts';
import { decryptionKeys, makeAirlineKeys } from '../../../ground/airlines/keys.ts';
import type { DatabasePlace } from '../../../ground/database/open-database.ts';
import { gzip } from '../../../ground/gzip.ts';
import { judgeBatchJob, receiveBatch } from '../../../ground/ingest/receive-batch.ts';
import { storeFile } from '../../../ground/ingest/incoming-files.ts';
import { runUntilIdle } from '../../../ground/jobs/run-jobs.ts';
import {
  billBody,
  composeSceneBatch,
  flyOrdinaryFlight,
  openBill,
  openFlight,
  personAt,
  saleBody,
  scan,
  sealScene,
  startJournal,
  voidBody,
} from '../../domain/settlement/journal-scene.ts';
import { startPostgres } from '../../support/postgres.ts';
import {
  addTerminal,
  AIRLINE,
  closeWith,
  deliver,
  followUps,
  heldMoney,
  openIngestScene,
  sealBatch,
  waitingJobs,
  type IngestScene,
} from './ingest-scene.ts';

const postgres = await startPostgres();
const ENGINES: readonly [string, () => Promise<DatabasePlace>][] = [
  ['embedded database', () => Promise.resolve({ kind: 'embedded', dir: null })],
  ['PostgreSQL', async () => ({ kind: 'postgres', url: await postgres.newDatabase() })],
];

const opened: IngestScene[] = [];
async function open(place?: () => Promise<DatabasePlace>): Promise<IngestScene> {
  const test = await openIngestScene(await place?.());
  opened.push(test);
  return test;
}
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const terminals = async (test: IngestScene): Promise<Record<string, string>> => {
  const rows = await test.ground.db.selectFrom('leg_terminal').select(['dev', 'status']).execute();
  return Object.fromEntries(rows.map(({ dev, status }) => [dev, status]));
};

describe.each(ENGINES)('a batch that comes in, on the %s', (_name, place) => {
  it('is taken whole: lines, head, terminal closed, and the flight is to be counted', async () => {
    const test = await open(place);
    const journal = flyOrdinaryFlight(test.scene);
    const batch = await sealBatch(test.scene, journal);
    expect(await deliver(test, batch)).toMatchObject({ status: 'ACCEPTED', why: null, resendFrom: null });
    expect(await heldMoney(test)).toEqual({ lines: journal.lines.length, netMinor: 8550 });
    const head = await test.ground.db.selectFrom('journal_head').selectAll().executeTakeFirstOrThrow();
    expect(head).toMatchObject({ dev: 'T-0001', ep: 1, head_seq: journal.lines.length });
    const row = await test.ground.db.selectFrom('batch').selectAll().executeTakeFirstOrThrow();
    expect(row).toMatchObject({
      batch_id: batch.batchId,
      status: 'ACCEPTED',
      dev: 'T-0001',
      from_seq: 1,
      to_seq: journal.lines.length,
      legs: [test.leg],
      net_minor: 8550,
      bytes: batch.bytes,
    });
    expect(await terminals(test)).toMatchObject({ 'T-0001': 'closed', 'T-0002': 'expected' });
    expect(await waitingJobs(test)).toEqual([`aggregate-leg ${test.leg}`]);
    expect(await followUps(test)).toEqual([]);
  });

  it('counts once however often it comes: the same file, made again, from a stick, overlapping', async () => {
    const test = await open(place);
    const journal = flyOrdinaryFlight(test.scene);
    const file = await sealBatch(test.scene, journal);
    expect(await deliver(test, file)).toMatchObject({ status: 'ACCEPTED' });
    expect(await deliver(test, file)).toMatchObject({ status: 'DUPLICATE' });
    const again = await sealBatch(test.scene, journal);
    expect(await deliver(test, again, 'folder')).toMatchObject({ status: 'DUPLICATE' });
    const overlapping = await sealBatch(test.scene, journal, 5);
    expect(await deliver(test, overlapping)).toMatchObject({ status: 'ACCEPTED' });
    expect(await heldMoney(test)).toEqual({ lines: journal.lines.length, netMinor: 8550 });
    expect(await followUps(test)).toEqual([]);
  });

  it('counts once when all of that arrives in the same moment', async () => {
    const test = await open(place);
    const journal = flyOrdinaryFlight(test.scene);
    const whole = await sealBatch(test.scene, journal);
    const files = [
      whole,
      whole,
      await sealBatch(test.scene, journal),
      await sealBatch(test.scene, journal, 1, 11),
      await sealBatch(test.scene, journal, 1, 14),
    ];
    const received = await Promise.all(files.map((file) => deliver(test, file)));
    const statuses = received.map(({ status }) => status);
    expect(statuses.filter((status) => status === 'DUPLICATE')).toHaveLength(2);
    expect(statuses.filter((status) => status === 'ACCEPTED')).toHaveLength(3);
    expect(await heldMoney(test)).toEqual({ lines: journal.lines.length, netMinor: 8550 });
  });

  it('follows what came before, and asks for what is missing', async () => {
    const test = await open(place);
    const journal = flyOrdinaryFlight(test.scene);
    expect(await deliver(test, await sealBatch(test.scene, journal, 1, 11))).toMatchObject({
      status: 'ACCEPTED',
    });
    expect(await terminals(test)).toMatchObject({ 'T-0001': 'expected' });
    const tail = await sealBatch(test.scene, journal, 15);
    expect(await deliver(test, tail)).toMatchObject({ status: 'GAP', resendFrom: 12 });
    expect(await heldMoney(test)).toMatchObject({ lines: 11 });
    expect(await deliver(test, await sealBatch(test.scene, journal, 12))).toMatchObject({
      status: 'ACCEPTED',
    });
    // Refused before, welcome now.
    expect(await deliver(test, tail)).toMatchObject({ status: 'ACCEPTED' });
    expect(await heldMoney(test)).toEqual({ lines: journal.lines.length, netMinor: 8550 });
  });
});

describe('a terminal’s standing on a flight', () => {
  it('is closed by its own batch, unused by the word of another on the roster', async () => {
    const test = await open();
    const journal = startJournal(test.scene);
    openFlight(test.scene, journal);
    closeWith(test.scene, journal, ['T-0002', 'T-9999', 'T-0001']);
    await deliver(test, await sealBatch(test.scene, journal));
    expect(await terminals(test)).toEqual({ 'T-0001': 'closed', 'T-0002': 'unused', 'T-0003': 'expected' });
  });

  it('is settled also when two close at once and call each other unused', async () => {
    const test = await open(async () => ({ kind: 'postgres', url: await postgres.newDatabase() }));
    const second = await addTerminal(test, 'T-0002');
    const batches = [];
    for (const [scene, unused] of [
      [test.scene, ['T-0003', 'T-0002']],
      [second, ['T-0001', 'T-0003']],
    ] as const) {
      const journal = startJournal(scene);
      openFlight(scene, journal);
      closeWith(scene, journal, unused);
      batches.push(await sealBatch(scene, journal));
    }
    const received = await Promise.all(batches.map((batch) => deliver(test, batch)));
    expect(received.map(({ status }) => status)).toEqual(['ACCEPTED', 'ACCEPTED']);
    expect(await terminals(test)).toEqual({ 'T-0001': 'closed', 'T-0002': 'closed', 'T-0003': 'unused' });
  });

  it('is expected again when the one called unused has sold, until it closes', async () => {
    const test = await open();
    const journal = startJournal(test.scene);
    openFlight(test.scene, journal);
    closeWith(test.scene, journal, ['T-0002']);
    await deliver(test, await sealBatch(test.scene, journal));
    const second = await addTerminal(test, 'T-0002');
    const other = startJournal(second);
    openFlight(second, other);
    other.add('SALE', saleBody(openBill(second, other, personAt(second, '12C'))));
    await deliver(test, await sealBatch(second, other));
    expect(await terminals(test)).toMatchObject({ 'T-0002': 'expected' });
    closeWith(second, other);
    await deliver(test, await sealBatch(second, other, 6));
    expect(await terminals(test)).toMatchObject({ 'T-0002': 'closed' });
  });

  it('counts also for a terminal that was on no roster', async () => {
    const test = await open();
    const stray = await addTerminal(test, 'T-0042');
    const journal = startJournal(stray);
    openFlight(stray, journal);
    openBill(stray, journal, personAt(stray, '12C'));
    await deliver(test, await sealBatch(stray, journal));
    expect(await terminals(test)).toMatchObject({ 'T-0042': 'expected' });
  });
});

describe('a batch with something for a person', () => {
  it('sets aside a bill without evidence and charges the others (threat 53)', async () => {
    const test = await open();
    const { scene } = test;
    const journal = startJournal(scene);
    openFlight(scene, journal);
    journal.add('SALE', saleBody(openBill(scene, journal, personAt(scene, '12C'))));
    // Nobody was scanned or looked up: the bill rests on the line of another passenger.
    const victim = personAt(scene, '7C');
    const seq = journal.add('BILL_OPEN', billBody(scene, victim, 1));
    const bill = { id: `T-0001.1.${seq.toString()}`, cti: victim.claims.cti, auth: 1 };
    journal.add('SALE', saleBody(bill));
    closeWith(scene, journal);
    expect(await deliver(test, await sealBatch(scene, journal))).toMatchObject({ status: 'PARTIAL' });
    const aside = await test.ground.db.selectFrom('set_aside').select(['bill', 'cti', 'leg']).execute();
    expect(new Set(aside.map((row) => row.bill))).toEqual(new Set([bill.id]));
    expect(await followUps(test)).toContainEqual(
      expect.objectContaining({ kind: 'set-aside', bill: bill.id }),
    );
    expect(await heldMoney(test)).toMatchObject({ lines: journal.lines.length });
    expect(await waitingJobs(test)).toEqual([`aggregate-leg ${test.leg}`]);
  });

  it('sets aside bills of codes that were never issued to this flight (threat 12)', async () => {
    const test = await open();
    const { scene } = test;
    const stranger = personAt(scene, '7C');
    await test.ground.db.deleteFrom('wallet_order').where('cti', '=', stranger.claims.cti).execute();
    await test.ground.db.deleteFrom('passenger').where('cti', '=', stranger.claims.cti).execute();
    const journal = flyOrdinaryFlight(scene);
    expect(await deliver(test, await sealBatch(scene, journal))).toMatchObject({
      status: 'PARTIAL',
      why: 'no code was issued to this passenger for this flight',
    });
    const aside = await test.ground.db.selectFrom('set_aside').select('cti').execute();
    expect(aside).toEqual([{ cti: stranger.claims.cti }]);
    expect(await followUps(test)).toEqual([
      expect.objectContaining({ kind: 'set-aside' }),
      expect.objectContaining({ kind: 'unknown-passenger', leg: test.leg, dev: 'T-0001' }),
    ]);
  });

  it('tells of one proof that two tablets took (threat 3)', async () => {
    const test = await open();
    const first = startJournal(test.scene);
    openFlight(test.scene, first);
    const anna = personAt(test.scene, '12C');
    first.add('SALE', saleBody(openBill(test.scene, first, anna)));
    closeWith(test.scene, first);
    await deliver(test, await sealBatch(test.scene, first));
    const second = await addTerminal(test, 'T-0002');
    const journal = startJournal(second);
    openFlight(second, journal);
    // The very code, shown again: same proof, same second.
    const seen = first.events().find((event) => event.ty === 'CRED_SEEN');
    if (seen === undefined) throw new Error('nobody was scanned');
    const auth = journal.add('CRED_SEEN', seen.b);
    const seq = journal.add('BILL_OPEN', billBody(second, anna, auth));
    journal.add('SALE', saleBody({ id: `T-0002.1.${seq.toString()}`, cti: anna.claims.cti, auth }));
    closeWith(second, journal);
    expect(await deliver(test, await sealBatch(second, journal))).toMatchObject({ status: 'ACCEPTED' });
    expect(await followUps(test)).toEqual([
      expect.objectContaining({ kind: 'duplicate-proof', leg: test.leg, dev: 'T-0002' }),
    ]);
  });

  it('passes over what was scanned in practice or refused', async () => {
    const test = await open();
    const { scene } = test;
    const journal = startJournal(scene);
    openFlight(scene, journal);
    const gone = personAt(scene, '7C');
    await test.ground.db.deleteFrom('wallet_order').where('cti', '=', gone.claims.cti).execute();
    await test.ground.db.deleteFrom('passenger').where('cti', '=', gone.claims.cti).execute();
    scan(journal, gone, { isPractice: true });
    const { staticCode, claims } = gone;
    journal.add('CRED_SEEN', { qr: staticCode, cti: claims.cti, mode: 'static', code: 'DENIED' });
    closeWith(scene, journal);
    expect(await deliver(test, await sealBatch(scene, journal))).toMatchObject({ status: 'ACCEPTED' });
    expect(await followUps(test)).toEqual([]);
  });
});

describe('a terminal that does not tell one story', () => {
  it('is a fork when its disk was put back and it went on (threats 45, 50)', async () => {
    const test = await open();
    const { scene } = test;
    const journal = startJournal(scene);
    openFlight(scene, journal);
    const before = [...journal.lines];
    const anna = openBill(scene, journal, personAt(scene, '12C'));
    journal.add('SALE', saleBody(anna));
    closeWith(scene, journal);
    expect(await deliver(test, await sealBatch(scene, journal))).toMatchObject({ status: 'ACCEPTED' });
    const restored = startJournal(scene);
    (restored.lines as string[]).push(...before);
    openBill(scene, restored, personAt(scene, '7C'));
    closeWith(scene, restored);
    const forked = await sealBatch(scene, restored);
    expect(await deliver(test, forked)).toMatchObject({ status: 'FORK' });
    expect(await followUps(test)).toEqual([expect.objectContaining({ kind: 'fork', dev: 'T-0001' })]);
    const device = await test.ground.db.selectFrom('device').selectAll().executeTakeFirstOrThrow();
    expect(device.quarantined_at_ms).toBe(test.clock.nowMs);
    // Nothing more is taken from it, also what would follow.
    const more = startJournal(scene);
    (more.lines as string[]).push(...journal.lines);
    more.add('DUTY_OFF', {});
    expect(await deliver(test, await sealBatch(scene, more, journal.lines.length + 1))).toMatchObject({
      status: 'UNKNOWN_DEVICE',
    });
    expect(await deliver(test, forked)).toMatchObject({ status: 'FORK' });
    expect(await heldMoney(test)).toMatchObject({ lines: journal.lines.length });
    expect(await followUps(test)).toHaveLength(1);
  });

  it('is unknown when it was never certified here, or with another key', async () => {
    const test = await open();
    const journal = flyOrdinaryFlight(test.scene);
    const batch = await sealBatch(test.scene, journal);
    await test.ground.db
      .updateTable('device')
      .set({ jwk: JSON.stringify(test.scene.keys.ops) })
      .execute();
    expect(await deliver(test, batch)).toMatchObject({ status: 'UNKNOWN_DEVICE' });
    await test.ground.db.deleteFrom('device').execute();
    expect(await deliver(test, batch)).toMatchObject({ status: 'UNKNOWN_DEVICE' });
    expect(await heldMoney(test)).toMatchObject({ lines: 0 });
  });
});

describe('a file that is no good', () => {
  it('is never taken in part, wherever it was cut (threat 56)', async () => {
    const test = await open();
    const journal = flyOrdinaryFlight(test.scene);
    const { bytes } = await sealBatch(test.scene, journal);
    for (let length = 0; length < bytes.length; length += 1024) {
      expect(await deliver(test, { bytes: bytes.subarray(0, length) })).toMatchObject({ status: 'DAMAGED' });
    }
    expect(await heldMoney(test)).toMatchObject({ lines: 0 });
    const rows = await test.ground.db.selectFrom('batch').select('status').execute();
    expect(rows.length).toBe(Math.ceil(bytes.length / 1024));
    expect(await waitingJobs(test)).toEqual([]);
  });

  it('is a gap with a line missing and forged with one changed (threat 57)', async () => {
    const test = await open();
    const journal = flyOrdinaryFlight(test.scene);
    const { body } = composeSceneBatch(test.scene, journal.lines);
    const lines = Buffer.from(body).toString().split('\n').slice(0, -2);
    const holed = [...lines.slice(0, 4), ...lines.slice(5)];
    const bytes = await sealScene(test.scene, sealBody(holed, test.ground.crypto));
    expect(await deliver(test, { bytes })).toMatchObject({ status: 'GAP', resendFrom: 4 });
    const edited = lines.map((line, i) =>
      i === 5 ? `${line.slice(0, -1)}${line.endsWith('A') ? 'B' : 'A'}` : line,
    );
    const forged = await sealScene(test.scene, sealBody(edited, test.ground.crypto));
    expect(await deliver(test, { bytes: forged })).toMatchObject({ status: 'FORGED' });
    expect(await followUps(test)).toEqual([expect.objectContaining({ kind: 'forged' })]);
    expect(await heldMoney(test)).toMatchObject({ lines: 0 });
  });

  it('is not opened by another airline than the one it is for (threat 58)', async () => {
    const test = await open();
    await addAirline(test.ground, {
      airline: 'HO',
      nameZh: '吉祥',
      nameEn: 'Juneyao',
      utcOffsetMinutes: 480,
    });
    await makeAirlineKeys(test.ground, 'HO', { wallets: [1], maxCum: { 156: 100_000 } });
    const journal = flyOrdinaryFlight(test.scene);
    const { bytes } = await sealBatch(test.scene, journal);
    expect(await receiveBatch(test.ground, { airline: 'HO', bytes, source: 'upload' })).toMatchObject({
      status: 'DAMAGED',
    });
    // Encrypted anew for the other airline: the manifest inside still says whose it is.
    const [[kid, jwk] = []] = [...(await decryptionKeys(test.ground, 'HO'))];
    if (kid === undefined || jwk === undefined) throw new Error('no key');
    const moved = await sealEnvelope(
      composeSceneBatch(test.scene, journal.lines).body,
      { kid, jwk },
      { gzip },
    );
    expect(await receiveBatch(test.ground, { airline: 'HO', bytes: moved, source: 'upload' })).toMatchObject({
      status: 'UNKNOWN_DEVICE',
    });
    expect(await heldMoney(test)).toMatchObject({ lines: 0 });
  });

  it('does not swell to more than a batch may hold (threat 23)', async () => {
    const test = await open();
    const bomb = await sealScene(test.scene, new Uint8Array(200 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(1024 * 1024);
    expect(await deliver(test, { bytes: bomb })).toMatchObject({ status: 'DAMAGED' });
    expect(await deliver(test, { bytes: new Uint8Array(33 * 1024 * 1024) })).toMatchObject({
      status: 'DAMAGED',
    });
  });

  it('that only its totals betray is kept for a person', async () => {
    const test = await open();
    const { scene } = test;
    const journal = startJournal(scene);
    openFlight(scene, journal);
    const anna = openBill(scene, journal, personAt(scene, '12C'));
    journal.add('SALE', saleBody(anna));
    journal.add('FLIGHT_CLOSE', { totals: [], counts: {}, unused: [] });
    expect(await deliver(test, await sealBatch(scene, journal))).toMatchObject({ status: 'TOTALS' });
    expect(await followUps(test)).toEqual([expect.objectContaining({ kind: 'totals', dev: 'T-0001' })]);
    expect(await heldMoney(test)).toMatchObject({ lines: 0 });
  });
});

describe('text no database can hold', () => {
  it('does not stop the rest of a batch', async () => {
    const test = await open();
    const { scene } = test;
    const journal = startJournal(scene);
    openFlight(scene, journal);
    journal.add('SALE', saleBody(openBill(scene, journal, personAt(scene, '12C'))));
    const strange = { crew: 'C\u0000\ud800', leg: 'nowhere\u0000' };
    journal.add('DUTY_OFF', {}, { change: strange });
    const { cti } = personAt(scene, '7C').claims;
    journal.add('LOOKUP', { cti, seat: '7C', how: 'seat', who: '\udc00' }, { change: strange });
    journal.add('BILL_OPEN', billBody(scene, personAt(scene, '7C'), 6), { leg: 'nowhere\u0000' });
    closeWith(scene, journal);
    expect(await deliver(test, await sealBatch(scene, journal))).toMatchObject({ status: 'PARTIAL' });
    expect(await heldMoney(test)).toEqual({ lines: journal.lines.length, netMinor: 5000 });
    expect(await waitingJobs(test)).toContain(`aggregate-leg ${test.leg}`);
  });
});

describe('a receiver that died', () => {
  it('leaves a file that the next worker judges', async () => {
    const test = await open();
    const journal = flyOrdinaryFlight(test.scene);
    const { bytes } = await sealBatch(test.scene, journal);
    await storeFile(test.ground, { airline: AIRLINE, bytes, source: 'folder' });
    expect(await runUntilIdle(test.ground, { 'judge-batch': judgeBatchJob })).toBe(0);
    test.clock.nowMs += 60_000;
    expect(await runUntilIdle(test.ground, { 'judge-batch': judgeBatchJob })).toBe(1);
    expect(await heldMoney(test)).toMatchObject({ netMinor: 8550 });
    const row = await test.ground.db.selectFrom('batch').select('status').executeTakeFirstOrThrow();
    expect(row.status).toBe('ACCEPTED');
  });
});

describe('corrections', () => {
  it('that come in a later batch refer to the sales of the first', async () => {
    const test = await open();
    const { scene } = test;
    const journal = startJournal(scene);
    openFlight(scene, journal);
    const anna = openBill(scene, journal, personAt(scene, '12C'));
    const sale = saleBody(anna);
    const ref = journal.add('SALE', sale);
    const split = journal.lines.length;
    await deliver(test, await sealBatch(scene, journal));
    journal.add('VOID', voidBody(anna, ref, sale));
    journal.add('BILL_CLOSE', { bill: anna.id, tot: 0, ccy: 'CNY' });
    closeWith(scene, journal);
    expect(await deliver(test, await sealBatch(scene, journal, split + 1))).toMatchObject({
      status: 'ACCEPTED',
    });
    expect(await heldMoney(test)).toMatchObject({ netMinor: 0 });
  });
});
