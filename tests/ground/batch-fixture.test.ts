import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifyBatchCommand } from '../../ground/verify-batch-command.ts';
import { projectRoot } from './ground-cli.ts';

const folder = join(projectRoot, 'tests', 'fixtures', 'batch');

// A batch may lie on a stick for months: whoever changes a signed shape must still read what was sealed before.
it('a batch sealed by an earlier version is read with the same result for ever', async () => {
  const batches = (await readdir(folder)).filter((name) => name.endsWith('.cpb'));
  expect(batches).toHaveLength(1);
  for (const name of batches) {
    const { exitCode, stdout } = await verifyBatchCommand([join(folder, name), '--keys', folder]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8')));
  }
});
