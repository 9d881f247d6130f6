// Two passengers, two servers, one seat: over a real PostgreSQL, where both really run at the same time.
import { afterAll, describe, expect, it } from 'vitest';
import { refreshPack } from '../../../ground/packs/refresh-pack.ts';
import { RESOLVE_JOB, resolveEnrolment } from '../../../ground/enrolment/resolve-enrolment.ts';
import type { EnrolmentBegun } from '../../../ground/web/phone-api.ts';
import { startPostgres } from '../../support/postgres.ts';
import { readNewestPack } from '../packs/pack-scene.ts';
import { begin, comeBack, openScene, signIn, signUp, stateOf } from './enrolment-scene.ts';

const postgres = await startPostgres();
const scene = await openScene({
  place: { kind: 'postgres', url: await postgres.newDatabase() },
  timeoutMs: 5000,
});
afterAll(scene.stop);

describe('many at once', () => {
  it('who want one seat: one gets it, the others are told, and their orders are released', async () => {
    const accounts = ['p-720-1', 'p-720-2', 'p-720-3', 'p-720-4'];
    const backs = await Promise.all(
      accounts.map(async (account) => {
        const begun = (await begin(scene, { seat: '12C' })).body as EnrolmentBegun;
        return { token: begun.token, address: await signIn(begun.walletAddress, account) };
      }),
    );
    await Promise.all(backs.map(async ({ address }) => await comeBack(scene, address)));
    const states = await Promise.all(backs.map(async ({ token }) => await stateOf(scene, token)));
    expect(states.filter(({ kind }) => kind === 'enrolled')).toHaveLength(1);
    expect(states.filter(({ kind }) => kind === 'refused')).toEqual(
      Array.from({ length: 3 }, () => ({ kind: 'refused', why: 'seat-taken' })),
    );
    const jobs = await scene.ground.db
      .selectFrom('job')
      .select('key')
      .where('kind', '=', RESOLVE_JOB)
      .execute();
    for (const { key } of jobs) await resolveEnrolment(scene.ground, key);
    const open = scene.wallet.books().orders.filter(({ state }) => state.startsWith('DOING'));
    expect(open).toHaveLength(1);
  });

  it('each on their own seat, while packs are made: all get through, and the last pack has them all', async () => {
    const seats = Array.from({ length: 20 }, (_, i) => `${(i + 1).toString()}A`);
    const signedUp = await Promise.all([
      ...seats.map(async (seat, i) => (await signUp(scene, `p-730-${i.toString()}`, { seat })).state.kind),
      ...seats.map(async () =>
        (await refreshPack(scene.ground, scene.demo.leg)).ok ? 'enrolled' : 'failed',
      ),
    ]);
    expect(new Set(signedUp)).toEqual(new Set(['enrolled']));
    await refreshPack(scene.ground, scene.demo.leg);
    const pack = await readNewestPack(scene, scene.demo.leg);
    expect(pack.passengers.map(({ seat }) => seat).sort()).toEqual(['12C', ...seats].sort());
    expect(pack.allow.count).toBe(21);
  });

  it('the same answer of the wallet at two servers counts once', async () => {
    const begun = (await begin(scene, { seat: '30C' })).body as EnrolmentBegun;
    const address = await signIn(begun.walletAddress, 'p-740-1');
    await Promise.all(Array.from({ length: 6 }, async () => await comeBack(scene, address)));
    expect((await stateOf(scene, begun.token)).kind).toBe('enrolled');
    expect(scene.wallet.books().orders.filter(({ account }) => account === 'p-740-1')).toHaveLength(1);
  });
});
