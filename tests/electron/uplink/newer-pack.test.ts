// Late sign-ups reach the tablet by themselves, over real HTTPS, and nothing else does.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FLIGHT_PACK } from '../../../domain/limits.ts';
import { ordinaryPassenger } from '../../support/demo-passengers.ts';
import { openMainTill, startFresh, type MainTill } from '../../support/main-till.ts';
import { openPackPress, type PackChange, type PackPress } from '../../support/pack-press.ts';
import { openStubGround, type StubGround } from '../../support/stub-ground.ts';
import { QUICK_PACE, sellTo } from './sealed-flight.ts';

const PATIENCE = { timeout: 30_000, interval: 5 };

type Scene = {
  readonly till: MainTill;
  readonly ground: StubGround;
  readonly press: PackPress;
  readonly leg: string;
  readonly hands: { untouchedMs: number };
  /** Passengers the till lists. */
  readonly listed: number;
};

const FULL_REST = { untouchedMs: 3_600_000 };

async function open({
  hands = { ...FULL_REST },
  offer,
  given,
}: {
  readonly hands?: { untouchedMs: number };
  readonly offer?: (press: PackPress) => Promise<Uint8Array>;
  /** What the till starts with, instead of the demo's. */
  readonly given?: (press: PackPress) => Promise<Uint8Array>;
} = {}): Promise<Scene> {
  const till = await openMainTill({ uplinkPace: QUICK_PACE, hands });
  const ground = await openStubGround(till.dir);
  onTestFinished(ground.close);
  ground.introduceTo(till.dir);
  const press = await openPackPress(till.dir);
  if (given !== undefined) writeFileSync(press.path, await given(press));
  if (offer !== undefined) ground.offerPack({ status: 200, bytes: await offer(press) });
  const { flight } = await startFresh(till);
  return { till, ground, press, hands, leg: flight.legId, listed: flight.passengerCount };
}

const oneMore = (press: PackPress, n = 2): Promise<Buffer> =>
  press.reissued({
    n,
    passengers: (all) => [...all, { ...all[0], cti: 'f'.repeat(16) } as (typeof all)[number]],
  });

function loaded(till: MainTill): readonly number[] {
  return till.events().flatMap((event) => (event.ty === 'PACK_LOAD' ? [event.b.n] : []));
}

function kept(till: MainTill): readonly string[] {
  try {
    return readdirSync(join(till.dir, 'till', 'packs'));
  } catch {
    return [];
  }
}

async function untilReloaded(till: MainTill, times = 1): Promise<void> {
  await expect.poll(() => till.reloads.count, PATIENCE).toBe(times);
}

function refusals(till: MainTill): readonly unknown[] {
  return till.logged.filter(({ what }) => what === 'pack-refused').map(({ detail }) => detail['why']);
}

describe('a newer pack of the flight', () => {
  it('is asked for by number, kept, and taken into use when nobody is at the terminal', async () => {
    const { till, ground, listed, leg } = await open({ offer: oneMore });
    await untilReloaded(till);
    expect(ground.packCalls[0]).toBe(`/v1/packs/${leg}?after=1`);
    expect(kept(till)).toEqual([`pack-${leg}-2.cpk`]);
    ground.offerPack({ status: 204 });
    const { flight, notices } = await startFresh(till);
    expect(flight).toMatchObject({ passengerCount: listed + 1, packVersion: 2 });
    expect(notices.map(({ kind }) => kind)).not.toContain('journal-restored');
    expect(loaded(till)).toEqual([1, 2]);
    await expect.poll(() => ground.packCalls.at(-1), PATIENCE).toBe(`/v1/packs/${leg}?after=2`);
    expect((await sellTo(till, ordinaryPassenger(till.people), 'basket-0001')).length).toBeGreaterThan(0);
  });

  it('waits while somebody is at the terminal, and is there at the next start without a network', async () => {
    const { till, ground, leg, listed, hands } = await open({ hands: { untouchedMs: 0 }, offer: oneMore });
    await expect.poll(() => ground.packCalls.at(-1), PATIENCE).toBe(`/v1/packs/${leg}?after=2`);
    expect(till.reloads.count).toBe(0);
    expect(hands.untouchedMs).toBe(0);
    await ground.close();
    const again = await till.reopen({ uplinkPace: QUICK_PACE });
    const { flight } = await startFresh(again);
    expect(flight).toMatchObject({ passengerCount: listed + 1, packVersion: 2 });
    expect(loaded(again)).toEqual([1, 2]);
  });

  it('is not asked for once there is a bill, and one that is kept by then waits for the next start', async () => {
    const { till, ground, leg, hands } = await open({ hands: { untouchedMs: 0 }, offer: oneMore });
    await expect.poll(() => ground.packCalls.at(-1), PATIENCE).toBe(`/v1/packs/${leg}?after=2`);
    await sellTo(till, ordinaryPassenger(till.people), 'basket-0001');
    hands.untouchedMs = FULL_REST.untouchedMs;
    const again = await till.reopen({ uplinkPace: QUICK_PACE, hands: FULL_REST });
    await startFresh(again);
    const asked = ground.packCalls.length;
    await sellTo(again, ordinaryPassenger(again.people), 'basket-0002');
    expect(again.reloads.count).toBe(0);
    expect(ground.packCalls).toHaveLength(asked);
    expect(loaded(again)).toEqual([1, 2]);
  });

  it('goes before the one before it, which is of no use any more', async () => {
    const { till, ground, leg } = await open({ hands: { untouchedMs: 0 }, offer: oneMore });
    await expect.poll(() => kept(till), PATIENCE).toEqual([`pack-${leg}-2.cpk`]);
    ground.offerPack({ status: 200, bytes: await oneMore(await openPackPress(till.dir), 5) });
    await expect.poll(() => kept(till), PATIENCE).toEqual([`pack-${leg}-5.cpk`]);
  });

  it('that could not be kept is not taken into use', async () => {
    const scene = await open({ hands: { ...FULL_REST } });
    writeFileSync(join(scene.till.dir, 'till', 'packs'), 'a file where the folder should be');
    scene.ground.offerPack({ status: 200, bytes: await oneMore(scene.press) });
    const isLogged = (): boolean => scene.till.logged.some(({ what }) => what === 'pack-not-kept');
    await expect.poll(isLogged, PATIENCE).toBe(true);
    expect(scene.till.reloads.count).toBe(0);
  });
});

describe('a pack that is of no use', () => {
  it.each<[string, unknown, (press: PackPress) => Promise<Uint8Array>]>([
    ['is damaged', 'passengers.json: hash', (press) => press.damaged('passengers.json')],
    ['is cut short', expect.any(String), (press) => Promise.resolve(press.original.subarray(0, 4000))],
    ['is no pack', 'pack: not-a-tar-archive', () => Promise.resolve(Buffer.alloc(2000, 'x'))],
    ['is the one in use', 'not-newer', (press) => Promise.resolve(press.original)],
    [
      'is of another flight',
      'other-flight',
      (press) => press.reissued({ n: 2, leg: '9C8836-20991231-CTU-SHA' }),
    ],
    [
      'is not for this terminal',
      'manifest.jws: terminal-not-on-roster',
      (press) => press.reissued({ n: 2, devices: [{ dev: 'T-0099', zone: { fromRow: 1, toRow: 9 } }] }),
    ],
    ['is too large', 'too-large', () => Promise.resolve(Buffer.alloc(FLIGHT_PACK.maxBytes + 1))],
  ])('because it %s is refused and logged, and nothing changes', async (_what, why, offer) => {
    const { till, ground, listed } = await open({ offer });
    await expect.poll(() => refusals(till).length, PATIENCE).toBe(3);
    expect(refusals(till)[0]).toEqual(why);
    // The same would come again: it is fetched three times on one network, and no more.
    expect(ground.packCalls).toHaveLength(3);
    expect(kept(till)).toEqual([]);
    expect(till.reloads.count).toBe(0);
    const again = await till.reopen({ uplinkPace: QUICK_PACE });
    expect((await startFresh(again)).flight).toMatchObject({ passengerCount: listed, packVersion: 1 });
    expect(loaded(again)).toEqual([1]);
  });

  it.each<[string, string, PackChange]>([
    ['number', 'not-newer', { n: 8 }],
    ['trust list', 'older-trust-list', { n: 10, trustVersion: 8 }],
    ['deny-list', 'older-deny-list', { n: 10, trustVersion: 9, denyVersion: 8 }],
  ])('because its %s goes back is refused, for it would block the next start', async (_what, why, change) => {
    const { till } = await open({
      given: (press) => press.reissued({ n: 9, trustVersion: 9, denyVersion: 9 }),
      offer: (press) => press.reissued({ trustVersion: 9, denyVersion: 9, ...change }),
    });
    await expect.poll(() => refusals(till).length, PATIENCE).toBe(3);
    expect(refusals(till)[0]).toBe(why);
    expect(kept(till)).toEqual([]);
  });

  it('because an airline of other roots has signed it is refused', async () => {
    const other = await openPackPress((await openMainTill({ uplinkPace: QUICK_PACE })).dir);
    const { till } = await open({ offer: () => other.reissued({ n: 9 }) });
    await expect.poll(() => refusals(till).length, PATIENCE).toBeGreaterThan(0);
    expect(refusals(till)[0]).toMatch(/^trust\.jws: /);
    expect(kept(till)).toEqual([]);
  });

  it('lies on the disk under a good name and is passed over at start', async () => {
    const { till, press, leg, listed } = await open({ hands: { untouchedMs: 0 } });
    const dir = join(till.dir, 'till', 'packs');
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, `pack-${leg}-7.cpk`), await press.damaged('catalog.json'));
    writeFileSync(join(dir, 'pack-9C9999-20200101-SHA-CTU-3.cpk'), readFileSync(press.path));
    const again = await till.reopen({ uplinkPace: QUICK_PACE });
    expect((await startFresh(again)).flight).toMatchObject({ passengerCount: listed, packVersion: 1 });
    expect(kept(again)).toEqual([`pack-${leg}-7.cpk`]);
  });
});

describe('ground that answers otherwise', () => {
  it.each([
    ['has none for this terminal', { status: 404 }],
    ['is out of order', { status: 503 }],
    ['answers words', { status: 200, bytes: Buffer.from('hello'), contentType: 'text/html' }],
  ])('and %s changes nothing and is asked again', async (_what, answer) => {
    const { till, ground } = await open();
    ground.offerPack(answer);
    const before = ground.packCalls.length;
    await expect.poll(() => ground.packCalls.length, PATIENCE).toBeGreaterThan(before + 2);
    expect(kept(till)).toEqual([]);
    expect(till.reloads.count).toBe(0);
  });
});
