import { readdir, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { flyOrdinaryFlight } from '../../domain/settlement/journal-scene.ts';
import { runGround } from '../ground-cli.ts';
import { startPostgres } from '../../support/postgres.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openIngestScene, sealBatch } from './ingest-scene.ts';

const postgres = await startPostgres();

it('a stick is taken by command, and what came of it is said as JSON', async () => {
  const url = await postgres.newDatabase();
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const masterKey = '11'.repeat(32);
  const test = await openIngestScene({ kind: 'postgres', url }, Buffer.from(masterKey, 'hex'));
  const journal = flyOrdinaryFlight(test.scene);
  const batch = await sealBatch(test.scene, journal);
  await test.close();
  const stick = join(folder, 'stick');
  await mkdir(stick);
  await writeFile(join(stick, 'one.cpb'), batch.bytes);
  process.env['CABINTILL_GROUND_KEY'] = masterKey;
  const options = ['--data', data, '--database-url', url];
  const taken = await runGround('receive', stick, ...options);
  expect(taken).toMatchObject({ exitCode: 0 });
  expect(JSON.parse(taken.stdout)).toEqual({
    received: [{ name: 'one.cpb', status: 'ACCEPTED', why: null, batchId: batch.batchId }],
  });
  expect(await readdir(join(stick, 'taken'))).toEqual(['one.cpb']);
  await writeFile(join(folder, 'cut.cpb'), batch.bytes.subarray(1));
  const refused = await runGround(
    'receive',
    join(folder, 'cut.cpb'),
    join(stick, 'taken', 'one.cpb'),
    ...options,
  );
  expect(refused).toMatchObject({ exitCode: 1 });
  expect(JSON.parse(refused.stdout)).toMatchObject({
    received: [{ status: 'DAMAGED' }, { status: 'DUPLICATE', batchId: batch.batchId }],
  });
  const nowhere = await runGround('receive', join(folder, 'absent.cpb'), ...options);
  expect(nowhere).toMatchObject({ exitCode: 2, stdout: '' });
  expect(await runGround('receive', stick, '--airline', 'HO', ...options)).toMatchObject({ exitCode: 2 });
});
