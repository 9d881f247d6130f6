// The console's one door: who is it, may they, for which airline, and is the question well formed. Everything behind it
// can rely on that. Other sites cannot ask in a user's name: SameSite cookie, Origin, and nothing but JSON is taken.
import cookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { Ground } from '../ground.ts';
import { CONSOLE_ROUTES, mayUse, PROBLEM_STATUS } from '../web/console-api.ts';
import type { ConsoleProblem, RouteName } from '../web/console-api.ts';
import { ASKS, type Ask } from '../web/console-asks.ts';
import { userOf, type ConsoleUser } from './sessions.ts';

export const SESSION_COOKIE = 'cabintill_console';
const COOKIE_PATH = '/console';
const AIRLINE = /^[A-Z0-9]{2,3}$/;

export type Visitor = {
  readonly user: ConsoleUser;
  /** The airline the question is about. */
  readonly airline: string;
};

/** What every route of the console shares; inside the given scope only. */
export async function prepareDoor(scope: FastifyInstance): Promise<void> {
  if (!scope.hasReplyDecorator('setCookie')) await scope.register(cookie);
  // Only JSON is read: a form or a plain text of another site ends here, before anything is looked at.
  scope.removeContentTypeParser('text/plain');
  scope.addHook('onSend', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    reply.header('x-content-type-options', 'nosniff');
  });
  scope.addHook('onRequest', async (request, reply) => {
    if (request.method === 'GET' || isOwnSite(request)) return;
    await refuse(reply, { kind: 'other-site' });
  });
}

/** Browsers name the page a change comes from; one that is not ours, or not named, is refused. */
function isOwnSite({ headers }: FastifyRequest): boolean {
  const { origin, host } = headers;
  if (origin === undefined || host === undefined) return false;
  return URL.canParse(origin) && new URL(origin).host === host;
}

export function sessionTokenOf(request: FastifyRequest): string | undefined {
  return request.cookies[SESSION_COOKIE];
}

export function giveSession(request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.setCookie(SESSION_COOKIE, token, {
    path: COOKIE_PATH,
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
  });
}

export function takeSession(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(SESSION_COOKIE, {
    path: COOKIE_PATH,
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
  });
}

export async function refuse(reply: FastifyReply, problem: ConsoleProblem): Promise<void> {
  if (problem.kind === 'locked') reply.header('retry-after', problem.why ?? '30');
  await reply.code(PROBLEM_STATUS[problem.kind]).send({ problem });
}

/** Signed in, the role may, and the airline is theirs: an airline's user has one, another user says which. */
export async function admit(
  ground: Ground,
  request: FastifyRequest,
  name: RouteName,
): Promise<Result<Visitor, ConsoleProblem>> {
  const user = await userOf(ground, sessionTokenOf(request));
  if (user === null) return fail({ kind: 'signed-out' });
  if (!mayUse(user.role, name)) return fail({ kind: 'not-allowed' });
  const wanted = (request.query as Readonly<Record<string, unknown>>).airline ?? user.airline;
  if (typeof wanted !== 'string' || !AIRLINE.test(wanted))
    return fail({ kind: 'bad-request', why: 'airline' });
  if (user.airline !== null && wanted !== user.airline) return fail({ kind: 'other-airline' });
  const known = await ground.db
    .selectFrom('airline')
    .select('airline')
    .where('airline', '=', wanted)
    .executeTakeFirst();
  return known === undefined ? fail({ kind: 'not-found' }) : ok({ user, airline: wanted });
}

/** The parts of the path with the filters or the body, as the route's schema wants them. */
export function readAsk<Name extends RouteName>(
  name: Name,
  request: FastifyRequest,
): Result<Ask<Name>, ConsoleProblem> {
  const sent = CONSOLE_ROUTES[name].method === 'GET' ? filtersOf(request.query) : request.body;
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return fail({ kind: 'bad-request' });
  const schema = ASKS[name];
  const parsed = v.safeParse(schema, { ...sent, ...(request.params as object) });
  if (parsed.success) return ok(parsed.output as Ask<Name>);
  const where = parsed.issues[0].path?.[0]?.key;
  return fail(typeof where === 'string' ? { kind: 'bad-request', why: where } : { kind: 'bad-request' });
}

/** `airline` and `lang` are the door's own. */
function filtersOf(query: unknown): object {
  const entries = Object.entries(query as object).filter(([key]) => key !== 'airline' && key !== 'lang');
  return Object.fromEntries(entries);
}
