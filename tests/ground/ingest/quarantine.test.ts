import { afterEach, describe, expect, it } from 'vitest';
import { liftQuarantine } from '../../../ground/ingest/lift-quarantine.ts';
import { judgeBatchJob } from '../../../ground/ingest/receive-batch.ts';
import { quarantine } from '../../../ground/ingest/store-batch.ts';
import { runUntilIdle } from '../../../ground/jobs/run-jobs.ts';
import { reportTerminalLost } from '../../../ground/orders/terminal-acts.ts';
import { flyOrdinaryFlight } from '../../domain/settlement/journal-scene.ts';
import { AIRLINE, deliver, heldMoney, openIngestScene, sealBatch, type IngestScene } from './ingest-scene.ts';

const opened: IngestScene[] = [];
async function open(): Promise<IngestScene> {
  const test = await openIngestScene();
  opened.push(test);
  return test;
}
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const who = { who: 'ops', airline: AIRLINE, why: 'looked at it' };
const terminal = { ...who, dev: 'T-0001', ep: 1 };

async function statuses({ ground }: IngestScene): Promise<string[]> {
  const rows = await ground.db.selectFrom('batch').select('status').orderBy('id').execute();
  return rows.map(({ status }) => status);
}

async function audited({ ground }: IngestScene, what: string): Promise<unknown[]> {
  const rows = await ground.db
    .selectFrom('audit')
    .select(['who', 'detail'])
    .where('what', '=', what)
    .execute();
  return rows.map(({ who: by, detail }) => ({ who: by, ...detail }));
}

describe('a terminal in quarantine', () => {
  it('is let out by a person, and what was refused meanwhile is taken', async () => {
    const test = await open();
    const journal = flyOrdinaryFlight(test.scene);
    const name = { airline: AIRLINE, dev: 'T-0001', ep: 1 };
    await deliver(test, await sealBatch(test.scene, journal, 1, 8));
    await quarantine(test.ground, name, 'a fork');
    // Out of order, as sticks come; and one that is wrong for another reason.
    const last = await sealBatch(test.scene, journal, 12);
    expect(await deliver(test, last)).toMatchObject({ status: 'GAP' });
    expect(await deliver(test, await sealBatch(test.scene, journal, 9, 11))).toMatchObject({
      status: 'UNKNOWN_DEVICE',
    });
    await deliver(test, { bytes: last.bytes.subarray(5) });
    expect(await liftQuarantine(test.ground, terminal)).toEqual({ ok: true, value: null });
    test.clock.nowMs += 10_000;
    await runUntilIdle(test.ground, { 'judge-batch': judgeBatchJob });
    expect(await statuses(test)).toEqual(['ACCEPTED', 'ACCEPTED', 'ACCEPTED', 'DAMAGED']);
    expect(await heldMoney(test)).toEqual({ lines: journal.lines.length, netMinor: 8550 });
    expect(await audited(test, 'quarantine-lifted')).toEqual([
      { who: 'ops', dev: 'T-0001', ep: 1, why: 'looked at it', was: 'a fork', files: 2 },
    ]);
  });

  it('stays out of reach of whoever names another one', async () => {
    const test = await open();
    expect(await liftQuarantine(test.ground, { ...terminal, dev: 'T-0404' })).toMatchObject({
      error: { kind: 'not-found' },
    });
    expect(await liftQuarantine(test.ground, { ...terminal, airline: 'HO' })).toMatchObject({
      error: { kind: 'not-found' },
    });
    expect(await liftQuarantine(test.ground, terminal)).toMatchObject({ error: { kind: 'not-possible' } });
    expect(await audited(test, 'quarantine-lifted')).toEqual([]);
  });
});

describe('a terminal that is reported lost', () => {
  const standing = async ({ ground, leg }: IngestScene): Promise<unknown> => {
    const device = await ground.db.selectFrom('device').selectAll().executeTakeFirstOrThrow();
    const row = await ground.db
      .selectFrom('leg_terminal')
      .select('status')
      .where('leg', '=', leg)
      .where('dev', '=', 'T-0001')
      .executeTakeFirstOrThrow();
    return { isRevoked: device.revoked_at_ms !== null, isLost: device.lost_at_ms !== null, ...row };
  };

  it('is taken back and waited for by no flight, all in one', async () => {
    const test = await open();
    expect(await reportTerminalLost(test.ground, terminal)).toEqual({ ok: true, value: null });
    expect(await standing(test)).toEqual({ isRevoked: true, isLost: true, status: 'lost' });
    expect(await reportTerminalLost(test.ground, { ...terminal, ep: 9 })).toMatchObject({
      error: { kind: 'not-found' },
    });
  });

  it('is as it was when the end of it fails', async () => {
    const test = await open();
    const { db } = test.ground;
    // The last thing that is written: the flight is asked to be counted.
    await db.schema.alterTable('job').renameTo('job_away').execute();
    await expect(reportTerminalLost(test.ground, terminal)).rejects.toThrow();
    await db.schema.alterTable('job_away').renameTo('job').execute();
    expect(await standing(test)).toEqual({ isRevoked: false, isLost: false, status: 'expected' });
  });
});
