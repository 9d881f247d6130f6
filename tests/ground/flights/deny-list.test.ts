import { afterAll, describe, expect, it } from 'vitest';
import { addDeny, clearExpiredDenials, denyListOf, removeDeny } from '../../../ground/flights/deny-list.ts';
import { openPackScene, putPassenger } from '../packs/pack-scene.ts';

const scene = await openPackScene();
const { ground, clock, demo } = scene;
afterAll(scene.close);
const HOUR_MS = 3_600_000;

describe('the deny-list', () => {
  it('rises with every change and with nothing else', async () => {
    const [a, b] = ['00000000000000aa', '00000000000000bb'];
    const start = (await denyListOf(ground, '9C')).version;
    await addDeny(ground, '9C', { cti: b, why: 'fraud', by: 'test' });
    await addDeny(ground, '9C', { cti: a, why: 'unpaid', by: 'test' });
    expect(await denyListOf(ground, '9C')).toEqual({ version: start + 2, ctis: [a, b] });
    await addDeny(ground, '9C', { cti: a, why: 'fraud', by: 'test' });
    expect((await denyListOf(ground, '9C')).version).toBe(start + 2);
    expect(await removeDeny(ground, '9C', { cti: a, by: 'test' })).toEqual({
      ok: true,
      value: { version: start + 3 },
    });
    expect(await removeDeny(ground, '9C', { cti: a, by: 'test' })).toEqual({
      ok: false,
      error: 'not-on-the-list',
    });
    await addDeny(ground, '9C', { cti: a, why: 'fraud', by: 'test' });
    expect(await denyListOf(ground, '9C')).toEqual({ version: start + 4, ctis: [a, b] });
    expect(await addDeny(ground, '9C', { cti: 'A', why: 'fraud', by: 'test' })).toEqual({
      ok: false,
      error: 'cti-malformed',
    });
  });

  it('asks for new packs of the flights that have not arrived', async () => {
    await ground.db.deleteFrom('job').execute();
    await addDeny(ground, '9C', { cti: '00000000000000cc', why: 'fraud', by: 'test' });
    const jobs = await ground.db.selectFrom('job').select(['kind', 'key']).execute();
    expect(jobs).toEqual([{ kind: 'refresh-pack', key: demo.leg }]);
  });

  it('clears itself once nobody can show the code any more', async () => {
    const cti = await putPassenger(scene, '12C');
    await addDeny(ground, '9C', { cti, why: 'lost-phone', by: 'test' });
    const before = await denyListOf(ground, '9C');
    const arrivedMs = demo.sta * 1000;
    clock.nowMs = arrivedMs + 12 * HOUR_MS;
    expect(await clearExpiredDenials(ground, '9C')).toBe(0);
    clock.nowMs = arrivedMs + 12.2 * HOUR_MS;
    expect(await clearExpiredDenials(ground, '9C')).toBe(1);
    const after = await denyListOf(ground, '9C');
    expect(after.ctis).not.toContain(cti);
    expect(after.version).toBe(before.version + 1);
    clock.nowMs += 60 * HOUR_MS;
    await clearExpiredDenials(ground, '9C');
    expect((await denyListOf(ground, '9C')).ctis).toEqual([]);
  });
});
