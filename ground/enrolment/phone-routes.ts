// What the passenger's pages call (ground/web/phone-api.ts), and where wallets send the passenger back to.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { isDatabaseAway } from '../database/database-away.ts';
import type { Ground } from '../ground.ts';
import { receiveCopies } from '../ingest/receive-copies.ts';
import { phoneOrder } from '../orders/phone-order.ts';
import {
  copiesRequestSchema,
  enrolmentRequestSchema,
  OTHER_BROWSER_HASH,
  type ApiProblem,
  type EnrolmentRefusal,
} from '../web/phone-api.ts';
import { beginEnrolment } from './begin-enrolment.ts';
import { enrolmentState, findEnrolment } from './enrolment-state.ts';
import { finishEnrolment } from './finish-enrolment.ts';
import type { PassengerRow } from './issue.ts';
import { openFlights } from './open-flights.ts';
import { readBearer } from './phone-token.ts';

const REQUEST_BYTES = 8 * 1024;
/** A hundred of the longest lines (phone-api.ts). */
const COPIES_BYTES = 100 * 16_500;

const returnParamsSchema = v.object({
  airline: v.pipe(v.string(), v.regex(/^[A-Z0-9]{2,3}$/)),
  wallet: v.pipe(v.string(), v.regex(/^\d{1,3}$/), v.transform(Number)),
});

/** Wallets name the one-time code differently; all else they send along is left alone. */
const returnQuerySchema = v.object({
  state: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/)),
  code: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(512))),
  auth_code: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(512))),
});

export function registerPhoneRoutes(app: FastifyInstance, ground: Ground): void {
  app.get(
    '/v1/flights',
    async (_request, reply) =>
      await reply.header('cache-control', 'no-store').send(await openFlights(ground)),
  );

  app.post('/v1/enrolments', { bodyLimit: REQUEST_BYTES }, async (request, reply) => {
    const parsed = v.safeParse(enrolmentRequestSchema, request.body);
    if (!parsed.success) return await refuseShape(reply, parsed.issues);
    const begun = await beginEnrolment(ground, parsed.output);
    if (begun.ok) {
      void reply.code(201).headers({ 'cache-control': 'no-store', 'set-cookie': begun.value.cookie });
      return await reply.send(begun.value.begun);
    }
    ground.log.info('enrolment-refused', { why: begun.error });
    return await reply.code(statusOf(begun.error)).send(problem(begun.error));
  });

  app.get(
    '/v1/enrolment',
    async (request, reply) =>
      await withEnrolment(
        ground,
        request,
        reply,
        async (passenger) => await enrolmentState(ground, passenger),
      ),
  );

  app.get(
    '/v1/enrolment/order',
    async (request, reply) =>
      await withEnrolment(ground, request, reply, async ({ cti }) => await phoneOrder(ground, cti)),
  );

  app.post('/v1/enrolment/copies', { bodyLimit: COPIES_BYTES }, async (request, reply) => {
    const parsed = v.safeParse(copiesRequestSchema, request.body);
    if (!parsed.success) return await refuseShape(reply, parsed.issues);
    const { lines } = parsed.output;
    return await withEnrolment(ground, request, reply, async ({ cti }) => ({
      outcomes: await receiveCopies(ground, { cti, lines }),
    }));
  });

  app.get('/wallets/:airline/:wallet/return', async (request, reply) => {
    const hash = await takeReturn(ground, request);
    // The state and code in this address are used up; the page behind the redirect has neither.
    return await reply
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-store')
      .redirect(`${ground.publicAddress}/phone/${hash}`, 303);
  });
}

/**
 * Answers what the page is opened with. What went wrong stands in the enrolment, which the page asks for; only another
 * browser has no enrolment to ask for. What is no answer of a wallet gets the page alone.
 */
async function takeReturn(ground: Ground, { params, query, headers }: FastifyRequest): Promise<string> {
  const place = v.safeParse(returnParamsSchema, params);
  const answer = v.safeParse(returnQuerySchema, query);
  if (!place.success || !answer.success) return '';
  const { state, code, auth_code: authCode } = answer.output;
  try {
    const finished = await finishEnrolment(ground, {
      ...place.output,
      state,
      code: code ?? authCode ?? null,
      cookies: headers.cookie,
    });
    if (finished.ok) return '';
    // One a day is a wallet that opens a browser of its own; many are somebody who sends links around.
    ground.log.info('enrolment-in-other-browser', { ...place.output });
    return OTHER_BROWSER_HASH;
  } catch (error) {
    if (isDatabaseAway(error)) throw error;
    // A job looks after what broke off.
    ground.log.error('enrolment-broke-off', {
      airline: place.output.airline,
      wallet: place.output.wallet,
      // Never its message: that may quote what was sent or asked for.
      why: error instanceof Error ? error.name : 'unknown',
    });
    return '';
  }
}

/** Answers for the enrolment the token speaks for; null from `answer` is 404. */
async function withEnrolment(
  ground: Ground,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: (passenger: PassengerRow) => Promise<object | null>,
): Promise<FastifyReply> {
  const token = readBearer(request.headers.authorization);
  const passenger = token === null ? null : await findEnrolment(ground, token);
  if (passenger === null) return await reply.code(401).send(problem('token-refused'));
  const answered = await answer(passenger);
  if (answered === null) return await reply.code(404).send(problem('not-found'));
  return await reply.header('cache-control', 'no-store').send(answered);
}

function problem(kind: string, why?: string): ApiProblem {
  return { problem: why === undefined ? { kind } : { kind, why } };
}

/** Says which field, never what stood in it. */
async function refuseShape(
  reply: FastifyReply,
  issues: readonly v.BaseIssue<unknown>[],
): Promise<FastifyReply> {
  const [issue] = issues;
  const field = issue === undefined ? 'whole' : (v.getDotPath(issue) ?? 'whole');
  return await reply.code(400).send(problem('bad-request', field));
}

function statusOf(refusal: EnrolmentRefusal): number {
  switch (refusal) {
    case 'flight-unknown':
      return 404;
    case 'enrolment-closed':
    case 'flight-cancelled':
    case 'seat-taken':
      return 409;
    case 'wallet-unreachable':
      return 503;
    case 'wallet-not-offered':
    case 'seat-unknown':
    case 'boarding-pass-unreadable':
    case 'boarding-pass-of-another-flight':
    case 'name-unreadable':
    case 'wallet-not-accepted':
    case 'wallet-overdue-orders':
    case 'wallet-too-many-open-orders':
    case 'wallet-youth-mode':
    case 'wallet-not-permitted':
      return 422;
  }
}
