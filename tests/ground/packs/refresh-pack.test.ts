import { afterAll, describe, expect, it } from 'vitest';
import { decodeHex } from '../../../domain/encoding/hex.ts';
import { saveCrewMember } from '../../../ground/airlines/crew.ts';
import { makeKey } from '../../../ground/airlines/keys.ts';
import { demoCatalogue, demoPromotions } from '../../../ground/demo/demo-catalogue.ts';
import { readAssortment } from '../../../ground/flights/catalogues.ts';
import { addDeny, removeDeny } from '../../../ground/flights/deny-list.ts';
import { packJobs } from '../../../ground/packs/pack-jobs.ts';
import { newestPack, refreshPack } from '../../../ground/packs/refresh-pack.ts';
import { openPackScene, putPassenger, readNewestPack } from './pack-scene.ts';

const scene = await openPackScene();
const { ground, demo } = scene;
afterAll(scene.close);
const { leg } = demo;

const has = (list: { has: (id: Uint8Array) => boolean }, cti: string): boolean =>
  list.has(decodeHex(cti) ?? new Uint8Array(8));

describe('a flight’s packs', () => {
  it('are numbered from one, and a new one is made only where something has changed', async () => {
    expect(await refreshPack(ground, leg)).toEqual({
      ok: true,
      value: { n: 1, packId: `${leg}-1`, isNew: true },
    });
    scene.clock.nowMs += 60_000;
    expect(await refreshPack(ground, leg)).toEqual({
      ok: true,
      value: { n: 1, packId: `${leg}-1`, isNew: false },
    });
    const cti = await putPassenger(scene, '12C');
    expect(await refreshPack(ground, leg)).toMatchObject({ ok: true, value: { n: 2, isNew: true } });
    const pack = await readNewestPack(scene, leg);
    expect(pack.manifest).toMatchObject({ n: 2, demo: true, merchants: { 1: '春秋航空机上商城' } });
    expect(pack.passengers).toMatchObject([{ cti, seat: '12C', name: 'WA**/J', tier: 0 }]);
    expect(has(pack.allow, cti)).toBe(true);
    expect(await newestPack(ground, leg, 2)).toBeNull();
    expect((await newestPack(ground, leg, 1))?.n).toBe(2);
  });

  it('say with the next one who is denied, and who no longer is', async () => {
    const cti = await putPassenger(scene, '14A');
    await addDeny(ground, '9C', { cti, why: 'lost-phone', by: 'test' });
    await refreshPack(ground, leg);
    const denied = await readNewestPack(scene, leg);
    expect([has(denied.deny, cti), has(denied.allow, cti)]).toEqual([true, false]);
    await removeDeny(ground, '9C', { cti, by: 'test' });
    await refreshPack(ground, leg);
    const cleared = await readNewestPack(scene, leg);
    expect([has(cleared.deny, cti), has(cleared.allow, cti)]).toEqual([false, true]);
    expect(cleared.deny.version).toBeGreaterThan(denied.deny.version);
  });

  it('carry a new trust list when the keys have changed', async () => {
    const before = await readNewestPack(scene, leg);
    await makeKey(ground, '9C', 'ground');
    await refreshPack(ground, leg);
    const after = await readNewestPack(scene, leg);
    expect(after.trust.version).toBe(before.trust.version + 1);
    expect(after.trust.ground).toHaveLength(2);
  });

  it('asked for at the same time get one number', async () => {
    await putPassenger(scene, '15A');
    const both = await Promise.all([refreshPack(ground, leg), refreshPack(ground, leg)]);
    const made = both.flatMap((one) => (one.ok ? [one.value] : []));
    expect(made.map(({ n }) => n)).toEqual([made[0]?.n, made[0]?.n]);
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
  });

  it('that a till would refuse are not made: the fault is told with its name and place, the last one stays', async () => {
    const before = await newestPack(ground, leg);
    const catalogue = demoCatalogue();
    const items = catalogue.items.map((item) =>
      item.sku === 'AL-001' ? { ...item, en: 'Beer\u202e' } : item,
    );
    // Past every check of the way in, as if an older version had let it through.
    await ground.db.updateTable('crew').set({ name: '王\u200b敏' }).where('crew_id', '=', 'P0117').execute();
    const refused = await refreshPack(ground, leg);
    expect(refused).toEqual({ ok: false, error: { kind: 'pack-refused', file: 'crew.json', why: 'text' } });
    expect((await newestPack(ground, leg))?.n).toBe(before?.n);
    await packJobs['refresh-pack']?.(ground, {
      id: 1,
      kind: 'refresh-pack',
      key: leg,
      payload: {},
      attempts: 1,
      asked: 1,
    });
    expect(scene.logged.at(-1)).toMatchObject({ event: 'pack-not-made', facts: { file: 'crew.json' } });
    await saveCrewMember(ground, '9C', { id: 'P0117', name: '王敏', role: 'purser', by: 'test' });
    expect(
      readAssortment({ catalogue: { ...catalogue, items }, promotions: demoPromotions() }),
    ).toMatchObject({
      ok: false,
      error: {
        file: 'catalog.json',
        why: expect.stringMatching(/^AL-001 \(items\.\d+\.en\): text/) as string,
      },
    });
  });

  it('of an ordinary flight need a PIN for everyone in the crew', async () => {
    await ground.db.updateTable('flight').set({ is_demo: false }).where('leg', '=', leg).execute();
    expect(await refreshPack(ground, leg)).toMatchObject({
      ok: false,
      error: { file: 'crew.json', why: 'P0117 has no PIN' },
    });
    for (const [id, name, role] of [
      ['P0117', '王敏', 'purser'],
      ['C0123', '李佳', 'attendant'],
    ] as const) {
      expect(await saveCrewMember(ground, '9C', { id, name, role, pin: '123456', by: 'test' })).toEqual({
        ok: false,
        error: 'pin-too-easy',
      });
      await saveCrewMember(ground, '9C', { id, name, role, pin: '271828', by: 'test' });
    }
    expect(await refreshPack(ground, leg)).toMatchObject({ ok: true });
    const pack = await readNewestPack(scene, leg);
    expect(pack.manifest.demo).toBeUndefined();
    expect(pack.crew.map(({ pin }) => pin?.N)).toEqual([65_536, 65_536]);
  });

  it('are not made for a flight nobody knows or one that was cancelled', async () => {
    expect(await refreshPack(ground, 'XX1-20261122-SHA-CTU')).toEqual({
      ok: false,
      error: { kind: 'flight-unknown' },
    });
    await ground.db.updateTable('flight').set({ status: 'cancelled' }).where('leg', '=', leg).execute();
    expect(await refreshPack(ground, leg)).toEqual({ ok: false, error: { kind: 'flight-cancelled' } });
  });
});

describe('an assortment', () => {
  const catalogue = demoCatalogue();
  const promotions = demoPromotions();
  const [first, ...rest] = promotions;
  if (first === undefined) throw new Error('scene');

  it.each([
    ['a deal for nobody', [{ ...first, tiers: [] }, ...rest], 'friend-5 (promotions.0.tiers)'],
    [
      'a deal of more than everything',
      [{ ...first, offBasisPoints: 10_001 }, ...rest],
      'friend-5 (promotions.0',
    ],
    ['one deal twice', [first, first], 'friend-5 stands twice'],
    [
      'a deal that spares what does not exist',
      [{ ...first, excludedCategories: ['toys'] }],
      'friend-5 excludes',
    ],
  ])('with %s is refused as a whole, by the deal’s name', (_what, deals, why) => {
    const read = readAssortment({ catalogue, promotions: deals });
    expect(read).toMatchObject({ ok: false, error: { file: 'promotions.json' } });
    expect(read.ok ? '' : read.error.why).toContain(why);
  });

  it('that is good comes back as it went in', () => {
    expect(readAssortment({ catalogue, promotions })).toEqual({ ok: true, value: { catalogue, promotions } });
  });
});
