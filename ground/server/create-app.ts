// Ground's HTTP server, put together: limits, headers, every part's routes, the pages, and one answer for what goes wrong.
import rateLimit from '@fastify/rate-limit';
import { fastify, type FastifyError, type FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { registerConsoleRoutes } from '../console-api/console-routes.ts';
import { isDatabaseAway } from '../database/database-away.ts';
import { UPLINK } from '../../domain/limits.ts';
import { registerPhoneRoutes } from '../enrolment/phone-routes.ts';
import { placeOf } from '../error-place.ts';
import type { Ground } from '../ground.ts';
import { registerTerminalRoutes } from '../ingest/terminal-routes.ts';
import { registerNoticeRoutes } from '../orders/notice-routes.ts';
import { servePages } from './pages.ts';
import { isOurProxy } from './reverse-proxy.ts';
import { addSecurityHeaders, securityHeaders } from './security-headers.ts';

export type AppOptions = {
  /** PEM; plain HTTP without. */
  readonly tls: { readonly certificate: string; readonly key: string } | null;
  /** Folder of the built pages; null where only the interfaces are wanted. */
  readonly pages: string | null;
  /** Calls a minute from one address before it has to wait. */
  readonly callsPerMinute: number;
  /** Behind a reverse proxy the caller's address stands in a header. */
  readonly isBehindProxy: boolean;
};

const RETRY_AFTER_SECONDS = 10;
/** A connection on which nothing moves for so long is given up. */
const IDLE_MS = 120_000;

export async function createApp(ground: Ground, options: AppOptions): Promise<FastifyInstance> {
  const { tls } = options;
  const app = fastify({
    ...(tls === null ? {} : { https: { cert: tls.certificate, key: tls.key, minVersion: 'TLSv1.2' } }),
    // Our own log has no addresses with secrets in them, no headers and no bodies.
    logger: false,
    trustProxy: options.isBehindProxy ? isOurProxy : false,
    bodyLimit: 1024 * 1024,
    // A terminal takes no longer for one call, on the poorest line.
    requestTimeout: UPLINK.pace.callMs,
    connectionTimeout: IDLE_MS,
    // An address that cannot be read meets no hook.
    frameworkErrors: (_error, request, { raw }) => {
      raw.writeHead(400, { ...securityHeaders(request), 'content-type': 'application/json; charset=utf-8' });
      raw.end(JSON.stringify({ problem: { kind: 'bad-request' } }));
    },
    forceCloseConnections: true,
  });
  addSecurityHeaders(app);
  await app.register(rateLimit, {
    global: false,
    max: options.callsPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, { ttl }) => new TooManyRequests(Math.ceil(ttl / 1000)),
  });
  // Before the doors of the routes: who is turned away there is counted too, and who asks for what is not there.
  app.addHook('onRequest', app.rateLimit());
  logAnswers(app, ground);
  answerFailures(app, ground);
  app.get('/v1/health', async () => {
    await sql`select 1`.execute(ground.db);
    return { ok: true };
  });
  registerTerminalRoutes(app, ground);
  registerPhoneRoutes(app, ground);
  registerNoticeRoutes(app, ground);
  registerConsoleRoutes(app, ground);
  if (options.pages !== null) await servePages(app, options.pages);
  return app;
}

/** The limit's own error; fastify wants one to be thrown. */
class TooManyRequests extends Error {
  readonly statusCode = 429;
  constructor(readonly retryAfterSeconds: number) {
    super('too many requests');
  }
}

/** The route as it is declared, never the address as it was called: ids and tokens may stand in that. */
function logAnswers(app: FastifyInstance, { log }: Ground): void {
  app.addHook('onResponse', (request, reply, done) => {
    log.info('answered', {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
    done();
  });
}

function answerFailures(app: FastifyInstance, { log }: Ground): void {
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ problem: { kind: 'not-found' } }));
  app.setErrorHandler((error: FastifyError | TooManyRequests, request, reply) => {
    if (error instanceof TooManyRequests) {
      return reply
        .code(429)
        .header('retry-after', error.retryAfterSeconds.toString())
        .send({ problem: { kind: 'too-many-requests' } });
    }
    if (isDatabaseAway(error)) {
      log.warn('database-away', { route: request.routeOptions.url ?? 'none' });
      return reply
        .code(503)
        .header('retry-after', RETRY_AFTER_SECONDS.toString())
        .send({ problem: { kind: 'out-of-order' } });
    }
    const status = error.statusCode ?? 500;
    if (status === 413) return reply.code(413).send({ problem: { kind: 'too-large' } });
    if (status < 500) return reply.code(status).send({ problem: { kind: 'bad-request' } });
    log.error('failed', {
      route: request.routeOptions.url ?? 'none',
      why: error.name,
      where: placeOf(error),
    });
    return reply.code(500).send({ problem: { kind: 'internal' } });
  });
}
