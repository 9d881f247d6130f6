import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addUser,
  openConsoleBench,
  PASSWORD,
  postSession,
  signedIn,
  type ConsoleBench,
} from './console-bench.ts';

let bench: ConsoleBench;

beforeAll(async () => {
  bench = await openConsoleBench();
});

afterAll(() => bench.close());

const MINUTE_MS = 60_000;

describe('signing in', () => {
  it('gives a cookie that scripts and other sites never see, and keeps only its hash', async () => {
    const name = await addUser(bench.ground, 'finance', '9C');
    const answer = await postSession(bench.app, name, PASSWORD);
    const [cookie] = answer.cookies;
    expect(answer.statusCode).toBe(200);
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/console' });
    const kept = await bench.ground.db.selectFrom('console_session').select('token_hash').execute();
    expect(kept.map(({ token_hash }) => token_hash)).not.toContain(cookie?.value);
  });

  it('says the same of a wrong password and of an unknown user', async () => {
    const name = await addUser(bench.ground, 'viewer', '9C');
    const wrong = await postSession(bench.app, name, 'not the password');
    const unknown = await postSession(bench.app, 'nobody.here', 'not the password');
    expect([wrong.statusCode, wrong.body]).toEqual([unknown.statusCode, unknown.body]);
  });

  it('pauses after five wrong passwords, also for the right one, and goes on afterwards', async () => {
    const name = await addUser(bench.ground, 'operations', '9C');
    for (let i = 0; i < 4; i += 1) expect((await postSession(bench.app, name, 'wrong')).statusCode).toBe(401);
    const fifth = await postSession(bench.app, name, 'wrong');
    expect(fifth.json()).toEqual({ problem: { kind: 'locked', why: '30' } });
    expect((await postSession(bench.app, name, PASSWORD)).statusCode).toBe(429);
    bench.clock.nowMs += MINUTE_MS;
    expect((await postSession(bench.app, name, PASSWORD)).statusCode).toBe(200);
  });

  it('ends after thirty idle minutes', async () => {
    const cookie = await signedIn(bench.app, await addUser(bench.ground, 'finance', '9C'));
    bench.clock.nowMs += 29 * MINUTE_MS;
    expect((await bench.ask(cookie, 'overview')).statusCode).toBe(200);
    bench.clock.nowMs += 29 * MINUTE_MS;
    expect((await bench.ask(cookie, 'overview')).statusCode).toBe(200);
    bench.clock.nowMs += 31 * MINUTE_MS;
    expect((await bench.ask(cookie, 'overview')).statusCode).toBe(401);
  });

  it('ends after eight hours however busy somebody is', async () => {
    const cookie = await signedIn(bench.app, await addUser(bench.ground, 'finance', '9C'));
    for (let i = 0; i < 23; i += 1) {
      bench.clock.nowMs += 20 * MINUTE_MS;
      expect((await bench.ask(cookie, 'overview')).statusCode).toBe(200);
    }
    bench.clock.nowMs += 25 * MINUTE_MS;
    expect((await bench.ask(cookie, 'overview')).statusCode).toBe(401);
  });

  it('ends at once for a user who is disabled, signs out, or gets a new password', async () => {
    const name = await addUser(bench.ground, 'finance', '9C');
    const disabled = await signedIn(bench.app, name);
    await bench.ground.db
      .updateTable('console_user')
      .set({ disabled_at_ms: 1 })
      .where('name', '=', name)
      .execute();
    expect((await bench.ask(disabled, 'overview')).statusCode).toBe(401);
    await addUser(bench.ground, 'finance', '9C');
    const out = await signedIn(bench.app, name);
    await bench.app.inject({
      method: 'POST',
      url: '/console/api/session/end',
      headers: { host: 'ground.test', origin: 'http://ground.test', cookie: out },
      payload: {},
    });
    expect((await bench.ask(out, 'overview')).statusCode).toBe(401);
  });
});

describe('another site', () => {
  it.each([
    ['from another origin', { origin: 'https://evil.example' }],
    ['without an origin', {}],
    ['from a sandboxed page', { origin: 'null' }],
  ])('cannot ask for a change: %s', async (_how, headers) => {
    const name = await addUser(bench.ground, 'finance', '9C');
    const answer = await postSession(bench.app, name, PASSWORD, headers);
    expect([answer.statusCode, answer.json()]).toEqual([403, { problem: { kind: 'other-site' } }]);
  });

  it('cannot send a form or a plain text', async () => {
    for (const type of [
      'application/x-www-form-urlencoded',
      'text/plain',
      'multipart/form-data; boundary=x',
    ]) {
      const answer = await bench.app.inject({
        method: 'POST',
        url: '/console/api/session',
        headers: { host: 'ground.test', origin: 'http://ground.test', 'content-type': type },
        payload: JSON.stringify({ name: 'finance.9c', password: PASSWORD }),
      });
      expect(answer.statusCode).toBe(415);
    }
  });
});
