import { describe, expect, it, onTestFinished } from 'vitest';
import { networkSign } from '../../../electron/uplink/network-watch.ts';
import { openStubGround } from '../../support/stub-ground.ts';
import { openFlownTill, QUICK_PACE, sealFlight, settlementOf, untilTold } from './sealed-flight.ts';

/** Nothing comes of waiting: a day passes between two tries. */
const LONG_WAIT = { ...QUICK_PACE, firstRetryMs: 86_400_000, mostRetryMs: 86_400_000 };

describe('coming onto another network', () => {
  it('sends a batch at once that had no network, without waiting for the next try', async () => {
    const network = { sign: 'cabin' };
    const { till, ground } = await openFlownTill(undefined, true, [], { uplinkPace: LONG_WAIT, network });
    await ground.close();
    await sealFlight(till);
    const away = await untilTold(till, ({ ground: at }) => at.kind === 'unreachable');
    expect(away.ground).toMatchObject({ why: 'no-network' });
    const port = Number(new URL(ground.address).port);
    const landed = await openStubGround(till.dir, port, ground.certificate);
    onTestFinished(landed.close);
    network.sign = '';
    await new Promise((resolve) => setImmediate(resolve));
    expect(settlementOf(till).unsent.count).toBe(1);
    network.sign = 'gate';
    await untilTold(till, ({ unsent }) => unsent.count === 0);
    expect(landed.accepted).toHaveLength(1);
  });

  it('neither hurries a ground that asked for time nor sends again what it refused', async () => {
    const network = { sign: 'cabin' };
    const { till, ground } = await openFlownTill(
      (stub) => {
        stub.misbehave({ method: 'HEAD', kind: 'status', status: 429, headers: { 'retry-after': '3600' } });
        stub.misbehave({
          method: 'GET',
          kind: 'status',
          status: 429,
          headers: { 'retry-after': '3600' },
        });
      },
      true,
      [],
      { uplinkPace: LONG_WAIT, network },
    );
    await sealFlight(till);
    const asked = await untilTold(till, ({ ground: at }) => at.kind === 'unreachable');
    expect(asked.ground).toMatchObject({ why: 'too-many-requests' });
    const calls = ground.calls.length;
    const packCalls = ground.packCalls.length;
    network.sign = 'gate';
    // The watch has run when the pack desk, which heard of it too, is done with it.
    await expect.poll(() => till.looks.count, { timeout: 30_000 }).toBeGreaterThan(3);
    expect(ground.calls).toHaveLength(calls);
    expect(ground.packCalls).toHaveLength(packCalls);
  });
});

describe('the sign of a network', () => {
  const own = { address: '127.0.0.1', internal: true };
  it('is empty for a machine that reaches only itself', () => {
    expect(networkSign({ lo: [own] })).toBe('');
    expect(networkSign({})).toBe('');
  });

  it('differs between networks and not with the order they are named in', () => {
    const cabin = { address: '10.0.0.7', internal: false };
    const gate = { address: '192.168.1.7', internal: false };
    expect(networkSign({ lo: [own], wlan0: [cabin] })).not.toBe(networkSign({ lo: [own], wlan0: [gate] }));
    expect(networkSign({ a: [cabin], b: [gate] })).toBe(networkSign({ b: [gate], a: [cabin] }));
  });
});
