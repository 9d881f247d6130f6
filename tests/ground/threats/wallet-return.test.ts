// The way back from the wallet: what it carries counts once, for whom it was made, and for nobody else.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EnrolmentBegun } from '../../../ground/web/phone-api.ts';
import { begin, comeBack, openScene, signIn, stateOf, type Scene } from '../enrolment/enrolment-scene.ts';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene();
});
afterAll(() => scene.stop());

type Waiting = EnrolmentBegun & { readonly back: URL };

/** Somebody who has said yes at the wallet and whose browser has not come back yet. */
async function consent(account: string, seat: string): Promise<Waiting> {
  const begun = (await begin(scene, { seat })).body as EnrolmentBegun;
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
      expect(answer).toEqual({ status: 303, location: 'http://ground.test/phone/' });
      expect(await kindOf(carl)).toBe('waiting-for-wallet');
    }
    await comeBack(scene, carl.back.href);
    expect(await kindOf(carl)).toBe('enrolled');
  });

  it('made up, is nobody’s: the page is shown and nothing has happened', async () => {
    const before = await scene.ground.db.selectFrom('passenger').selectAll().orderBy('cti').execute();
    for (const state of ['A'.repeat(43), '', '%00'.repeat(15), "' or '1'='1", 'x'.repeat(5000)]) {
      const answer = await comeBack(scene, `http://ground.test/wallets/9C/1/return?state=${state}&code=c`);
      expect(answer).toEqual({ status: 303, location: 'http://ground.test/phone/' });
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
