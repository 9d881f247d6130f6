// product.md: who somebody is, what they carry and what opens anything stand in no log and in no refusal. From sign-up to
// settlement, with everything on the way that can be refused.
import * as nodeCrypto from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { signTerminalToken } from '../../../domain/trust/terminal-token.ts';
import { signerFromJwk } from '../../../domain/crypto/node-crypto.ts';
import { privateKeysOf } from '../../../ground/airlines/keys.ts';
import { trustOf } from '../../../ground/airlines/trust-lists.ts';
import { makeConsoleUser } from '../../../ground/console-api/console-users.ts';
import { runUntilIdle } from '../../../ground/jobs/run-jobs.ts';
import { createApp } from '../../../ground/server/create-app.ts';
import { ALL_JOBS } from '../../../ground/server/workers.ts';
import type { EnrolmentBegun } from '../../../ground/web/phone-api.ts';
import { createCabinTerminal, type CabinTerminal, type Customer } from '../../support/cabin-terminal.ts';
import { crypto } from '../../support/keys.ts';
import {
  begin,
  comeBack,
  enrolled,
  openScene,
  signIn,
  signUp,
  type Scene,
} from '../enrolment/enrolment-scene.ts';

const scene = await openScene();
const { ground, demo } = scene;
const app = await createApp(ground, { tls: null, pages: null, callsPerMinute: 10_000, isBehindProxy: false });
afterAll(async () => {
  await app.close();
  await scene.stop();
});

const NAMES = ['SHAKESPEARE/WILLIAM', 'MARLOWE/CHRISTOPHER'] as const;
const ACCOUNTS = ['oUpF8uMuAJO_M2pxb1Q9zNjWeS6o', 'oUpF8uMuAJO_M2pxb1Q9zNjWeS7p'] as const;
const REFUSED_ACCOUNT = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS8q';
const SCORES = [713, 689, 541] as const;
const PASSWORD = 'a password nobody guesses';
const secrets = new Set<string>([...NAMES, ...ACCOUNTS, REFUSED_ACCOUNT, PASSWORD, 'SHAKESPEARE', 'MARLOWE']);
const refusals: string[] = [];

async function ask(
  method: 'GET' | 'PUT' | 'POST',
  url: string,
  headers: Record<string, string>,
  payload?: Buffer | string,
) {
  const answer = await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
  if (answer.statusCode >= 400) refusals.push(answer.body);
  return answer;
}

async function openTerminal({ demo: { airline, leg, std, sta, deviceKeys } }: Scene): Promise<CabinTerminal> {
  const [[dev, key] = []] = [...deviceKeys];
  if (dev === undefined || key === undefined) throw new Error('no terminal');
  const row = await ground.db
    .selectFrom('device')
    .select('certificate')
    .where('dev', '=', dev)
    .executeTakeFirstOrThrow();
  const trust = await trustOf(ground, airline);
  secrets.add(key.d);
  return createCabinTerminal({ dev, key, certificate: row.certificate, airline, leg, std, sta, trust });
}

function tokenFor(dev: string, iatMs: number): string {
  const key = demo.deviceKeys.get(dev);
  if (key === undefined) throw new Error(dev);
  const unsent = { count: 0, minor: 0 };
  const claims = {
    airline: demo.airline,
    dev,
    ep: 1,
    iat: Math.floor(iatMs / 1000),
    app: '1',
    pack: '',
    unsent,
  };
  const token = signTerminalToken(claims, signerFromJwk(nodeCrypto, key), crypto);
  secrets.add(token);
  return token;
}

async function signUpBoth(): Promise<readonly (Customer & { readonly token: string })[]> {
  const seats = ['12C', '14A'];
  const customers: (Customer & { readonly token: string })[] = [];
  for (const [i, account] of ACCOUNTS.entries()) {
    scene.wallet.control.addPerson({ account, score: SCORES[i] ?? 0 });
    const signedUp = await signUp(scene, account, { seat: seats[i] ?? '', name: NAMES[i] ?? '' });
    const { cti, seat, orderNumber, wallet, cred } = enrolled(signedUp.state);
    secrets.add(signedUp.token);
    secrets.add(cred);
    customers.push({ cti, seat, orderNumber, wallet, token: signedUp.token });
  }
  return customers;
}

/** The wallet refuses, an answer is used twice, a code is made up, and somebody knocks with somebody else's token. */
async function signUpInVain(): Promise<void> {
  scene.wallet.control.addPerson({ account: REFUSED_ACCOUNT, score: SCORES[2] });
  const { token, walletAddress } = (await begin(scene, { seat: '20A', name: NAMES[0] }))
    .body as EnrolmentBegun;
  secrets.add(token);
  const back = await signIn(walletAddress, REFUSED_ACCOUNT);
  const { searchParams } = new URL(back);
  for (const name of ['state', 'code']) secrets.add(searchParams.get(name) ?? 'none');
  await comeBack(scene, back);
  await comeBack(scene, back);
  const other = (await begin(scene, { seat: '20B', name: NAMES[1] })).body as EnrolmentBegun;
  const state = new URL(other.walletAddress).searchParams.get('state') ?? '';
  secrets.add(state);
  const code = searchParams.get('code') ?? '';
  await comeBack(scene, `http://ground.test/wallets/9C/1/return?state=${state}&code=${code}`, new Map());
  await comeBack(scene, `http://ground.test/wallets/9C/1/return?state=${state}&code=${code}`);
  for (const value of scene.browser.values()) secrets.add(value);
  await ask('GET', '/v1/enrolment', {
    authorization: `Bearer ${nodeCrypto.randomBytes(32).toString('base64url')}`,
  });
}

async function settle(customers: readonly Customer[]): Promise<readonly string[]> {
  const statesNow = async (): Promise<readonly string[]> => {
    const numbers = customers.map(({ orderNumber }) => orderNumber);
    const rows = await ground.db
      .selectFrom('wallet_order')
      .select('state')
      .where('order_number', 'in', numbers)
      .execute();
    return rows.map(({ state }) => state);
  };
  for (;;) {
    scene.clock.nowMs += 2000;
    await runUntilIdle(ground, ALL_JOBS);
    const states = await statesNow();
    if (states.every((state) => state === 'PAID' || state === 'USER_PAYING')) return states;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

describe('the log and the refusals', () => {
  it('of a whole flight say nothing of who, with what, or what opens anything', async () => {
    const customers = await signUpBoth();
    await signUpInVain();
    const terminal = await openTerminal(scene);
    const lines = customers.map((customer) => terminal.lineOf(terminal.sell(customer, 2500)));
    for (const line of lines) secrets.add(line);
    terminal.close([...demo.deviceKeys.keys()].filter((dev) => dev !== terminal.dev));
    const bytes = Buffer.from(await terminal.seal());
    const octets = { 'content-type': 'application/octet-stream' };
    const url = `/v1/batches/${'a'.repeat(26)}`;
    const now = scene.clock.nowMs;
    const bearer = (ms: number) => ({ authorization: `Bearer ${tokenFor(terminal.dev, ms)}` });
    await ask('PUT', url, { ...octets, ...bearer(now - 86_400_000) }, bytes);
    await ask('PUT', url, { ...octets, ...bearer(now) }, bytes.subarray(0, 900));
    expect((await ask('PUT', url, { ...octets, ...bearer(now) }, bytes)).statusCode).toBe(200);
    const json = { 'content-type': 'application/json' };
    for (const { token } of customers) {
      const own = { ...json, authorization: `Bearer ${token}` };
      await ask('POST', '/v1/enrolment/copies', own, JSON.stringify({ lines }));
      await ask('POST', '/v1/enrolment/copies', own, JSON.stringify({ lines: [`${lines[0] ?? ''}!`] }));
    }
    scene.wallet.control.addFault({ on: 'complete', kind: 'bad-signature' });
    scene.wallet.control.addFault({ on: 'query', kind: 'status', status: 500 });
    await settle(customers);
    await makeConsoleUser(ground, { name: 'ada', role: 'finance', airline: '9C', password: PASSWORD });
    const origin = { ...json, origin: 'http://localhost:80', host: 'localhost:80' };
    await ask(
      'POST',
      '/console/api/session',
      origin,
      JSON.stringify({ name: 'ada', password: `${PASSWORD}!` }),
    );
    const session = await ask(
      'POST',
      '/console/api/session',
      origin,
      JSON.stringify({ name: 'ada', password: PASSWORD }),
    );
    secrets.add(/cabintill_console=([^;]+)/.exec(String(session.headers['set-cookie']))?.[1] ?? 'none');
    for (const { jwk } of await privateKeysOf(ground, '9C')) secrets.add(jwk.d);

    const log = JSON.stringify(scene.logged);
    expect(scene.logged.length).toBeGreaterThan(15);
    expect(refusals.length).toBeGreaterThan(3);
    for (const text of [log, refusals.join('\n')]) {
      expect([...secrets].filter((secret) => text.includes(secret))).toEqual([]);
      expect(text).not.toMatch(/score|\bCP1:|"d":|BEGIN [A-Z ]*PRIVATE KEY/i);
      expect(
        SCORES.filter((score) =>
          new RegExp(`:"?${score.toString()}"?[,}]`).test(text.replace(/"ms":\d+/g, '')),
        ),
      ).toEqual([]);
    }
  });
});
