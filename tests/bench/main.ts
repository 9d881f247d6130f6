// `npm run bench -- [--json FILE] [--only row,row]`: measures the built till and ground against yardsticks of the same run. It is no
// test: it fails on no figure. What each row means: docs/bench.md.
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { measureConsole } from './measure-console.ts';
import { measureExport } from './measure-export.ts';
import { measureIngest } from './measure-ingest.ts';
import { measureReceipt } from './measure-receipt.ts';
import { measureScan } from './measure-scan.ts';
import { measureConfirm, measureConfirmAfterMany, measureTap } from './measure-selling.ts';
import { measureSettlement, measureWorkers } from './measure-settlement.ts';
import { measureVerify } from './measure-verify.ts';
import { measureMemory, measureMemoryWithCamera, measureStart } from './measure-windows.ts';
import { askElectronVersion } from './run-electron.ts';
import { composeTable, summarise, type Measured, type Row, type RowName } from './row.ts';

const MEASUREMENTS: Readonly<Record<RowName, () => Promise<Measured>>> = {
  scan_to_card: measureScan,
  verify_code: measureVerify,
  tap_to_basket: measureTap,
  confirm_sale: measureConfirm,
  confirm_sale_after_10000: measureConfirmAfterMany,
  start: measureStart,
  memory: measureMemory,
  memory_camera: measureMemoryWithCamera,
  receipt_20_items: measureReceipt,
  seal_export_1000: measureExport,
  ingest_1000_events: measureIngest,
  settle_200_passengers: measureSettlement,
  settle_workers_1: () => measureWorkers(1),
  settle_workers_2: () => measureWorkers(2),
  settle_workers_4: () => measureWorkers(4),
  console_page_100000: measureConsole,
};

type Machine = {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  /** Waiting and running processes before the bench began: well below the cores on a quiet machine. */
  readonly loadBefore: number;
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } });
  const machine = describeMachine();
  const electron = await askElectronVersion();
  const rows: Row[] = [];
  for (const name of wantedRows(values.only)) {
    const row = summarise(await MEASUREMENTS[name]());
    process.stderr.write(`${name}: ${row.value.toString()} ${row.unit}, ${row.ratio.toString()} x\n`);
    rows.push(row);
  }
  const load = machine.loadBefore.toFixed(1);
  process.stdout.write(
    `${machine.cpu}, ${machine.cores.toString()} cores, load ${load}; Electron ${electron}\n\n`,
  );
  process.stdout.write(`${composeTable(rows)}\n`);
  if (values.json === undefined) return;
  writeFileSync(resolve(values.json), `${JSON.stringify({ machine, electron, rows }, null, 2)}\n`);
}

function wantedRows(only: string | undefined): readonly RowName[] {
  const all = Object.keys(MEASUREMENTS) as RowName[];
  if (only === undefined) return all;
  const wanted = only.split(',');
  const unknown = wanted.find((name) => !all.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`no row ${unknown}; there are ${all.join(', ')}`);
  return all.filter((name) => wanted.includes(name));
}

function describeMachine(): Machine {
  const [first, ...others] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: others.length + 1,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    system: `${platform()} ${release()}`,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
