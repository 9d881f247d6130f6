import { afterAll, describe, expect, it } from 'vitest';
import { readFlightPack } from '../../../domain/flight-pack/flight-pack.ts';
import type { ListedPassenger, Preorder } from '../../../domain/flight-pack/manifest.ts';
import { unpackTar } from '../../../electron/flight-pack/unpack-tar.ts';
import { purgePersonalData } from '../../../ground/enrolment/purge.ts';
import { makeDemo } from '../../../ground/demo/make-demo.ts';
import { refreshPack } from '../../../ground/packs/refresh-pack.ts';
import { crypto } from '../../support/keys.ts';
import { openPackPress } from '../../support/pack-press.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openPackScene, putPassenger, readNewestPack } from './pack-scene.ts';

const scene = await openPackScene();
const { ground, demo } = scene;
afterAll(scene.close);

/** What a till makes of the demo's pack after the first passenger on its list has ordered this. */
async function judge(preorders: readonly Preorder[]): Promise<unknown> {
  const dir = temporaryFolder();
  const made = await makeDemo({ out: dir, nowMs: Date.now() });
  if (!made.ok) throw new Error(made.error);
  const press = await openPackPress(dir);
  const order = (listed: readonly ListedPassenger[]): readonly ListedPassenger[] =>
    listed.map((person, i) => (i === 0 ? { ...person, preorders: [...preorders] } : person));
  const unpacked = await unpackTar(Uint8Array.from(await press.reissued({ passengers: order })));
  if (!unpacked.ok) throw new Error(unpacked.error.why);
  const { roots, airline } = made.value.facts;
  const nowSeconds = Math.floor(Date.now() / 1000);
  const read = readFlightPack(unpacked.value, { roots, airline, nowSeconds, crypto });
  return read.ok ? read.value.passengers.map((person) => person.preorders).slice(0, 2) : read.error;
}

describe('pre-orders in a flight pack', () => {
  it('are read as they were signed, and absent where nobody ordered', async () => {
    const ordered = [{ sku: 'ML-001', q: 2 }];
    expect(await judge(ordered)).toEqual([ordered, undefined]);
    expect(await judge([])).toEqual([[], undefined]);
  });

  it.each<[string, readonly Preorder[], string]>([
    [
      'of what is not sold',
      [
        { sku: 'ML-001', q: 1 },
        { sku: 'NO-1', q: 1 },
      ],
      'passengers.0.preorders.1.sku: NO-1 is not in the catalogue',
    ],
    ['of none', [{ sku: 'ML-001', q: 0 }], 'passengers.0.preorders.0.q'],
    ['of half', [{ sku: 'ML-001', q: 0.5 }], 'passengers.0.preorders.0.q'],
    [
      'of one thing twice',
      [
        { sku: 'ML-001', q: 1 },
        { sku: 'ML-001', q: 1 },
      ],
      'an item number stands twice',
    ],
    [
      'of 21 things',
      Array.from({ length: 21 }, (_, i) => ({ sku: `ML-${i.toString()}00`, q: 1 })),
      'passengers.0.preorders',
    ],
  ])('%s refuse the whole pack, and the place is named', async (_what, preorders, why) => {
    expect(await judge(preorders)).toEqual({
      file: 'passengers.json',
      why: expect.stringContaining(why) as string,
    });
  });

  it('that no longer fit are told by the seat, and the pack before stays', async () => {
    const { leg } = demo;
    const cti = await putPassenger(scene, '12C');
    expect(await refreshPack(ground, leg)).toMatchObject({ ok: true, value: { n: 1 } });
    const line = { airline: '9C', leg, cti, quantity: 1, added_at_ms: ground.nowMs() };
    await ground.db
      .insertInto('preorder')
      .values({ ...line, sku: 'NO-1' })
      .execute();
    expect(await refreshPack(ground, leg)).toEqual({
      ok: false,
      error: {
        kind: 'pack-refused',
        file: 'passengers.json',
        why: '12C (passengers.0.preorders.0.sku): NO-1 is not in the catalogue',
      },
    });
    expect((await readNewestPack(scene, leg)).manifest.n).toBe(1);
    await ground.db.updateTable('preorder').set({ sku: 'ML-001' }).execute();
    expect(await refreshPack(ground, leg)).toMatchObject({ ok: true, value: { n: 2 } });
    expect((await readNewestPack(scene, leg)).passengers).toMatchObject([
      { cti, preorders: [{ sku: 'ML-001', q: 1 }] },
    ]);
  });

  it('are deleted with what names their passenger, ninety days after the flight', async () => {
    const ordered = () => ground.db.selectFrom('preorder').select('sku').execute();
    expect(await ordered()).toHaveLength(1);
    scene.clock.nowMs = (demo.sta + 89 * 86_400) * 1000;
    await purgePersonalData(ground);
    expect(await ordered()).toHaveLength(1);
    scene.clock.nowMs = (demo.sta + 91 * 86_400) * 1000;
    await purgePersonalData(ground);
    expect(await ordered()).toEqual([]);
  });
});
