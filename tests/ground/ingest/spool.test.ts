import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readLine } from '../../../domain/journal/line.ts';
import { receiveFolder } from '../../../ground/ingest/receive-folder.ts';
import { receiveCopies } from '../../../ground/ingest/receive-copies.ts';
import { receiveSpooled } from '../../../ground/ingest/receive-spooled.ts';
import { flyOrdinaryFlight, personAt } from '../../domain/settlement/journal-scene.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
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

const withSpool = (test: IngestScene, spoolFolder: string): IngestScene => ({
  ...test,
  ground: { ...test.ground, spoolFolder },
});

describe('files beside the embedded database', () => {
  it('bring back what the database lost', async () => {
    const spool = join(temporaryFolder(), 'spool');
    const test = withSpool(await open(), spool);
    const journal = flyOrdinaryFlight(test.scene);
    for (const [from, to] of [
      [1, 11],
      [12, journal.lines.length],
    ] as const) {
      await deliver(test, await sealBatch(test.scene, journal, from, to));
    }
    const names = await readdir(spool);
    expect(names).toHaveLength(2);
    // All of it gone, as after a power cut at a bad moment.
    for (const table of ['event', 'journal_head', 'batch', 'set_aside', 'leg_terminal'] as const) {
      await test.ground.db.deleteFrom(table).execute();
    }
    expect(await receiveSpooled(test.ground)).toBe(2);
    expect(await heldMoney(test)).toEqual({ lines: journal.lines.length, netMinor: 8550 });
    expect(await receiveSpooled(test.ground)).toBe(0);
  });

  it('bring back copies of passengers that the database lost', async () => {
    const spool = join(temporaryFolder(), 'spool');
    const test = withSpool(await open(), spool);
    const { ground } = test;
    const ben = personAt(test.scene, '7C').claims.cti;
    const { lines } = flyOrdinaryFlight(test.scene);
    const copies = lines.filter((line) => {
      const event = readLine(line);
      return event?.ty === 'SALE' && event.b.cti === ben;
    });
    expect(await receiveCopies(ground, { cti: ben, lines: copies })).toEqual(copies.map(() => 'kept'));
    const held = await heldMoney(test);
    expect(held.lines).toBe(copies.length);
    // Handed in again, in any part, nothing more is written.
    await receiveCopies(ground, { cti: ben, lines: copies.slice(0, 1) });
    const names = await readdir(spool);
    expect(names).toEqual([expect.stringMatching(/^9C-[0-9a-f]{64}\.cpy$/)]);
    expect((await readFile(join(spool, names[0] ?? ''))).includes(ben)).toBe(false);
    for (const table of ['event', 'journal_head'] as const) await ground.db.deleteFrom(table).execute();
    expect(await receiveSpooled(ground)).toBe(1);
    expect(await heldMoney(test)).toEqual(held);
    expect(await receiveSpooled(ground)).toBe(0);
    // Their batch comes after all: one row a line.
    await deliver(test, await sealBatch(test.scene, { lines }));
    expect(await heldMoney(test)).toEqual({ lines: lines.length, netMinor: 8550 });
  });

  it('of copies whose enrolment was lost too stay where they are, and somebody is told', async () => {
    const spool = temporaryFolder();
    const test = withSpool(await open(), spool);
    const ben = personAt(test.scene, '7C').claims.cti;
    await receiveCopies(test.ground, { cti: ben, lines: flyOrdinaryFlight(test.scene).lines });
    for (const table of ['event', 'wallet_order', 'passenger'] as const) {
      await test.ground.db.deleteFrom(table).execute();
    }
    expect(await receiveSpooled(test.ground)).toBe(0);
    expect(await readdir(spool)).toHaveLength(1);
    expect(test.logged.map(({ event }) => event)).toContain('spooled-copies-not-taken');
  });

  it('are passed over when they were cut before they were acknowledged, and go when they are old', async () => {
    const spool = temporaryFolder();
    const test = withSpool(await open(), spool);
    const cut = join(spool, `${AIRLINE}-${'a'.repeat(64)}.cpb`);
    await writeFile(cut, 'half a file');
    await writeFile(join(spool, 'notes.txt'), 'not ours');
    expect(await receiveSpooled(test.ground)).toBe(0);
    const old = new Date(test.clock.nowMs - 401 * 86_400_000);
    await utimes(cut, old, old);
    await receiveSpooled(test.ground);
    expect(await readdir(spool)).toEqual(['notes.txt']);
  });
});

describe('a folder of batches', () => {
  it('is emptied into what was taken and what was refused', async () => {
    const test = await open();
    const folder = temporaryFolder();
    const journal = flyOrdinaryFlight(test.scene);
    const first = await sealBatch(test.scene, journal, 1, 11);
    const second = await sealBatch(test.scene, journal, 12);
    await mkdir(join(folder, 'taken'));
    await writeFile(join(folder, 'taken', 'a-first.cpb'), 'of another day');
    // In the wrong order by name: the later one waits for the earlier.
    await writeFile(join(folder, 'a-first.cpb'), second.bytes);
    await writeFile(join(folder, 'b-second.CPB'), first.bytes);
    await writeFile(join(folder, 'c-broken.cpb'), first.bytes.subarray(9));
    await writeFile(join(folder, 'readme.txt'), 'stays');
    expect(await receiveFolder(test.ground, AIRLINE, folder)).toEqual([
      { name: 'a-first.cpb', status: 'ACCEPTED', why: null, batchId: second.batchId },
      { name: 'b-second.CPB', status: 'ACCEPTED', why: null, batchId: first.batchId },
      expect.objectContaining({ name: 'c-broken.cpb', status: 'DAMAGED' }),
    ]);
    expect((await readdir(folder)).sort()).toEqual(['readme.txt', 'refused', 'taken']);
    expect((await readdir(join(folder, 'taken'))).sort()).toEqual([
      '1-a-first.cpb',
      'a-first.cpb',
      'b-second.CPB',
    ]);
    expect(await readdir(join(folder, 'refused'))).toEqual(['c-broken.cpb']);
    expect(await heldMoney(test)).toMatchObject({ netMinor: 8550 });
    expect(await receiveFolder(test.ground, AIRLINE, folder)).toEqual([]);
  });
});
