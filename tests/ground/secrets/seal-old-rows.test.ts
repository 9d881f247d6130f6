import { afterEach, expect, it } from 'vitest';
import { readRestingLine } from '../../../ground/ingest/event-line.ts';
import { sealOldRows } from '../../../ground/secrets/seal-old-rows.ts';
import { flyOrdinaryFlight } from '../../domain/settlement/journal-scene.ts';
import { AIRLINE, deliver, openIngestScene, sealBatch, type IngestScene } from '../ingest/ingest-scene.ts';

const opened: IngestScene[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

it('rows from before anything was sealed are sealed at the next start, once', async () => {
  const test = await openIngestScene();
  opened.push(test);
  const { ground, leg } = test;
  const { db, seal } = ground;
  const { lines } = flyOrdinaryFlight(test.scene);
  await deliver(test, await sealBatch(test.scene, { lines }));
  const sealed = await db.selectFrom('event').selectAll().where('line_sealed', 'is not', null).execute();
  for (const row of sealed) {
    const old = { line: readRestingLine(seal, row), line_sealed: null, how: null };
    await db.updateTable('event').set(old).where('seq', '=', row.seq).execute();
  }
  const pack = { leg, n: 1, pack_id: 'p', issued_at_ms: 0, trust_version: 1, deny_version: 1 };
  await db
    .insertInto('flight_pack')
    .values({ ...pack, bytes: Buffer.from('a list of passengers') })
    .execute();
  const member = {
    airline: AIRLINE,
    wallet: 1,
    account_hash: 'h',
    tier: 1,
    added_at_ms: 0,
    added_by: 'test',
  };
  await db
    .insertInto('member')
    .values({ ...member, label: 'Ms Wang' })
    .execute();

  expect(await sealOldRows(ground)).toBe(sealed.length + 2);
  expect(await sealOldRows(ground)).toBe(0);
  const rows = await db.selectFrom('event').selectAll().orderBy('seq').execute();
  expect(rows.map((row) => readRestingLine(seal, row))).toEqual(lines);
  expect(rows.filter((row) => row.line_sealed !== null).map(({ seq, how }) => [seq, how])).toEqual(
    sealed.map(({ seq, how }) => [seq, how]).sort(([a], [b]) => Number(a) - Number(b)),
  );
  expect(await db.selectFrom('flight_pack').select('bytes').execute()).toEqual([{ bytes: null }]);
  expect(await db.selectFrom('member').select('label').execute()).toEqual([{ label: null }]);
});
