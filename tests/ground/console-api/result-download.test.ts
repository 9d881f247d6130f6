import { fastify } from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import { openSealedResult } from '../../../domain/settlement/sealed-result.ts';
import { registerConsoleRoutes } from '../../../ground/console-api/console-routes.ts';
import { flyOrdinaryFlight } from '../../domain/settlement/journal-scene.ts';
import { crypto } from '../../support/keys.ts';
import { deliver, openIngestScene, readResult, sealBatch } from '../ingest/ingest-scene.ts';
import { addUser, signedIn } from './console-bench.ts';

it('the result somebody downloads for a stick is readable by its terminal alone', async () => {
  const test = await openIngestScene();
  onTestFinished(test.close);
  const { batchId, bytes } = await sealBatch(test.scene, flyOrdinaryFlight(test.scene));
  await deliver(test, { bytes });
  const app = fastify();
  onTestFinished(() => app.close());
  registerConsoleRoutes(app, test.ground);
  const cookie = await signedIn(app, await addUser(test.ground, 'operations', '9C'));
  const { id } = await test.ground.db.selectFrom('batch').select('id').executeTakeFirstOrThrow();
  const ask = (path: string) =>
    app.inject({
      url: `/console/api/batches/${path}/result`,
      query: { airline: '9C' },
      headers: { host: 'ground.test', cookie },
    });
  const answer = await ask(id.toString());
  expect(answer.statusCode).toBe(200);
  const name = `CPR-T-0001-1-${batchId.slice(0, 8).toUpperCase()}.cpr`;
  expect(answer.headers['content-disposition']).toBe(`attachment; filename="${name}"`);
  const opened = await openSealedResult(answer.body, test.scene.keys.device, crypto);
  if (!opened.ok) throw new Error(opened.error);
  expect(await readResult(test, opened.value)).toMatchObject({ batchId, status: 'ACCEPTED' });
  expect((await ask('999999')).statusCode).toBe(404);
});
