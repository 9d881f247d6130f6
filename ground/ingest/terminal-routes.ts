// What terminals say to ground, exactly as docs/formats/terminal-api.md has it.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { BATCH } from '../../domain/limits.ts';
import type { Ground } from '../ground.ts';
import { newestPack } from './packs-for-terminals.ts';
import { receiveBatch, type Received } from './receive-batch.ts';
import { newestResult, newestResultFor, resultsSince, signAnswer } from './results.ts';
import { terminalGate, terminalOf, type Terminal } from './terminal-door.ts';
import { addPart, dropUpload, readContentRange, uploadOffset, type PartOutcome } from './upload-parts.ts';

const batchParams = v.object({ batchId: v.pipe(v.string(), v.regex(/^[a-z2-7]{26}$/)) });
const number = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number));
const afterQuery = v.object({ after: v.optional(number, '0') });
const legParams = v.object({ leg: v.pipe(v.string(), v.regex(/^[A-Z0-9]{3,7}-\d{8}-[A-Z]{3}-[A-Z]{3}$/)) });

const HTTP_OF: Readonly<Record<Received['status'], number>> = {
  ACCEPTED: 200,
  DUPLICATE: 200,
  PARTIAL: 200,
  GAP: 409,
  DAMAGED: 422,
  FORGED: 422,
  TOTALS: 422,
  FORK: 422,
  UNKNOWN_DEVICE: 403,
};

/** What goes wrong by itself, the server's own error handler answers. */
export function registerTerminalRoutes(app: FastifyInstance, ground: Ground): void {
  // A scope of its own: these bodies and answers are nobody else's business.
  app.register((scope, _options, done) => {
    scope.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_request, body, next) => {
      next(null, body);
    });
    addRoutes(scope, ground);
    done();
  });
}

function addRoutes(scope: FastifyInstance, ground: Ground): void {
  const anyOfOurs = { onRequest: terminalGate(ground, { forRevoked: true }) };
  const trusted = { onRequest: terminalGate(ground, { forRevoked: false }) };
  scope.head('/v1/batches/:batchId', anyOfOurs, (request, reply) => answerOffset(ground, request, reply));
  scope.put('/v1/batches/:batchId', { ...anyOfOurs, bodyLimit: BATCH.maxBytes }, (request, reply) =>
    takeUpload(ground, request, reply),
  );
  scope.get('/v1/batches/:batchId', { ...anyOfOurs, exposeHeadRoute: false }, (request, reply) =>
    answerResult(ground, request, reply),
  );
  scope.get('/v1/results', trusted, async (request, reply) => {
    const query = v.safeParse(afterQuery, request.query);
    if (!query.success) return refuse(reply, 400, 'bad-request');
    return { results: await resultsSince(ground, terminalOf(request), query.output.after) };
  });
  scope.get('/v1/packs/:leg', trusted, (request, reply) => answerPack(ground, request, reply));
}

function refuse(reply: FastifyReply, status: number, kind: string): FastifyReply {
  return reply.code(status).send({ problem: { kind } });
}

async function answerOffset(
  ground: Ground,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const params = v.safeParse(batchParams, request.params);
  const offset = params.success
    ? await uploadOffset(ground.db, { ...terminalOf(request), batchId: params.output.batchId })
    : 0;
  return offset === 0
    ? refuse(reply, 404, 'not-found')
    : reply.code(200).header('Upload-Offset', offset.toString()).send();
}

async function takeUpload(
  ground: Ground,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const terminal = terminalOf(request);
  const params = v.safeParse(batchParams, request.params);
  if (!params.success || !Buffer.isBuffer(request.body)) return refuse(reply, 400, 'bad-request');
  const { batchId } = params.output;
  const part = await takePart(ground, { terminal, batchId, request, bytes: new Uint8Array(request.body) });
  if (part === null) return refuse(reply, 400, 'bad-request');
  if (part.kind !== 'whole') {
    reply.header('Upload-Offset', part.offset.toString());
    return part.kind === 'more' ? reply.code(202).send() : refuse(reply, 409, 'gap');
  }
  const { airline } = terminal;
  const received = await receiveBatch(ground, { airline, bytes: part.bytes, source: 'upload' });
  await dropUpload(ground.db, { ...terminal, batchId });
  return await answerReceived(ground, { terminal, batchId, received }, reply);
}

type Sent = {
  readonly terminal: Terminal;
  readonly batchId: string;
  readonly request: FastifyRequest;
  readonly bytes: Uint8Array;
};

/** Null: the range is none, or not that of the bytes. */
async function takePart(
  ground: Ground,
  { terminal, batchId, request, bytes }: Sent,
): Promise<PartOutcome | null> {
  const header = request.headers['content-range'];
  if (header === undefined) return { kind: 'whole', bytes };
  const range = readContentRange(header);
  if (range === null || range.to - range.from + 1 !== bytes.length) return null;
  const { from: at, total } = range;
  if (at === 0 && bytes.length === total) return { kind: 'whole', bytes };
  return await addPart(ground, { ...terminal, batchId }, { at, total, bytes });
}

/** The signed answer. Where nothing in the file can be believed, it goes by the names the terminal uses. */
async function answerReceived(
  ground: Ground,
  { terminal, batchId, received }: { terminal: Terminal; batchId: string; received: Received },
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { status, manifest, resendFrom } = received;
  // Another terminal's file was taken for what it is; its answer is for that terminal.
  if (manifest !== null && manifest.dev !== terminal.dev) return refuse(reply, 403, 'device-unknown');
  const { airline } = terminal;
  const name = manifest ?? { batchId, dev: terminal.dev, ep: terminal.ep };
  const batch = { airline, batchId: name.batchId, dev: name.dev, ep: name.ep, status, resendFrom };
  const isTaken = manifest !== null && (status === 'ACCEPTED' || status === 'PARTIAL');
  const kept = isTaken ? await newestResult(ground, airline, manifest.batchId) : null;
  const jws = kept?.jws ?? (await signAnswer(ground, batch));
  return sendResult(reply.code(HTTP_OF[status]), jws);
}

async function answerResult(
  ground: Ground,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const params = v.safeParse(batchParams, request.params);
  const jws = params.success
    ? await newestResultFor(ground, terminalOf(request), params.output.batchId)
    : null;
  return jws === null ? refuse(reply, 404, 'not-found') : sendResult(reply, jws);
}

function sendResult(reply: FastifyReply, jws: string): FastifyReply {
  return reply.header('Content-Type', 'application/jose').send(jws);
}

async function answerPack(
  ground: Ground,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const params = v.safeParse(legParams, request.params);
  const query = v.safeParse(afterQuery, request.query);
  if (!params.success || !query.success) return refuse(reply, 400, 'bad-request');
  const pack = await newestPack(ground, terminalOf(request), params.output.leg);
  if (pack === null) return refuse(reply, 404, 'not-found');
  if (pack.n <= query.output.after) return reply.code(204).send();
  return reply.header('Content-Type', 'application/octet-stream').send(Buffer.from(pack.bytes));
}
