// The built passenger's pages on a real server with the policy they are served under, and a scripted ground behind them.
import { resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import fastify, { type FastifyInstance } from 'fastify';
import { createScriptedGround, type ScriptedGround } from '../ground/phone/support/scripted-ground.ts';

export const PHONE_FOLDER = resolve(import.meta.dirname, '../../out/ground/phone');

export const PHONE_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "font-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

export type PhoneSite = {
  readonly address: string;
  readonly ground: ScriptedGround;
  readonly close: () => Promise<void>;
};

/** What the scripted wallet does when it is asked: `accept` by default. */
export type SiteOptions = { readonly clockAheadMs?: number; readonly folder?: string };

export async function openPhoneSite({
  clockAheadMs = 0,
  folder = PHONE_FOLDER,
}: SiteOptions = {}): Promise<PhoneSite> {
  const app = fastify();
  let ground: ScriptedGround | null = null;
  const play = (): ScriptedGround => {
    if (ground === null) throw new Error('the scripted ground opens with the server');
    return ground;
  };
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('content-security-policy', PHONE_POLICY);
    // How far the phone's clock is off is told by this header.
    reply.header('date', new Date(Date.now() - clockAheadMs).toUTCString());
    done();
  });
  await app.register(fastifyStatic, { root: folder, prefix: '/phone/', cacheControl: false });
  registerApi(app, play);
  registerWallet(app, play);
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  // A browser trusts `localhost` like a secure address.
  const origin = address.replace('127.0.0.1', 'localhost');
  ground = createScriptedGround(Date.now(), `${origin}/wallet`);
  return { address: origin, ground, close: () => app.close() };
}

function registerApi(app: FastifyInstance, play: () => ScriptedGround): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/v1/*',
    handler: (request, reply) => {
      const { status, body } = play().handle({
        method: request.method,
        path: new URL(request.url, 'http://localhost').pathname,
        token: request.headers.authorization?.replace('Bearer ', '') ?? null,
        body: request.body ?? null,
      });
      return reply.status(status).send(body);
    },
  });
}

/** A wallet's page: one link for each thing a passenger may do there. */
function registerWallet(app: FastifyInstance, play: () => ScriptedGround): void {
  app.get<{ Querystring: { for: string } }>('/wallet', (request, reply) => {
    const link = (decision: string, text: string): string =>
      `<p><a href="/wallet/${decision}?for=${request.query.for}">${text}</a></p>`;
    return reply
      .type('text/html; charset=utf-8')
      .send(
        `<!doctype html><link rel="icon" href="data:,"><title>Wallet</title>${link('accept', 'Agree')}${link('wallet-not-accepted', 'Say no')}`,
      );
  });
  app.get<{ Querystring: { for: string }; Params: { decision: string } }>(
    '/wallet/:decision',
    (request, reply) => {
      const { decision } = request.params;
      play().decide(request.query.for, decision === 'accept' ? 'accept' : 'wallet-not-accepted');
      return reply.redirect('/phone/');
    },
  );
}
