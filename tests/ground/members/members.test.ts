import { afterAll, describe, expect, it } from 'vitest';
import { openAcceptedCredential } from '../../../domain/cabin-code/open-credential.ts';
import { composeStaticCode } from '../../../domain/cabin-code/issue-cabin-code.ts';
import { decodeBase64url } from '../../../domain/encoding/base64url.ts';
import { seedDemo } from '../../../ground/demo/seed-demo.ts';
import { addMemberByOrder, removeMember, saveMember, tierOf } from '../../../ground/members/members.ts';
import { refreshPack } from '../../../ground/packs/refresh-pack.ts';
import { enrolled, openScene, signUp, stateOf } from '../enrolment/enrolment-scene.ts';
import { readNewestPack } from '../packs/pack-scene.ts';

const scene = await openScene();
const { ground, demo } = scene;
afterAll(scene.stop);

async function tierInCode(token: string): Promise<number | undefined> {
  const { cred } = enrolled(await stateOf(scene, token));
  const bytes = decodeBase64url(cred);
  return bytes === null ? undefined : openAcceptedCredential(composeStaticCode(bytes))?.tier;
}

async function tierOnPack(): Promise<readonly number[]> {
  await refreshPack(ground, demo.leg);
  return (await readNewestPack(scene, demo.leg)).passengers.map(({ tier }) => tier);
}

describe('Friend Membership', () => {
  it('makes a regular of somebody who has enrolled: code, next pack and next flight say so', async () => {
    const { token, state } = await signUp(scene, 'p-720-1', { seat: '12C' });
    const { orderNumber, tier } = enrolled(state);
    expect([tier, await tierOnPack()]).toEqual([0, [0]]);
    const member = { orderNumber, label: '老朋友', tier: 2, by: 'test' };
    const added = await addMemberByOrder(ground, '9C', member);
    if (!added.ok) throw new Error(added.error.kind);
    expect([await tierInCode(token), await tierOnPack()]).toEqual([2, [2]]);
    const next = await seedDemo(ground, { merchants: [], departedMs: scene.clock.nowMs + 3_600_000 });
    const second = await signUp(scene, 'p-720-1', { seat: '20A', leg: next.leg });
    expect(enrolled(second.state).tier).toBe(2);

    expect(await removeMember(ground, added.value, 'test')).toEqual({ ok: true, value: null });
    expect([await tierInCode(token), await tierOnPack()]).toEqual([0, [0]]);
    expect(await removeMember(ground, added.value, 'test')).toEqual({
      ok: false,
      error: { kind: 'member-unknown' },
    });
  });

  it('never knows the account, and one airline’s regulars are strangers to another', async () => {
    const hash = ground.seal.hashAccount('9C', 1, 'p-720-2');
    await saveMember(
      ground,
      { airline: '9C', wallet: 1, accountHash: hash },
      { label: 'A', tier: 1, by: 'test' },
    );
    expect(await tierOf(ground, '9C', 1, hash)).toBe(1);
    expect(await tierOf(ground, '9C', 1, ground.seal.hashAccount('HO', 1, 'p-720-2'))).toBe(0);
    expect(await tierOf(ground, '9C', 2, hash)).toBe(0);
    const rows = await ground.db.selectFrom('member').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain('p-720-2');
  });

  it('leaves a code alone once enrolment has closed', async () => {
    const { token, state } = await signUp(scene, 'p-720-3', { seat: '14C' });
    const start = scene.clock.nowMs;
    scene.clock.nowMs += 16 * 60_000;
    const { orderNumber } = enrolled(state);
    await addMemberByOrder(ground, '9C', { orderNumber, label: 'B', tier: 1, by: 'test' });
    scene.clock.nowMs = start;
    expect(await tierInCode(token)).toBe(0);
  });

  it.each([
    ['an order nobody has', { orderNumber: 'CP9C000000', label: 'X', tier: 1 }, 'enrolment-unknown'],
    ['a tier there is not', { orderNumber: '', label: 'X', tier: 16 }, 'tier'],
    ['a label with a hidden character', { orderNumber: '', label: 'X\u202e', tier: 1 }, 'label'],
  ])('is not given to %s', async (_what, member, kind) => {
    const { orderNumber } = enrolled((await signUp(scene, 'p-720-4', { seat: '21A' })).state);
    const asked = { ...member, orderNumber: member.orderNumber === '' ? orderNumber : member.orderNumber };
    expect(await addMemberByOrder(ground, '9C', { ...asked, by: 'test' })).toEqual({
      ok: false,
      error: { kind },
    });
  });
});
