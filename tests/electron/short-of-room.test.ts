// A disk with little room left (journal.md 5.2; threats.md 47).
import { describe, expect, it } from 'vitest';
import { ordinaryPassenger, showCode } from '../support/demo-passengers.ts';
import { openMainTill, startFresh } from '../support/main-till.ts';

const MEGABYTE = 1024 * 1024;

describe('a till on a disk that is short of room', () => {
  it('says so while it still sells', async () => {
    const till = await openMainTill({ freeBytes: 200 * MEGABYTE });
    await startFresh(till);
    const text = showCode(ordinaryPassenger(till.people), Math.floor(till.clock.nowMs / 1000));
    expect((await till.call.scan({ text })).ok).toBe(true);
    expect(till.pushed.devices.at(-1)?.storage).toEqual({ kind: 'nearly-full' });
  });

  it('sells no more when there is hardly any, but closes the flight and exports', async () => {
    const till = await openMainTill({ freeBytes: 20 * MEGABYTE });
    await startFresh(till);
    const text = showCode(ordinaryPassenger(till.people), Math.floor(till.clock.nowMs / 1000));
    expect(await till.call.scan({ text })).toMatchObject({
      ok: false,
      error: { problem: { kind: 'disk-nearly-full' } },
    });
    expect((await till.call.closeFlight({ acceptUnprinted: false })).ok).toBe(true);
    expect((await till.call.exportBatch({ volume: 'outbox' })).ok).toBe(true);
  });
});
