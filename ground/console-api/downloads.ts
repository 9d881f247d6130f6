// Files somebody takes away: a batch as it came, and the result that goes back to its terminal, which alone can
// open it.
import type { FastifyInstance } from 'fastify';
import type { Ground } from '../ground.ts';
import { sealResultForStick } from '../ingest/stick-result.ts';
import { admit, readAsk, refuse } from './door.ts';

export function registerDownloads(scope: FastifyInstance, ground: Ground): void {
  // The batch's own route decides who may: whoever may look at it may take it.
  scope.get('/batches/:id/file', async (request, reply) => {
    const admitted = await admit(ground, request, 'batch');
    if (!admitted.ok) return refuse(reply, admitted.error);
    const ask = readAsk('batch', request);
    if (!ask.ok) return refuse(reply, ask.error);
    const found = await ground.db
      .selectFrom('batch')
      .select(['bytes', 'file_sha256', 'dev', 'ep', 'from_seq', 'to_seq', 'batch_id'])
      .where('airline', '=', admitted.value.airline)
      .where('id', '=', ask.value.id)
      .executeTakeFirst();
    if (found === undefined) return refuse(reply, { kind: 'not-found' });
    reply.header('content-disposition', `attachment; filename="${batchFileName(found)}"`);
    return reply.type('application/octet-stream').send(Buffer.from(found.bytes));
  });
  scope.get('/batches/:id/result', async (request, reply) => {
    const admitted = await admit(ground, request, 'batch');
    if (!admitted.ok) return refuse(reply, admitted.error);
    const ask = readAsk('batch', request);
    if (!ask.ok) return refuse(reply, ask.error);
    const { airline } = admitted.value;
    const batch = await ground.db
      .selectFrom('batch')
      .select('batch_id')
      .where('airline', '=', airline)
      .where('id', '=', ask.value.id)
      .executeTakeFirst();
    const batchId = batch?.batch_id ?? null;
    const sealed = batchId === null ? null : await sealResultForStick(ground, airline, batchId);
    if (sealed === null) return refuse(reply, { kind: 'not-found' });
    reply.header('content-disposition', `attachment; filename="${sealed.fileName}"`);
    return reply.type('application/octet-stream').send(sealed.text);
  });
}

/** As the terminal named it (settlement.md 6.1); one that could not be opened is named by what it is. */
function batchFileName(batch: {
  readonly file_sha256: string;
  readonly dev: string | null;
  readonly ep: number | null;
  readonly from_seq: number | null;
  readonly to_seq: number | null;
  readonly batch_id: string | null;
}): string {
  const { dev, ep, from_seq, to_seq, batch_id } = batch;
  if (dev === null || ep === null || from_seq === null || to_seq === null || batch_id === null)
    return `unreadable-${batch.file_sha256.slice(0, 12)}.cpb`;
  const numbers = [ep, from_seq, to_seq].map((number) => number.toString()).join('-');
  return `CPB-${dev}-${numbers}-${batch_id.slice(0, 8).toUpperCase()}.cpb`;
}
