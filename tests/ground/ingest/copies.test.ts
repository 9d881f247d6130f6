import { afterEach, describe, expect, it } from 'vitest';
import { readLine } from '../../../domain/journal/line.ts';
import { receiveCopies } from '../../../ground/ingest/receive-copies.ts';
import { findGaps, recoveryReport } from '../../../ground/ingest/recovery-report.ts';
import {
  flyOrdinaryFlight,
  openBill,
  openFlight,
  personAt,
  saleBody,
  SCENE_MS,
  startJournal,
  voidBody,
  type Scene,
  type SceneJournal,
} from '../../domain/settlement/journal-scene.ts';
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

const opened: IngestScene[] = [];
async function open(): Promise<IngestScene> {
  const test = await openIngestScene();
  opened.push(test);
  return test;
}
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** A passenger's lines of a journal that a phone may have copied. */
function copiesOf({ lines }: Pick<SceneJournal, 'lines'>, cti: string): string[] {
  return lines.filter((line) => {
    const event = readLine(line);
    return (
      event !== null &&
      ['SALE', 'VOID', 'REFUND'].includes(event.ty) &&
      'cti' in event.b &&
      event.b.cti === cti
    );
  });
}

const sources = async (test: IngestScene): Promise<Record<string, number>> => {
  const rows = await test.ground.db.selectFrom('event').select('source').execute();
  const counts: Record<string, number> = {};
  for (const { source } of rows) counts[source] = (counts[source] ?? 0) + 1;
  return counts;
};

const loseTerminal = async (test: IngestScene, lostAtMs: number): Promise<void> => {
  await test.ground.db
    .updateTable('device')
    .set({ lost_at_ms: lostAtMs, revoked_at_ms: lostAtMs })
    .where('dev', '=', 'T-0001')
    .execute();
};

describe('copies of passengers', () => {
  it('count as the terminal’s own lines, once, whichever comes first', async () => {
    const test = await open();
    const journal = flyOrdinaryFlight(test.scene);
    const ben = personAt(test.scene, '7C').claims.cti;
    const lines = copiesOf(journal, ben);
    expect(await receiveCopies(test.ground, { cti: ben, lines })).toEqual(lines.map(() => 'kept'));
    expect(await waitingJobs(test)).toEqual([`aggregate-leg ${test.leg}`]);
    expect(await heldMoney(test)).toEqual({ lines: lines.length, netMinor: 3800 });
    expect(await receiveCopies(test.ground, { cti: ben, lines })).toEqual(lines.map(() => 'kept'));
    expect(await deliver(test, await sealBatch(test.scene, journal))).toMatchObject({ status: 'ACCEPTED' });
    expect(await receiveCopies(test.ground, { cti: ben, lines })).toEqual(lines.map(() => 'kept'));
    expect(await heldMoney(test)).toEqual({ lines: journal.lines.length, netMinor: 8550 });
    expect(await sources(test)).toEqual({ batch: journal.lines.length });
    expect(await followUps(test)).toEqual([]);
  });

  it('are taken from their owner only, and only as the terminal signed them', async () => {
    const test = await open();
    const journal = flyOrdinaryFlight(test.scene);
    const anna = personAt(test.scene, '12C').claims.cti;
    const ben = personAt(test.scene, '7C').claims.cti;
    const [mine = ''] = copiesOf(journal, anna);
    const [theirs = ''] = copiesOf(journal, ben);
    const stray = await addTerminal(test, 'T-0777');
    await test.ground.db.deleteFrom('device').where('dev', '=', 'T-0777').execute();
    const unknown = startJournal(stray);
    openFlight(stray, unknown);
    unknown.add('SALE', saleBody(openBill(stray, unknown, personAt(stray, '12C'))));
    const lines = [
      mine,
      theirs,
      `${mine.slice(0, -2)}AA`,
      'no.line.atall',
      journal.lines[0] ?? '',
      copiesOf(unknown, anna)[0] ?? '',
    ];
    expect(await receiveCopies(test.ground, { cti: anna, lines })).toEqual([
      'kept',
      'not-yours',
      'not-genuine',
      'not-genuine',
      'not-yours',
      'not-genuine',
    ]);
    expect(await heldMoney(test)).toEqual({ lines: 1, netMinor: 4750 });
    expect(await receiveCopies(test.ground, { cti: 'ffffffffffffffff', lines: [mine] })).toEqual([
      'not-yours',
    ]);
  });

  it('do not fill a hole in the journal: the terminal still has to deliver it', async () => {
    const test = await open();
    const journal = flyOrdinaryFlight(test.scene);
    const anna = personAt(test.scene, '12C').claims.cti;
    await receiveCopies(test.ground, { cti: anna, lines: copiesOf(journal, anna) });
    expect(await deliver(test, await sealBatch(test.scene, journal, 6))).toMatchObject({
      status: 'GAP',
      resendFrom: 1,
    });
  });

  it('that say otherwise than the terminal put it in quarantine, whichever comes first', async () => {
    for (const isBatchFirst of [true, false]) {
      const test = await open();
      const { scene } = test;
      const anna = personAt(scene, '12C');
      const [one, other] = [startJournal(scene), startJournal(scene)];
      for (const [journal, price] of [
        [one, 2500],
        [other, 100],
      ] as const) {
        openFlight(scene, journal);
        const lines = [{ sku: 'AL-001', q: 1, p: price, tax: 600, n: '青岛啤酒' }];
        journal.add('SALE', saleBody(openBill(scene, journal, anna), { lines }));
        closeWith(scene, journal);
      }
      const copy = { cti: anna.claims.cti, lines: copiesOf(one, anna.claims.cti) };
      const batch = await sealBatch(scene, other);
      if (isBatchFirst) {
        expect(await deliver(test, batch)).toMatchObject({ status: 'ACCEPTED' });
        expect(await receiveCopies(test.ground, copy)).toEqual(['kept']);
      } else {
        expect(await receiveCopies(test.ground, copy)).toEqual(['kept']);
        expect(await deliver(test, batch)).toMatchObject({ status: 'FORK' });
      }
      expect(await followUps(test)).toEqual([expect.objectContaining({ kind: 'fork', dev: 'T-0001' })]);
      const device = await test.ground.db.selectFrom('device').selectAll().executeTakeFirstOrThrow();
      expect(device.quarantined_at_ms).not.toBeNull();
    }
  });

  it('of lines the terminal hid by cutting off its journal are told (threat 44)', async () => {
    for (const isBatchFirst of [true, false]) {
      const test = await open();
      const { scene } = test;
      const journal = startJournal(scene);
      openFlight(scene, journal);
      const anna = openBill(scene, journal, personAt(scene, '12C'));
      journal.add('SALE', saleBody(anna));
      const cut = [...journal.lines];
      journal.add('SALE', saleBody(anna));
      journal.add('DUTY_OFF', {});
      const hidden = journal.lines.length + 1;
      journal.add('SALE', saleBody(anna));
      const shown = startJournal(scene);
      (shown.lines as string[]).push(...cut);
      closeWith(scene, shown);
      // The phone has the last sale only; the number before it stands for something else in the journal shown.
      const copy = { cti: anna.cti, lines: journal.lines.slice(hidden - 1) };
      const batch = await sealBatch(scene, shown);
      if (isBatchFirst) await deliver(test, batch);
      expect(await receiveCopies(test.ground, copy)).toEqual(['kept']);
      if (!isBatchFirst) expect(await deliver(test, batch)).toMatchObject({ status: 'ACCEPTED' });
      expect(await followUps(test)).toEqual([
        expect.objectContaining({ kind: 'head-behind-receipt', leg: test.leg, dev: 'T-0001' }),
      ]);
    }
  });
});

describe('a terminal that was lost', () => {
  const sellTwo = (scene: Scene): { journal: SceneJournal; anna: string; ben: string } => {
    const journal = startJournal(scene);
    openFlight(scene, journal);
    const [annaBill, benBill] = [personAt(scene, '12C'), personAt(scene, '7C')].map((person) =>
      openBill(scene, journal, person),
    );
    if (annaBill === undefined || benBill === undefined) throw new Error('two passengers');
    const first = saleBody(annaBill);
    const ref = journal.add('SALE', first);
    journal.add('VOID', voidBody(annaBill, ref, first));
    journal.add('SALE', saleBody(annaBill));
    journal.add('SALE', saleBody(benBill));
    closeWith(scene, journal);
    return { journal, anna: annaBill.cti, ben: benBill.cti };
  };

  it('is reported with what came back and what is missing', async () => {
    const test = await open();
    const { journal, anna } = sellTwo(test.scene);
    const lines = copiesOf(journal, anna);
    await receiveCopies(test.ground, { cti: anna, lines: [lines[0] ?? '', lines[2] ?? ''] });
    const about = { dev: 'T-0001', ep: 1, leg: test.leg };
    expect(await recoveryReport(test.ground, AIRLINE, about)).toEqual({
      ...about,
      deliveredTo: 0,
      recovered: { lines: 2, bills: 1, passengers: 1, netMinor: 10_000, bySource: { phone: 2 } },
      missing: [
        { from: 1, to: 6 },
        { from: 8, to: 8 },
      ],
      lastKnownSeq: 9,
    });
    await receiveCopies(test.ground, { cti: anna, lines });
    expect(await recoveryReport(test.ground, AIRLINE, about)).toMatchObject({
      recovered: { lines: 3, netMinor: 5000 },
      missing: [{ from: 1, to: 6 }],
    });
  });

  it('delivers nothing any more that no copy bears out (threat 49)', async () => {
    const test = await open();
    const { journal } = sellTwo(test.scene);
    await loseTerminal(test, SCENE_MS + 3_600_000);
    expect(await deliver(test, await sealBatch(test.scene, journal))).toMatchObject({
      status: 'UNKNOWN_DEVICE',
    });
    expect(await heldMoney(test)).toMatchObject({ lines: 0 });
    expect(await followUps(test)).toEqual([
      expect.objectContaining({ kind: 'lost-terminal', dev: 'T-0001' }),
    ]);
  });

  it('delivers nothing with lines from after it was lost, copies or not (threat 49)', async () => {
    const test = await open();
    const { journal, anna } = sellTwo(test.scene);
    await receiveCopies(test.ground, { cti: anna, lines: copiesOf(journal, anna) });
    await loseTerminal(test, SCENE_MS + 3000);
    expect(await deliver(test, await sealBatch(test.scene, journal))).toMatchObject({
      status: 'UNKNOWN_DEVICE',
    });
    expect(await heldMoney(test)).toMatchObject({ lines: 3 });
  });

  it('is believed where copies agree; the rest waits for a person (threat 49)', async () => {
    const test = await open();
    const { journal, anna, ben } = sellTwo(test.scene);
    await receiveCopies(test.ground, { cti: anna, lines: copiesOf(journal, anna) });
    await loseTerminal(test, SCENE_MS + 3_600_000);
    expect(await deliver(test, await sealBatch(test.scene, journal))).toMatchObject({ status: 'PARTIAL' });
    const aside = await test.ground.db.selectFrom('set_aside').select('cti').execute();
    expect(aside).toEqual([{ cti: ben }]);
    const kinds = (await followUps(test)).map(({ kind }) => kind);
    expect(kinds).toEqual(['set-aside', 'lost-terminal']);
    expect(await heldMoney(test)).toMatchObject({ lines: journal.lines.length });
  });

  it('may hand in again what had been taken before', async () => {
    const test = await open();
    const { journal } = sellTwo(test.scene);
    const batch = await sealBatch(test.scene, journal);
    expect(await deliver(test, batch)).toMatchObject({ status: 'ACCEPTED' });
    await loseTerminal(test, test.clock.nowMs);
    expect(await deliver(test, batch)).toMatchObject({ status: 'DUPLICATE' });
  });
});

it('gaps are found between the lines held', () => {
  expect(findGaps(0, [])).toEqual([]);
  expect(findGaps(3, [4, 5])).toEqual([]);
  expect(findGaps(0, [2, 3, 7])).toEqual([
    { from: 1, to: 1 },
    { from: 4, to: 6 },
  ]);
});
