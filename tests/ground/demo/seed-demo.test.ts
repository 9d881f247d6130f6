import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readDemoTerminal } from '../../../electron/provisioning/terminal.ts';
import { exportTerminalFolder } from '../../../ground/demo/export-terminal-folder.ts';
import { seedDemo } from '../../../ground/demo/seed-demo.ts';
import { readKeyFolder } from '../../../ground/key-folder.ts';
import { decryptionKeys } from '../../../ground/airlines/keys.ts';
import { trustOf } from '../../../ground/airlines/trust-lists.ts';
import { crypto } from '../../support/keys.ts';
import { openTestGround } from '../../support/test-ground.ts';

const merchants = [1, 2].map((wallet) => ({ wallet, config: {}, secrets: { key: 'K' } }));
const { ground, clock, close } = await openTestGround();
const folder = mkdtempSync(join(tmpdir(), 'cabintill-seed-'));
afterAll(async () => {
  await close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the demo airline in the database', () => {
  it('exports a terminal that a till starts from, in the air by its own clock', async () => {
    const demo = await seedDemo(ground, { merchants });
    expect(demo.leg).toBe('9C8835-20261122-SHA-CTU');
    expect(demo.std).toBe(Math.floor(clock.nowMs / 1000) - 45 * 60);
    const deviceKey = demo.deviceKeys.get('T-0001');
    if (deviceKey === undefined) throw new Error('no key');
    const dir = join(folder, 'till');
    const facts = await exportTerminalFolder(ground, { leg: demo.leg, dev: 'T-0001', deviceKey, dir });
    expect(facts).toMatchObject({
      ok: true,
      value: { items: 40, passengers: 0, pack: `pack-${demo.leg}-1.cpk` },
    });
    const terminal = await readDemoTerminal(dir, clock.nowMs, crypto);
    expect(terminal).toMatchObject({ ok: true, value: { dev: 'T-0001', epoch: 1, isDemo: true } });
    const keys = await readKeyFolder(dir);
    if (!keys.ok) throw new Error(keys.error);
    expect(keys.value.trust).toEqual(await trustOf(ground, '9C'));
    expect(keys.value.decryption).toEqual(await decryptionKeys(ground, '9C'));
    expect(JSON.parse(readFileSync(join(dir, 'demo.json'), 'utf8'))).toMatchObject({ demo: true, epoch: 1 });
  });

  it('gets another flight and another epoch when it is seeded again', async () => {
    const demo = await seedDemo(ground, { merchants, enrolmentUntilMs: clock.nowMs + 60_000 });
    expect(demo.leg).toBe('9C8837-20261122-SHA-CTU');
    const devices = await ground.db.selectFrom('device').select('ep').where('dev', '=', 'T-0001').execute();
    expect(devices.map(({ ep }) => ep).sort()).toEqual([1, 2]);
  });
});
