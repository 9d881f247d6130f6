// Sealing and exporting a flight of a thousand sales.
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from '@playwright/test';
import type { TillBridge } from '../../bridge/contract.ts';
import { closeAndExport } from '../support/selling.ts';
import { journalLines } from '../support/till-files.ts';
import { withTill } from './bench-till.ts';
import type { Measured } from './row.ts';

const SOLD = { sales: 1000, items: 1 };
const RUNS = 9;

/** From the call to its answer: composed, signed, compressed, encrypted, on the disk, read back and recorded. */
export async function measureExport(): Promise<Measured> {
  return withTill({ sold: SOLD }, async ({ page, dir }) => {
    await closeAndExport(page);
    const values: number[] = [];
    const yardsticks: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      values.push(await timeExport(page));
      yardsticks.push(timeBare(dir));
    }
    return { name: 'seal_export_1000', unit: 'ms', values, yardsticks };
  });
}

async function timeExport(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const startedMs = performance.now();
    const { till } = globalThis as unknown as { till: TillBridge };
    const answer = await till.call('exportBatch', { volume: 'outbox' });
    if (!answer.ok) throw new Error(answer.error.problem.kind);
    return performance.now() - startedMs;
  });
}

/** The same lines compressed as hard, written to the same folder and synced. */
function timeBare(dir: string): number {
  const lines = Buffer.from(journalLines(dir).join('\n'), 'latin1');
  const path = join(dir, 'batch', 'bench.bin');
  const startedMs = performance.now();
  const zipped = gzipSync(lines, { level: 9 });
  const fd = openSync(path, 'w');
  writeSync(fd, zipped);
  fsyncSync(fd);
  closeSync(fd);
  const tookMs = performance.now() - startedMs;
  rmSync(path);
  return tookMs;
}
