// The way back from the wallet: what it carries counts once, for whom it was made, and for nobody else.
import { fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerPhoneRoutes } from '../../../ground/enrolment/phone-routes.ts';
import type { EnrolmentBegun } from '../../../ground/web/phone-api.ts';
import {
  begin,
  comeBack,
  openScene,
  signIn,
  stateOf,
  type Browser,
  type Scene,
} from '../enrolment/enrolment-scene.ts';

const PAGE = 'http://ground.test/phone/';
const OTHER_BROWSER = `${PAGE}#/other-browser`;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.stop());

type Waiting = EnrolmentBegun & { readonly back: URL };

/** Somebody who has said yes at the wallet and whose browser has not come back yet. */
async function consent(account: string, seat: string, browser?: Browser): Promise<Waiting> {
  const begun = (await begin(scene, { seat }, browser)).body as EnrolmentBegun;
  return { ...begun, back: new URL(await signIn(begun.walletAddress, account)) };
}

const kindOf = async ({ token }: Waiting): Promise<string> => (await stateOf(scene, token)).kind;
const part = (back: URL, name: string): string => back.searchParams.get(name) ?? '';

function changed(back: URL, change: Readonly<Record<string, string>>, path = back.pathname): string {
  const address = new URL(path, back);
  for (const name of ['state', 'code']) address.searchParams.set(name, change[name] ?? part(back, name));
  return address.href;
}

async function ordersOf(account: string): Promise<number> {
  const hash = scene.ground.seal.hashAccount('9C', 1, account);
  const rows = await scene.ground.db
    .selectFrom('passenger')
    .select('cti')
    .where('account_hash', '=', hash)
    .where('status', '=', 'enrolled')
    .execute();
  return rows.length;
}

describe('what comes back from a wallet', () => {
  it('enrols nobody a second time: neither its state nor its code counts again', async () => {
    const anna = await consent('p-720-a1', '12C');
    await comeBack(scene, anna.back.href);
    expect(await kindOf(anna)).toBe('enrolled');
    const ben = await consent('p-720-b1', '14A');
    // Anna's used state with Ben's fresh code, and Ben's state with Anna's used code.
    await comeBack(scene, changed(ben.back, { state: part(anna.back, 'state') }));
    expect(await kindOf(ben)).toBe('waiting-for-wallet');
    await comeBack(scene, changed(ben.back, { code: part(anna.back, 'code') }));
    expect(await kindOf(ben)).toBe('refused');
    expect(await ordersOf('p-720-a1')).toBe(1);
    expect(await ordersOf('p-720-b1')).toBe(0);
    // The state is used up with it: the genuine way back comes too late.
    await comeBack(scene, ben.back.href);
    expect(await kindOf(ben)).toBe('refused');
  });

  it('counts at the airline and wallet it was made for only', async () => {
    const carl = await consent('p-720-c1', '15A');
    for (const path of ['/wallets/HO/1/return', '/wallets/9C/2/return', '/wallets/9C/999/return']) {
      const answer = await comeBack(scene, changed(carl.back, {}, path));
      expect(answer).toEqual({ status: 303, location: PAGE });
      expect(await kindOf(carl)).toBe('waiting-for-wallet');
    }
    await comeBack(scene, carl.back.href);
    expect(await kindOf(carl)).toBe('enrolled');
  });

  it('made up, is nobody’s: the page is shown and nothing has happened', async () => {
    const before = await scene.ground.db.selectFrom('passenger').selectAll().orderBy('cti').execute();
    for (const state of ['A'.repeat(43), '', '%00'.repeat(15), "' or '1'='1", 'x'.repeat(5000)]) {
      const answer = await comeBack(scene, `http://ground.test/wallets/9C/1/return?state=${state}&code=c`);
      expect(answer.status).toBe(303);
      expect([PAGE, OTHER_BROWSER]).toContain(answer.location);
    }
    expect(await scene.ground.db.selectFrom('passenger').selectAll().orderBy('cti').execute()).toEqual(
      before,
    );
  });

  it('gives no passenger’s token anything of another', async () => {
    const dora = await consent('p-720-d1', '16A');
    const emil = await consent('p-720-e1', '16C');
    await comeBack(scene, dora.back.href);
    expect(await kindOf(emil)).toBe('waiting-for-wallet');
    for (const url of ['/v1/enrolment/order', '/v1/enrolment']) {
      const headers = { authorization: `Bearer ${emil.token}` };
      const answer = await scene.app.inject({ method: 'GET', url, headers });
      const state = await stateOf(scene, dora.token);
      if (state.kind !== 'enrolled') throw new Error(state.kind);
      expect(answer.body).not.toContain(state.cti);
    }
  });
});

describe('a sign-up and the browser it was begun in', () => {
  it('belong together: a link somebody else sent takes no permission of whoever follows it', async () => {
    const attackers: Browser = new Map();
    const victims: Browser = new Map();
    const begun = await consent('p-720-victim', '17A', attackers);
    const answer = await comeBack(scene, begun.back.href, victims);
    expect(answer).toEqual({ status: 303, location: OTHER_BROWSER });
    expect(await kindOf(begun)).toBe('waiting-for-wallet');
    expect(await ordersOf('p-720-victim')).toBe(0);
    expect(scene.wallet.books().orders.filter(({ account }) => account === 'p-720-victim')).toEqual([]);
    expect(scene.logged.map(({ event }) => event)).toContain('enrolment-in-other-browser');
  });

  it('are not put together by a sign-up of the victim’s own, or by a cookie made up or renamed', async () => {
    const attackers: Browser = new Map();
    const victims: Browser = new Map();
    const begun = await consent('p-720-v2', '17C', attackers);
    await consent('p-720-v2', '18A', victims);
    const [[name, value] = ['', '']] = attackers;
    const [ownValue = ''] = victims.values();
    const guesses: readonly (readonly [string, string])[] = [
      [name, ownValue],
      [name, ''],
      [name, 'A'.repeat(value.length)],
      [name, part(begun.back, 'state')],
      [name, `${value}A`],
      [`${name}x`, value],
      ['__proto__', value],
    ];
    for (const guess of guesses) {
      const answer = await comeBack(scene, begun.back.href, new Map([...victims, guess]));
      expect(answer).toEqual({ status: 303, location: OTHER_BROWSER });
    }
    expect(await kindOf(begun)).toBe('waiting-for-wallet');
  });

  it('do not lose each other: what came back elsewhere has used nothing up', async () => {
    const own: Browser = new Map();
    const fay = await consent('p-720-f1', '18C', own);
    await comeBack(scene, fay.back.href, new Map());
    expect(await comeBack(scene, fay.back.href, own)).toEqual({ status: 303, location: PAGE });
    expect(await kindOf(fay)).toBe('enrolled');
    // A reload of an address that has done its work.
    expect(await comeBack(scene, fay.back.href, own)).toEqual({ status: 303, location: PAGE });
    expect(await kindOf(fay)).toBe('enrolled');
    expect(await ordersOf('p-720-f1')).toBe(1);
  });

  it('are told apart when two people sign up on one phone, whoever comes back first', async () => {
    const shared: Browser = new Map();
    const gina = await consent('p-720-g1', '19A', shared);
    const hugo = await consent('p-720-h1', '19C', shared);
    await comeBack(scene, hugo.back.href, shared);
    expect([await kindOf(gina), await kindOf(hugo)]).toEqual(['waiting-for-wallet', 'enrolled']);
    await comeBack(scene, gina.back.href, shared);
    expect(await kindOf(gina)).toBe('enrolled');
  });

  it('are tied by a cookie no script reads, sent back to wallets’ returns only', async () => {
    const cookieAt = async (publicAddress: string): Promise<string> => {
      const app = fastify();
      let given = '';
      app.addHook('onResponse', (_request, reply, done) => {
        given = String(reply.getHeader('set-cookie'));
        done();
      });
      registerPhoneRoutes(app, { ...scene.ground, publicAddress });
      await begin({ ...scene, app }, { seat: '20A' }, new Map());
      await app.close();
      return given;
    };
    const cookie = await cookieAt('https://ground.test');
    expect(cookie).toMatch(/; HttpOnly/);
    expect(cookie).toMatch(/; SameSite=Lax/);
    expect(cookie).toMatch(/; Path=\/wallets\/(;|$)/);
    expect(cookie).toMatch(/; Max-Age=7200/);
    expect(cookie).toMatch(/; Secure/);
    expect(cookie).not.toMatch(/Domain=/i);
    expect(await cookieAt('http://ground.test')).not.toMatch(/Secure/);
  });

  it('are tied by nothing that stands in the database', async () => {
    const own: Browser = new Map();
    const ida = await consent('p-720-i1', '20C', own);
    const rows = JSON.stringify(await scene.ground.db.selectFrom('passenger').selectAll().execute());
    expect(rows).toContain(part(ida.back, 'state'));
    for (const value of own.values()) expect(rows).not.toContain(value);
  });
});
