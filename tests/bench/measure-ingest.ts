// A batch of 1,000 lines at ground: opened, verified line by line and stored, on the embedded database on a disk.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLineSigned, lineHeader } from '../../domain/journal/line.ts';
import { receiveBatch } from '../../ground/ingest/receive-batch.ts';
import { crypto } from '../support/keys.ts';
import { openSettlementScene } from '../support/settlement-scene.ts';
import type { Measured } from './row.ts';

const LINES = 1000;
const CUSTOMERS = 60;
const RUNS = 5;

/** Each run is a flight of its own; the first warms up and does not count. */
export async function measureIngest(): Promise<Measured> {
  const values: number[] = [];
  const yardsticks: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const measured = await measureOnce();
    if (run === 0) continue;
    values.push(measured.tookMs);
    yardsticks.push(measured.signaturesMs);
  }
  return { name: 'ingest_1000_events', unit: 'ms', values, yardsticks };
}

async function measureOnce(): Promise<{ readonly tookMs: number; readonly signaturesMs: number }> {
  const dir = mkdtempSync(join(tmpdir(), 'cabintill-ingest-'));
  const flight = await openSettlementScene({ place: { kind: 'embedded', dir } });
  try {
    const [till] = flight.terminals;
    if (till === undefined) throw new Error('the flight has no terminal');
    const customers = [];
    for (let i = 0; i < CUSTOMERS; i++) customers.push(await flight.enrol());
    for (let i = 0; till.lines.length < LINES - CUSTOMERS - 1; i++) {
      const customer = customers[i % CUSTOMERS];
      if (customer !== undefined) till.sell(customer, 1200 + i);
    }
    till.close();
    const bytes = await till.seal();
    const startedMs = performance.now();
    const { status } = await receiveBatch(flight.ground, {
      airline: flight.airline,
      bytes,
      source: 'upload',
    });
    const tookMs = performance.now() - startedMs;
    if (status !== 'ACCEPTED') throw new Error(`the batch is ${status}`);
    const { jwk } = await flight.ground.db
      .selectFrom('device')
      .select('jwk')
      .where('dev', '=', till.dev)
      .executeTakeFirstOrThrow();
    return { tookMs, signaturesMs: measureSignatures(till.lines, jwk) };
  } finally {
    await flight.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The yardstick: the bare signature checks of the same lines. */
function measureSignatures(lines: readonly string[], key: Parameters<typeof isLineSigned>[2]): number {
  const header = lineHeader(key, crypto);
  const startedMs = performance.now();
  for (const line of lines) {
    if (!isLineSigned(line, header, key, crypto)) throw new Error('a line does not verify');
  }
  return performance.now() - startedMs;
}
