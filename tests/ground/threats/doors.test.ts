import { mkdir, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { get } from 'node:https';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeConsoleUser } from '../../../ground/console-api/console-users.ts';
import { makeServerCertificate } from '../../../ground/server/authority.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { AIRLINE, tokenOf } from '../ingest/ingest-scene.ts';
import { openServer, sendRaw, type GroundServer } from './open-server.ts';

const servers: GroundServer[] = [];
async function open(...args: Parameters<typeof openServer>): Promise<GroundServer> {
  const server = await openServer(...args);
  servers.push(server);
  return server;
}
afterAll(async () => {
  for (const { stop } of servers) await stop();
});

const BATCH_ID = 'a'.repeat(26);
const PASSWORD = 'correct horse battery';
const call = (
  { app }: GroundServer,
  method: 'GET' | 'HEAD' | 'PUT' | 'POST',
  url: string,
  headers: Record<string, string> = {},
  payload?: string | Buffer,
) => app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });

describe('a flood of calls', () => {
  it.each([
    ['GET', '/v1/results'],
    ['HEAD', `/v1/batches/${BATCH_ID}`],
    ['PUT', `/v1/batches/${BATCH_ID}`],
    ['GET', '/v1/enrolment'],
    ['POST', '/v1/notices/9C/1'],
    ['GET', '/console/api/overview'],
    ['POST', '/console/api/session'],
    ['GET', '/wallets/9C/1/return'],
    ['GET', '/no/such/place'],
  ] as const)('to %s %s without a right to it has to wait', async (method, url) => {
    const server = await open({ callsPerMinute: 3 });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await call(server, method, url)).statusCode);
    expect(statuses.slice(0, 3)).not.toContain(429);
    const last = await call(server, method, url);
    expect(last.statusCode).toBe(429);
    expect(Number(last.headers['retry-after'])).toBeGreaterThan(0);
    if (method !== 'HEAD') expect(last.json()).toEqual({ problem: { kind: 'too-many-requests' } });
  });

  it('is counted by the address the proxy saw, whatever the caller says it is', async () => {
    const server = await open({ callsPerMinute: 3, isBehindProxy: true });
    const from = async (chain: string): Promise<number> =>
      (await call(server, 'GET', '/v1/health', { 'x-forwarded-for': chain })).statusCode;
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push(await from(`198.51.100.${i.toString()}, 203.0.113.7`));
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect(await from('198.51.100.1, 203.0.113.8')).toBe(200);
  });

  it('is counted by its own address where there is no proxy', async () => {
    const server = await open({ callsPerMinute: 3 });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) {
      const headers = { 'x-forwarded-for': `203.0.113.${i.toString()}` };
      statuses.push((await call(server, 'GET', '/v1/health', headers)).statusCode);
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
  });
});

describe('what is sent to the console without a session', () => {
  it('is refused before it is read, however large it says it is', async () => {
    const server = await open();
    const answer = await sendRaw(
      server.port,
      [
        'POST /console/api/batches/upload HTTP/1.1',
        `Host: 127.0.0.1:${server.port.toString()}`,
        `Origin: ${server.address}`,
        'Content-Type: application/json',
        'Content-Length: 40000000',
        'Connection: close',
        '',
        '{',
      ].join('\r\n'),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toContain('{"problem":{"kind":"signed-out"}}');
  });
});

describe('the console’s cookie', () => {
  async function cookieOf(server: GroundServer, headers: Record<string, string>): Promise<string> {
    const user = { name: 'ada', role: 'viewer', airline: AIRLINE, password: PASSWORD } as const;
    await makeConsoleUser(server.ground, user);
    const answer = await call(
      server,
      'POST',
      '/console/api/session',
      { 'content-type': 'application/json', ...headers },
      JSON.stringify({ name: user.name, password: PASSWORD }),
    );
    expect(answer.statusCode).toBe(200);
    return String(answer.headers['set-cookie']);
  }

  it('travels over HTTPS only when it was given there, behind a proxy too', async () => {
    const own = { host: 'ground.example', origin: 'https://ground.example' };
    const proxied = await open({ isBehindProxy: true });
    const cookie = await cookieOf(proxied, { ...own, 'x-forwarded-proto': 'https' });
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; Secure/);
    expect(cookie).toMatch(/; SameSite=Strict/);
    expect(cookie).toMatch(/; Path=\/console/);
    expect(cookie).not.toMatch(/Domain=/i);
    expect(await cookieOf(proxied, own)).not.toMatch(/Secure/);
  });
});

describe('a slow caller', () => {
  it('is not waited for without end', async () => {
    const server = await open();
    // A part of an upload takes seconds on a poor line; Node looks twice a minute.
    expect(server.app.server.requestTimeout).toBeGreaterThanOrEqual(60_000);
    expect(server.app.server.requestTimeout).toBeLessThanOrEqual(600_000);
    expect(server.app.server.headersTimeout).toBeGreaterThan(0);
    expect(server.app.server.timeout).toBeGreaterThanOrEqual(60_000);
    expect(server.app.server.timeout).toBeLessThanOrEqual(300_000);
  });
});

describe('every kind of answer', () => {
  const HEADERS = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  };

  async function openWithPages(): Promise<GroundServer> {
    const pages = temporaryFolder();
    for (const name of ['phone', 'console']) {
      await mkdir(join(pages, name, 'assets'), { recursive: true });
      await writeFile(join(pages, name, 'index.html'), `<title>${name}</title>`);
    }
    await writeFile(join(pages, 'secret.txt'), 'the secret beside the pages');
    return await open({ pages });
  }

  it('carries the headers that keep pages and answers where they belong', async () => {
    const server = await openWithPages();
    const token = tokenOf(server.scene, server.clock.nowMs);
    const answers = [
      await call(server, 'GET', '/phone/'),
      await call(server, 'GET', '/console/'),
      await call(server, 'GET', '/phone'),
      await call(server, 'GET', '/'),
      await call(server, 'GET', '/nowhere'),
      await call(server, 'GET', '/%zz'),
      await call(server, 'GET', '/v1/health'),
      await call(server, 'GET', '/v1/results'),
      await call(server, 'GET', '/v1/results', { authorization: `Bearer ${token}` }),
      await call(server, 'POST', '/v1/enrolments', { 'content-type': 'application/json' }, '{'),
      await call(server, 'POST', '/v1/enrolments', { 'content-type': 'text/xml' }, '<a/>'),
      await call(server, 'GET', '/wallets/9C/1/return?state=x'),
      await call(server, 'GET', '/console/api/overview'),
      await call(server, 'POST', '/console/api/session'),
    ];
    for (const { headers } of answers) {
      expect(headers).toMatchObject(HEADERS);
      expect(headers['content-security-policy']).toMatch(/default-src 'none'/);
      expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'/);
      expect(headers['cache-control']).toMatch(/no-store|no-cache/);
    }
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([
      200, 200, 308, 302, 404, 400, 200, 401, 200, 400, 415, 303, 401, 403,
    ]);
  });

  it('tells HTTPS callers to stay with HTTPS', async () => {
    const { certificate, key, authority } = await makeServerCertificate(['localhost'], Date.now());
    const { port } = await open({ tls: { certificate, key } });
    const headers = await new Promise<IncomingHttpHeaders>((resolve, reject) => {
      const request = get({ host: 'localhost', port, ca: authority, path: '/v1/health', agent: false });
      request.on('response', (response) => {
        response.resume();
        resolve(response.headers);
      });
      request.on('error', reject);
    });
    expect(headers['strict-transport-security']).toMatch(/max-age/);
  });

  it('stays inside the folder of the pages', async () => {
    const server = await openWithPages();
    for (const path of [
      '/phone/../secret.txt',
      '/phone/..%2fsecret.txt',
      '/phone/%2e%2e/secret.txt',
      '/phone/%2e%2e%2fsecret.txt',
      '/phone/..%5csecret.txt',
      '/phone/....//secret.txt',
      '/phone/assets/../../secret.txt',
      '/phone//etc/passwd',
      '/phone/%00/index.html',
    ]) {
      const request = `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
      const answer = await sendRaw(server.port, request);
      expect(answer).toMatch(/^HTTP\/1\.1 (400|403|404) /);
      expect(answer).not.toContain('the secret');
      expect(answer).not.toContain('root:');
    }
  });

  it('says nothing of what was sent', async () => {
    const server = await open();
    const secret = 'DO-NOT-REPEAT-ME';
    const json = { 'content-type': 'application/json' };
    const bearer = { authorization: `Bearer ${secret}` };
    const origin = { origin: 'http://localhost:80', host: 'localhost:80' };
    const answers = [
      await call(server, 'GET', `/v1/${secret}`),
      await call(server, 'GET', '/v1/results', bearer),
      await call(server, 'GET', '/v1/enrolment', bearer),
      await call(server, 'POST', '/v1/enrolments', json, `{"${secret}": 1, "name": "${secret}"}`),
      await call(server, 'POST', '/v1/enrolments', json, `{"name": ${secret}`),
      await call(server, 'POST', '/v1/enrolment/copies', json, `{"lines": ["${secret}"]}`),
      await call(server, 'POST', '/v1/notices/9C/1', json, secret),
      await call(server, 'POST', '/console/api/session', { ...json, ...origin }, `{"name": "${secret}"}`),
      await call(server, 'GET', `/console/api/orders?airline=${secret}`, {
        cookie: `cabintill_console=${secret}`,
      }),
    ];
    for (const { statusCode, body } of answers) {
      expect(statusCode).toBeGreaterThanOrEqual(400);
      expect(statusCode).toBeLessThan(500);
      expect(body).not.toContain(secret);
    }
    expect(JSON.stringify(server.logged)).not.toContain(secret);
  });
});

describe('the way back from a wallet', () => {
  it.each([
    '/wallets/9C/1/return?next=https://evil.example/',
    '/wallets/9C/1/return?state=https%3A%2F%2Fevil.example',
    '/wallets/..%2f..%2fevil/1/return',
    '//evil.example/wallets/9C/1/return',
    '/wallets/9C/1/return?state=%0d%0aLocation:%20https://evil.example',
  ])('leads to the passenger’s page or nowhere: %s', async (url) => {
    const server = await open();
    const request = `GET ${url} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`;
    const answer = await sendRaw(server.port, request);
    if (answer.startsWith('HTTP/1.1 303'))
      expect(answer).toContain('location: http://ground.test/phone/\r\n');
    else expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(answer).not.toContain('evil.example');
  });
});

describe('bodies made to exhaust the reader', () => {
  const json = { 'content-type': 'application/json' };
  it('are refused, and the next call is answered', async () => {
    const server = await open();
    const nested = `${'['.repeat(4000)}${']'.repeat(4000)}`;
    const deep = `${'{"a":'.repeat(1300)}1${'}'.repeat(1300)}`;
    for (const body of [
      nested,
      deep,
      '{"__proto__":{"leg":1}}',
      '{"constructor":{"prototype":{}}}',
      '1e999',
    ]) {
      expect((await call(server, 'POST', '/v1/enrolments', json, body)).statusCode).toBe(400);
    }
    const tooLarge = Buffer.alloc(9 * 1024, 32);
    expect((await call(server, 'POST', '/v1/enrolments', json, tooLarge)).statusCode).toBe(413);
    const notice = Buffer.alloc(300 * 1024, 32);
    expect((await call(server, 'POST', '/v1/notices/9C/1', json, notice)).statusCode).toBe(413);
    const copies = Buffer.alloc(2 * 1024 * 1024, 32);
    expect((await call(server, 'POST', '/v1/enrolment/copies', json, copies)).statusCode).toBe(413);
    expect((await call(server, 'GET', '/v1/health')).json()).toEqual({ ok: true });
  });

  it('that end in the middle leave the server as it was', async () => {
    const server = await open();
    const head = `PUT /v1/batches/${BATCH_ID} HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\n`;
    const token = tokenOf(server.scene, server.clock.nowMs);
    for (const lengths of ['Content-Length: 5000', 'Transfer-Encoding: chunked']) {
      await new Promise<void>((resolve) => {
        const socket = createConnection(server.port, '127.0.0.1', () => {
          socket.write(`${head}Authorization: Bearer ${token}\r\n${lengths}\r\n\r\nabc`, () => {
            socket.destroy();
            resolve();
          });
        });
      });
    }
    expect((await call(server, 'GET', '/v1/health')).json()).toEqual({ ok: true });
    expect(await server.ground.db.selectFrom('batch').select('id').execute()).toEqual([]);
    expect(await server.ground.db.selectFrom('upload_part').select('batch_id').execute()).toEqual([]);
  });
});
