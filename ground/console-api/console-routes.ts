import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import * as v from 'valibot';
import type { Ground } from '../ground.ts';
import { CONSOLE_ROUTES, type ActName, type ConsoleAirline, type ListName } from '../web/console-api.ts';
import type { Me, ReadName, RouteName } from '../web/console-api.ts';
import { signInSchema, type Ask } from '../web/console-asks.ts';
import { CONSOLE_WORDS } from '../web/console-words/words.ts';
import { ACTS } from './acts.ts';
import { withAudit } from './audit.ts';
import { csvHead, csvRow } from './csv.ts';
import { admit, giveSession, prepareDoor, readAsk, refuse, sessionTokenOf, takeSession } from './door.ts';
import { READS } from './handlers.ts';
import { readPage, type CsvSight } from './list-source.ts';
import { LISTS } from './lists/lists.ts';
import { signIn, signOut, userOf, type ConsoleUser } from './sessions.ts';
import { registerDownloads } from './downloads.ts';

const PREFIX = '/console/api';
/** A `.cpb` of 32 MiB as base64 in JSON. */
/** Bytes, of acts that bring files. */
const BODY_LIMITS: Readonly<Partial<Record<ActName, number>>> = {
  'upload-batch': 46 * 1024 * 1024,
  'save-catalogue': 8 * 1024 * 1024,
};
const CSV_PAGE_ROWS = 1000;

/** The console's API below `/console/api`, exactly the routes of `CONSOLE_ROUTES` and signing in and out. */
export function registerConsoleRoutes(app: FastifyInstance, ground: Ground): void {
  app.register(
    async (scope) => {
      await prepareDoor(scope);
      registerSession(scope, ground);
      for (const name of Object.keys(CONSOLE_ROUTES) as RouteName[]) registerRoute(scope, ground, name);
      registerDownloads(scope, ground);
    },
    { prefix: PREFIX },
  );
}

function registerRoute(scope: FastifyInstance, ground: Ground, name: RouteName): void {
  if (isList(name)) registerList(scope, ground, name);
  else if (isAct(name)) registerAct(scope, ground, name);
  else registerRead(scope, ground, name);
}

function isList(name: RouteName): name is ListName {
  return Object.hasOwn(LISTS, name);
}

function isAct(name: RouteName): name is ActName {
  return CONSOLE_ROUTES[name].method === 'POST';
}

/** `/flights/{leg}` as the router writes it. */
export function routerPath(name: RouteName): string {
  return CONSOLE_ROUTES[name].path.replace(/\{(\w+)\}/g, ':$1');
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it ties the question to its handler
function registerRead<Name extends Exclude<ReadName, ListName>>(
  scope: FastifyInstance,
  ground: Ground,
  name: Name,
): void {
  scope.get(routerPath(name), async (request, reply) => {
    const admitted = await admit(ground, request, name);
    if (!admitted.ok) return refuse(reply, admitted.error);
    const ask = readAsk(name, request);
    if (!ask.ok) return refuse(reply, ask.error);
    const { airline, user } = admitted.value;
    const answer = await READS[name]({ ground, airline, who: user.name, ask: ask.value });
    return answer.ok ? reply.send(answer.value) : refuse(reply, answer.error);
  });
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it ties the question to its handler
function registerAct<Name extends ActName>(scope: FastifyInstance, ground: Ground, name: Name): void {
  const limit = BODY_LIMITS[name];
  const bodyLimit = limit === undefined ? {} : { bodyLimit: limit };
  // Before the body is read: forty megabytes of somebody who is not signed in are not.
  const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const admitted = await admit(ground, request, name);
    if (!admitted.ok) await refuse(reply, admitted.error);
  };
  scope.post(routerPath(name), { ...bodyLimit, onRequest }, async (request, reply) => {
    const admitted = await admit(ground, request, name);
    if (!admitted.ok) return refuse(reply, admitted.error);
    const asked = readAsk(name, request);
    if (!asked.ok) return refuse(reply, asked.error);
    const { airline, user } = admitted.value;
    const answer = await withAudit(
      ground,
      { who: user.name, airline, what: name, detail: auditDetail(asked.value) },
      () => ACTS[name]({ ground, airline, who: user.name, ask: asked.value }),
      (outcome) => (outcome.ok ? 'done' : outcome.error.kind),
    );
    return answer.ok ? reply.send(answer.value) : refuse(reply, answer.error);
  });
}

const NOT_IN_AUDIT: ReadonlySet<string> = new Set(['fileBase64', 'text', 'label']);

/** What was asked, without whole files and what a member is called. */
function auditDetail(ask: Ask<ActName>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(ask).filter(([key]) => !NOT_IN_AUDIT.has(key)));
}

// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it ties the question to its handler
function registerList<Name extends ListName>(scope: FastifyInstance, ground: Ground, name: Name): void {
  const path = routerPath(name);
  scope.get(path, async (request, reply) => {
    const asked = await listQuestion(ground, request, reply, name);
    if (asked === null) return reply;
    const page = await readPage(LISTS[name], asked);
    return page.ok ? reply.send(page.value) : refuse(reply, { kind: 'bad-request', why: 'after' });
  });
  scope.get(`${path}.csv`, async (request, reply) => {
    const asked = await listQuestion(ground, request, reply, name);
    if (asked === null) return reply;
    const sight = await csvSight(ground, asked.airline, request);
    reply.header('content-type', 'text/csv; charset=utf-8');
    reply.header('content-disposition', `attachment; filename="${asked.airline}-${name}.csv"`);
    return reply.send(Readable.from(csvOf(name, asked, sight)));
  });
}

type ListQuestion<Name extends ListName> = Parameters<typeof readPage<Name>>[1];

/** Null when it has been refused already. */
async function listQuestion<Name extends ListName>(
  ground: Ground,
  request: FastifyRequest,
  reply: FastifyReply,
  name: Name,
): Promise<ListQuestion<Name> | null> {
  const admitted = await admit(ground, request, name);
  const ask = admitted.ok ? readAsk(name, request) : admitted;
  if (!admitted.ok || !ask.ok) {
    await refuse(reply, ask.ok ? { kind: 'bad-request' } : ask.error);
    return null;
  }
  const { airline, user } = admitted.value;
  return {
    db: ground.db,
    seal: ground.seal,
    nowMs: ground.nowMs(),
    airline,
    isForAll: user.airline === null,
    ask: ask.value,
    after: (ask.value as { readonly after?: string | undefined }).after,
  };
}

async function csvSight(ground: Ground, airline: string, request: FastifyRequest): Promise<CsvSight> {
  const { utc_offset_minutes } = await ground.db
    .selectFrom('airline')
    .select('utc_offset_minutes')
    .where('airline', '=', airline)
    .executeTakeFirstOrThrow();
  const language = (request.query as { readonly lang?: unknown }).lang === 'zh' ? 'zh' : 'en';
  return { words: CONSOLE_WORDS[language], utcOffsetMinutes: utc_offset_minutes, language };
}

/** The whole list, page after page, so that it never stands in memory at once. */
async function* csvOf<Name extends ListName>(
  name: Name,
  asked: ListQuestion<Name>,
  sight: CsvSight,
): AsyncGenerator<string> {
  const { columns } = LISTS[name];
  yield csvHead(columns, sight);
  let { after } = asked;
  do {
    const page = await readPage(LISTS[name], { ...asked, after }, CSV_PAGE_ROWS);
    if (!page.ok) return;
    yield page.value.rows.map((row) => csvRow(columns, row, sight)).join('');
    after = page.value.next ?? undefined;
  } while (after !== undefined);
}

function registerSession(scope: FastifyInstance, ground: Ground): void {
  scope.post('/session', async (request, reply) => {
    const parsed = v.safeParse(signInSchema, request.body);
    if (!parsed.success) return refuse(reply, { kind: 'bad-request' });
    const signed = await signIn(ground, parsed.output);
    if (!signed.ok) return refuse(reply, signed.error);
    giveSession(request, reply, signed.value.token);
    return reply.send({ me: await describe(ground, signed.value.user) });
  });
  scope.post('/session/end', async (request, reply) => {
    const token = sessionTokenOf(request);
    const user = await userOf(ground, token);
    if (user !== null) await signOut(ground, token, user);
    takeSession(request, reply);
    return reply.send({ done: true });
  });
  // Nobody is an answer too, not a mistake: the page asks before it knows whether to show the sign-in.
  scope.get('/session', async (request, reply) => {
    const user = await userOf(ground, sessionTokenOf(request));
    return reply.send({ me: user === null ? null : await describe(ground, user) });
  });
}

async function describe({ db }: Ground, user: ConsoleUser): Promise<Me> {
  let query = db
    .selectFrom('airline')
    .select(['airline', 'name_zh', 'name_en', 'utc_offset_minutes'])
    .orderBy('airline');
  if (user.airline !== null) query = query.where('airline', '=', user.airline);
  const airlines = await query.execute();
  const merchants = await db.selectFrom('merchant').select(['airline', 'wallet']).orderBy('wallet').execute();
  return {
    name: user.name,
    role: user.role,
    airlines: airlines.map(({ airline, name_zh, name_en, utc_offset_minutes }): ConsoleAirline => ({
      airline,
      nameZh: name_zh,
      nameEn: name_en,
      utcOffsetMinutes: utc_offset_minutes,
      wallets: merchants.filter((merchant) => merchant.airline === airline).map(({ wallet }) => wallet),
    })),
  };
}
