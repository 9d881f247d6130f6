import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSealedResult } from '../../../domain/settlement/sealed-result.ts';
import { flyOrdinaryFlight } from '../../domain/settlement/journal-scene.ts';
import { crypto } from '../../support/keys.ts';
import { startPostgres } from '../../support/postgres.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { runGround } from '../ground-cli.ts';
import { deliver, openIngestScene, readResult, sealBatch } from './ingest-scene.ts';

const postgres = await startPostgres();

it('a result is written for a stick by command, and its terminal alone opens it', async () => {
  const url = await postgres.newDatabase();
  const folder = temporaryFolder();
  const masterKey = '22'.repeat(32);
  const test = await openIngestScene({ kind: 'postgres', url }, Buffer.from(masterKey, 'hex'));
  const batch = await sealBatch(test.scene, flyOrdinaryFlight(test.scene));
  await deliver(test, batch);
  process.env['CABINTILL_GROUND_KEY'] = masterKey;
  const { batchId } = batch;
  const options = ['--data', join(folder, 'data'), '--database-url', url];
  const file = `CPR-T-0001-1-${batchId.slice(0, 8).toUpperCase()}.cpr`;
  for (const name of [batchId, batchId.slice(0, 8).toUpperCase()]) {
    const made = await runGround('result', '--batch', name, '--out', join(folder, 'stick'), ...options);
    expect(made).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(made.stdout)).toEqual({ batchId, file });
  }
  const text = await readFile(join(folder, 'stick', file), 'utf8');
  const opened = await openSealedResult(text, test.scene.keys.device, crypto);
  if (!opened.ok) throw new Error(opened.error);
  expect(await readResult(test, opened.value)).toMatchObject({ batchId, dev: 'T-0001', status: 'ACCEPTED' });
  await test.close();
  const out = join(folder, 'stick');
  for (const wrong of ['a'.repeat(26), '../../x', '']) {
    expect(await runGround('result', '--batch', wrong, '--out', out, ...options)).toMatchObject({
      exitCode: 2,
      stdout: '',
    });
  }
  const others = await runGround('result', '--batch', batchId, '--airline', 'HO', '--out', out, ...options);
  expect(others).toMatchObject({ exitCode: 2, stdout: '' });
});
