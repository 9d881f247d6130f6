import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BATCH } from '../../../domain/limits.ts';
import { gunzip, gzip } from '../../../ground/gzip.ts';
import {
  composeSceneBatch,
  flyOrdinaryFlight,
  sealScene,
  type Scene,
} from '../../domain/settlement/journal-scene.ts';
import { addTerminal, heldMoney, readResult, sealBatch, tokenOf } from '../ingest/ingest-scene.ts';
import { openServer, type GroundServer } from './open-server.ts';

let server: GroundServer;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.stop());

const idOf = (n: number): string =>
  n
    .toString()
    .replace(/[0189]/g, 'x')
    .padStart(26, 'a');

type Sent = { readonly range?: string; readonly scene?: Scene };
async function put(batchId: string, bytes: Uint8Array, { range, scene = server.scene }: Sent = {}) {
  const answer = await server.app.inject({
    method: 'PUT',
    url: `/v1/batches/${batchId}`,
    headers: {
      authorization: `Bearer ${tokenOf(scene, server.clock.nowMs)}`,
      'content-type': 'application/octet-stream',
      ...(range === undefined ? {} : { 'content-range': range }),
    },
    payload: Buffer.from(bytes),
  });
  const { statusCode: status, headers, body } = answer;
  return { status, offset: headers['upload-offset'], body };
}

async function keptBytes(): Promise<number> {
  const rows = await server.ground.db
    .selectFrom('upload_part')
    .select((eb) => eb.fn<number>('octet_length', ['bytes']).as('size'))
    .execute();
  return rows.reduce((sum, { size }) => sum + size, 0);
}

describe('a bomb of 200 MiB (threat 23)', () => {
  it('is not inflated beyond the bound it is given', () => {
    const bomb = gzip(new Uint8Array(200 * 1024 * 1024));
    expect(gunzip(bomb, BATCH.maxInflatedBytes)).toBeNull();
    expect(gunzip(gzip(new Uint8Array(1000)), 1000)).toHaveLength(1000);
    expect(gunzip(gzip(new Uint8Array(1001)), 1000)).toBeNull();
  });

  it('sent by a terminal is damaged, takes nothing in, and the next batch is taken', async () => {
    const bomb = await sealScene(server.scene, new Uint8Array(200 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(1024 * 1024);
    const blown = await put(idOf(1), bomb);
    expect(blown.status).toBe(422);
    expect(await readResult(server, blown.body)).toMatchObject({ status: 'DAMAGED', ackSeq: 0, bills: [] });
    expect(await heldMoney(server)).toEqual({ lines: 0, netMinor: 0 });
  });
});

describe('a batch that is cut (threat 56)', () => {
  it('at any kilobyte of the way is damaged and leaves no line behind; whole it is taken', async () => {
    const { bytes, batchId } = await sealBatch(server.scene, flyOrdinaryFlight(server.scene));
    for (let length = 1024; length < bytes.length; length += 1024) {
      const cut = await put(batchId, bytes.subarray(0, length));
      expect(cut.status).toBe(422);
      expect(await readResult(server, cut.body)).toMatchObject({ status: 'DAMAGED', ackSeq: 0, bills: [] });
    }
    expect(await server.ground.db.selectFrom('event').select('seq').execute()).toEqual([]);
    expect(await server.ground.db.selectFrom('journal_head').selectAll().execute()).toEqual([]);
    expect((await put(batchId, bytes)).status).toBe(200);
    expect(await heldMoney(server)).toMatchObject({ netMinor: 8550 });
  });
});

describe('parts of a file', () => {
  it.each([
    'bytes=0-9/100',
    'bytes -5-4/100',
    'bytes 0--9/100',
    'bytes 9-0/100',
    'bytes 0-9/9',
    'bytes 0-9/10',
    'bytes 0-8/999999999999',
    'bytes 0-8/33554433',
    'bytes 0-8/*',
    'bytes */100',
    'bytes 0-8/100, bytes 9-17/100',
    'bytes 0x0-0x8/100',
    'bytes 0-8/1e3',
    '',
  ])('that lie about themselves are refused: "%s"', async (range) => {
    expect((await put(idOf(2), new Uint8Array(9), { range })).status).toBe(400);
  });

  it('cannot be begun in the middle, nor go on in the file of another terminal', async () => {
    expect(await put(idOf(3), new Uint8Array(9), { range: 'bytes 50-58/100' })).toMatchObject({
      status: 409,
      offset: '0',
    });
    expect(await put(idOf(3), new Uint8Array(9), { range: 'bytes 0-8/100' })).toMatchObject({ status: 202 });
    const scene = await addTerminal(server, 'T-0002');
    const theirs = await put(idOf(3), new Uint8Array(9), { range: 'bytes 9-17/100', scene });
    expect(theirs).toMatchObject({ status: 409, offset: '0' });
    await put(idOf(3), Uint8Array.of(1), { range: 'bytes 0-0/50', scene });
    expect(await put(idOf(3), new Uint8Array(9), { range: 'bytes 9-17/100' })).toMatchObject({
      offset: '18',
    });
  });

  it('of another length than the first ones begin the file anew', async () => {
    await put(idOf(4), new Uint8Array(9), { range: 'bytes 0-8/100' });
    expect(await put(idOf(4), new Uint8Array(9), { range: 'bytes 9-17/99' })).toMatchObject({
      status: 409,
      offset: '0',
    });
  });

  it('of a thousand files at once leave no more than a few of them', async () => {
    const part = new Uint8Array(1024);
    const range = `bytes 0-${(part.length - 1).toString()}/${BATCH.maxBytes.toString()}`;
    const numbers = Array.from({ length: 1000 }, (_, i) => i);
    const answers = await Promise.all(
      numbers.map((n) =>
        put(
          `b${n
            .toString(2)
            .replace(/[01]/g, (bit) => (bit === '0' ? 'a' : 'b'))
            .padStart(25, 'c')}`,
          part,
          { range },
        ),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(await keptBytes()).toBeLessThanOrEqual(5 * part.length);
  });
});

describe('files that are no batch', () => {
  it('are kept as long as they are few: a terminal cannot fill the disk with them', async () => {
    const scene = await addTerminal(server, 'T-0003');
    for (let n = 0; n < 40; n++) {
      const rubbish = new Uint8Array(256 * 1024).fill(n);
      expect((await put(idOf(5), rubbish, { scene })).status).toBe(422);
    }
    const { size } = await server.ground.db
      .selectFrom('batch')
      .select((eb) => eb.fn.sum<number>(eb.fn('octet_length', ['bytes'])).as('size'))
      .where('status', '=', 'DAMAGED')
      .executeTakeFirstOrThrow();
    expect(size).toBeLessThan(20 * 256 * 1024);
    const rows = await server.ground.db.selectFrom('batch').select('file_sha256').execute();
    expect(rows.length).toBeGreaterThan(40);
  });
});

it('a batch of another airline’s terminal is not this one’s (threat 58)', async () => {
  const journal = flyOrdinaryFlight(server.scene);
  const batch = composeSceneBatch(server.scene, journal.lines, { airline: 'HO' });
  const bytes = await sealScene(server.scene, batch.body);
  const answer = await put(batch.batchId, bytes);
  expect(answer.status).toBe(403);
  expect(await readResult(server, answer.body)).toMatchObject({ status: 'UNKNOWN_DEVICE', bills: [] });
});
