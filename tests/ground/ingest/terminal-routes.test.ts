import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { composeResult } from '../../../ground/ingest/results.ts';
import { restPack } from '../../../ground/packs/pack-at-rest.ts';
import { createApp } from '../../../ground/server/create-app.ts';
import type { DatabasePlace } from '../../../ground/database/open-database.ts';
import { flyOrdinaryFlight, personAt, type Scene } from '../../domain/settlement/journal-scene.ts';
import { startPostgres } from '../../support/postgres.ts';
import {
  addTerminal,
  AIRLINE,
  heldMoney,
  openIngestScene,
  readResult,
  sealBatch,
  setOrder,
  tokenOf,
  type IngestScene,
} from './ingest-scene.ts';

const postgres = await startPostgres();

type Api = IngestScene & {
  readonly app: FastifyInstance;
  readonly call: (
    method: 'GET' | 'HEAD' | 'PUT',
    url: string,
    options?: { body?: Uint8Array; range?: string; scene?: Scene; token?: string | null },
  ) => Promise<{
    status: number;
    headers: Record<string, unknown>;
    text: string;
    json: () => unknown;
    bytes: Buffer;
  }>;
};

const opened: Api[] = [];
async function open(place?: DatabasePlace): Promise<Api> {
  const test = await openIngestScene(place);
  const app = await createApp(test.ground, {
    tls: null,
    pages: null,
    callsPerMinute: 10_000,
    isBehindProxy: false,
  });
  const call: Api['call'] = async (method, url, { body, range, scene = test.scene, token } = {}) => {
    const bearer = token === undefined ? tokenOf(scene, test.clock.nowMs) : token;
    const answer = await app.inject({
      method,
      url,
      headers: {
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/octet-stream' }),
        ...(range === undefined ? {} : { 'content-range': range }),
      },
      ...(body === undefined ? {} : { payload: Buffer.from(body) }),
    });
    const { statusCode: status, headers, body: text, rawPayload: bytes } = answer;
    return { status, headers, text, json: () => answer.json(), bytes };
  };
  const api = { ...test, app, call };
  opened.push(api);
  return api;
}
afterEach(async () => {
  for (const { app, close } of opened.splice(0)) {
    await app.close();
    await close();
  }
});

const problem = (kind: string, why?: string) => ({
  problem: { kind, ...(why === undefined ? {} : { why }) },
});

describe('a terminal that calls', () => {
  it('is known by its token, and the fleet page learns what it tells', async () => {
    const api = await open();
    expect((await api.call('GET', '/v1/results?after=0')).json()).toEqual({ results: [] });
    const device = await api.ground.db.selectFrom('device').selectAll().executeTakeFirstOrThrow();
    expect(device).toMatchObject({
      last_seen_ms: api.clock.nowMs,
      app_version: '0.1.0',
      pack_id: `${api.leg}-1`,
      unsent_count: 3,
      unsent_minor: 8550,
    });
  });

  it.each<[string, (api: Api) => string | null, number, object]>([
    ['no token', () => null, 401, problem('token-refused', 'malformed')],
    ['no token of ours', () => 'abc.def.ghi', 401, problem('token-refused', 'malformed')],
    [
      'a clock that is wrong',
      (api) => tokenOf(api.scene, api.clock.nowMs - 700_000),
      401,
      problem('token-refused', 'not-now'),
    ],
    [
      'another key',
      (api) =>
        tokenOf(
          { ...api.scene, signer: api.scene.signer, terminal: { dev: 'T-0009', epoch: 1 } },
          api.clock.nowMs,
        ),
      403,
      problem('device-unknown'),
    ],
  ])('is refused with %s', async (_name, token, status, body) => {
    const api = await open();
    for (const url of ['/v1/results', `/v1/batches/${'a'.repeat(26)}`, `/v1/packs/${api.leg}`]) {
      const answer = await api.call('GET', url, { token: token(api) });
      expect({ status: answer.status, body: answer.json() }).toEqual({ status, body });
    }
    const put = await api.call('PUT', `/v1/batches/${'a'.repeat(26)}`, {
      body: new Uint8Array(8),
      token: token(api),
    });
    expect(put.status).toBe(status);
  });

  it('is refused when another terminal signed for it', async () => {
    const api = await open();
    const other = await addTerminal(api, 'T-0002');
    const token = tokenOf({ ...api.scene, signer: other.signer }, api.clock.nowMs);
    expect((await api.call('GET', '/v1/results', { token })).json()).toEqual(
      problem('token-refused', 'unknown-key'),
    );
  });
});

describe('an upload', () => {
  it('is answered with the signed result, the same batch again as a duplicate', async () => {
    const api = await open();
    const { bytes, batchId } = await sealBatch(api.scene, flyOrdinaryFlight(api.scene));
    const url = `/v1/batches/${batchId}`;
    expect((await api.call('HEAD', url)).status).toBe(404);
    const first = await api.call('PUT', url, { body: bytes });
    expect(first.status).toBe(200);
    expect(first.headers['content-type']).toBe('application/jose');
    expect(await readResult(api, first.text)).toMatchObject({ batchId, status: 'ACCEPTED', ackSeq: 17 });
    const again = await api.call('PUT', url, { body: bytes });
    expect(again.status).toBe(200);
    const duplicate = await readResult(api, again.text);
    expect(duplicate).toMatchObject({ batchId, status: 'DUPLICATE', ackSeq: 17 });
    expect(duplicate.bills).toEqual((await readResult(api, first.text)).bills);
    expect((await api.call('GET', url)).text).toBe(first.text);
    expect(await heldMoney(api)).toMatchObject({ netMinor: 8550 });
  });

  it('goes on where it broke off', async () => {
    const api = await open();
    const { bytes, batchId } = await sealBatch(api.scene, flyOrdinaryFlight(api.scene));
    const url = `/v1/batches/${batchId}`;
    const total = bytes.length.toString();
    const send = (from: number, to: number) =>
      api.call('PUT', url, {
        body: bytes.subarray(from, to),
        range: `bytes ${from.toString()}-${(to - 1).toString()}/${total}`,
      });
    const begun = await send(0, 1000);
    expect([begun.status, begun.headers['upload-offset']]).toEqual([202, '1000']);
    const head = await api.call('HEAD', url);
    expect([head.status, head.headers['upload-offset']]).toEqual([200, '1000']);
    const jumped = await send(1500, 2000);
    expect([jumped.status, jumped.headers['upload-offset']]).toEqual([409, '1000']);
    const repeated = await send(500, 1000);
    expect([repeated.status, repeated.headers['upload-offset']]).toEqual([202, '1000']);
    const overlapping = await send(500, 1500);
    expect([overlapping.status, overlapping.headers['upload-offset']]).toEqual([202, '1500']);
    const done = await send(1500, bytes.length);
    expect(done.status).toBe(200);
    expect(await readResult(api, done.text)).toMatchObject({ status: 'ACCEPTED' });
    expect((await api.call('HEAD', url)).status).toBe(404);
    expect(await api.ground.db.selectFrom('upload_part').selectAll().execute()).toEqual([]);
  });

  it('begins anew when the file was made anew', async () => {
    const api = await open();
    const journal = flyOrdinaryFlight(api.scene);
    const old = await sealBatch(api.scene, journal);
    const url = `/v1/batches/${old.batchId}`;
    await api.call('PUT', url, {
      body: old.bytes.subarray(0, 3000),
      range: `bytes 0-2999/${old.bytes.length.toString()}`,
    });
    const { bytes } = await sealBatch(api.scene, journal);
    const total = bytes.length.toString();
    const begun = await api.call('PUT', url, {
      body: bytes.subarray(0, 1000),
      range: `bytes 0-999/${total}`,
    });
    expect(begun.headers['upload-offset']).toBe('1000');
    const done = await api.call('PUT', url, {
      body: bytes.subarray(1000),
      range: `bytes 1000-${(bytes.length - 1).toString()}/${total}`,
    });
    expect(done.status).toBe(200);
  });

  it('leaves no more than a few beginnings of a terminal lying about', async () => {
    const api = await open();
    for (const letter of 'abcdefgh') {
      api.clock.nowMs += 1000;
      await api.call('PUT', `/v1/batches/${letter.repeat(26)}`, {
        body: new Uint8Array(10),
        range: 'bytes 0-9/1000',
      });
    }
    const rows = await api.ground.db
      .selectFrom('upload_part')
      .select('batch_id')
      .orderBy('batch_id')
      .execute();
    expect(rows.map((row) => row.batch_id[0])).toEqual(['e', 'f', 'g', 'h']);
  });

  it.each(['bytes 0-9/8', 'bytes 5-2/10', 'bytes a-b/c', 'bytes 0-8/33554433', 'bytes 0-3/100'])(
    'with the range "%s" is refused',
    async (range) => {
      const api = await open();
      const answer = await api.call('PUT', `/v1/batches/${'a'.repeat(26)}`, {
        body: new Uint8Array(9),
        range,
      });
      expect([answer.status, answer.json()]).toEqual([400, problem('bad-request')]);
    },
  );

  it('has a status for each thing that can be wrong, and a signed answer', async () => {
    const api = await open();
    const journal = flyOrdinaryFlight(api.scene);
    const whole = await sealBatch(api.scene, journal);
    const damaged = await api.call('PUT', `/v1/batches/${whole.batchId}`, { body: whole.bytes.subarray(1) });
    expect(damaged.status).toBe(422);
    expect(await readResult(api, damaged.text)).toMatchObject({
      status: 'DAMAGED',
      batchId: whole.batchId,
      dev: 'T-0001',
      ackSeq: 0,
      bills: [],
    });
    const tail = await sealBatch(api.scene, journal, 12);
    const gap = await api.call('PUT', `/v1/batches/${tail.batchId}`, { body: tail.bytes });
    expect(gap.status).toBe(409);
    expect(await readResult(api, gap.text)).toMatchObject({ status: 'GAP', resendFrom: 1, ackSeq: 0 });
    const huge = await api.call('PUT', `/v1/batches/${whole.batchId}`, {
      body: new Uint8Array(32 * 1024 * 1024 + 1),
    });
    expect([huge.status, huge.json()]).toEqual([413, problem('too-large')]);
    await api.ground.db.updateTable('device').set({ revoked_at_ms: 1 }).execute();
    const revoked = await api.call('PUT', `/v1/batches/${whole.batchId}`, { body: whole.bytes });
    expect(revoked.status).toBe(403);
    expect(await readResult(api, revoked.text)).toMatchObject({ status: 'UNKNOWN_DEVICE' });
    expect((await api.call('GET', '/v1/results')).status).toBe(403);
    expect((await api.call('GET', `/v1/packs/${api.leg}`)).status).toBe(403);
  });

  it('of another terminal’s file is taken, and its answer kept from whoever brought it', async () => {
    const api = await open();
    const other = await addTerminal(api, 'T-0002');
    const { bytes, batchId } = await sealBatch(api.scene, flyOrdinaryFlight(api.scene));
    const url = `/v1/batches/${batchId}`;
    expect((await api.call('PUT', url, { body: bytes, scene: other })).status).toBe(403);
    expect(await heldMoney(api)).toMatchObject({ netMinor: 8550 });
    expect((await api.call('GET', url, { scene: other })).status).toBe(404);
    expect(await readResult(api, (await api.call('GET', url)).text)).toMatchObject({ status: 'ACCEPTED' });
  });
});

describe('results', () => {
  it('are those of the terminal that have changed since', async () => {
    const api = await open();
    const { bytes, batchId } = await sealBatch(api.scene, flyOrdinaryFlight(api.scene));
    await api.call('PUT', `/v1/batches/${batchId}`, { body: bytes });
    const since = async (after: number, scene = api.scene): Promise<string[]> =>
      (
        (await api.call('GET', `/v1/results?after=${after.toString()}`, { scene })).json() as {
          results: string[];
        }
      ).results;
    const [first = ''] = await since(0);
    const { at } = await readResult(api, first);
    expect(await since(at + 1)).toEqual([]);
    api.clock.nowMs += 5000;
    await setOrder(api, personAt(api.scene, '12C').claims.cti, { state: 'PAID', transaction_id: '42' });

    await composeResult(api.ground, AIRLINE, batchId);
    const newer = await since(at + 1);
    expect(newer).toHaveLength(1);
    expect((await readResult(api, newer[0] ?? '')).bills[0]).toMatchObject({ status: 'CHARGED', ref: '42' });
    expect(await since(0)).toEqual(newer);
    expect(await since(0, await addTerminal(api, 'T-0002'))).toEqual([]);
    expect((await api.call('GET', '/v1/results?after=yesterday')).status).toBe(400);
  });
});

describe('flight packs', () => {
  it('are handed out in their newest version, to terminals of the roster only', async () => {
    const api = await open();
    const url = `/v1/packs/${api.leg}`;
    expect((await api.call('GET', url)).status).toBe(404);
    for (const n of [1, 2]) {
      await api.ground.db
        .insertInto('flight_pack')
        .values({
          leg: api.leg,
          n,
          pack_id: `${api.leg}-${n.toString()}`,
          ...restPack(api.ground.seal, Uint8Array.of(n, n, n)),
          issued_at_ms: 0,
          trust_version: 1,
          deny_version: 1,
        })
        .execute();
    }
    const newest = await api.call('GET', `${url}?after=1`);
    expect([newest.status, [...newest.bytes]]).toEqual([200, [2, 2, 2]]);
    expect((await api.call('GET', `${url}?after=2`)).status).toBe(204);
    const stranger = await addTerminal(api, 'T-0099');
    expect((await api.call('GET', url, { scene: stranger })).status).toBe(404);
    expect((await api.call('GET', '/v1/packs/nonsense')).status).toBe(400);
  });
});

describe('a database that is away', () => {
  it('is answered with out-of-order, and everything works again when it is back', async () => {
    const api = await open({ kind: 'postgres', url: await postgres.newDatabase() });
    const { bytes, batchId } = await sealBatch(api.scene, flyOrdinaryFlight(api.scene));
    await postgres.kill();
    const url = `/v1/batches/${batchId}`;
    const away = await api.call('PUT', url, { body: bytes });
    expect([away.status, away.json()]).toEqual([503, problem('out-of-order')]);
    await postgres.start();
    expect((await api.call('PUT', url, { body: bytes })).status).toBe(200);
  });
});
