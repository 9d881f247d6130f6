// `npm run bench -- [--json FILE] [--only row,row]`: measures the built till against yardsticks of the same run. No test:
// it fails on no figure. What each row means: docs/bench.md.
import { writeFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { openWindowTill } from '../support/window-till.ts';
import { measureExport, measureReceipt, measureVerify } from './measure-code.ts';
import { measureConfirm, measureConfirmAfterMany, measureScan, measureTap } from './measure-selling.ts';
import { measureMemory, measureMemoryWithCamera, measureStart } from './measure-windows.ts';
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
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: 'string' }, only: { type: 'string' } } });
  const wanted = values.only?.split(',');
  const rows: Row[] = [];
  for (const [name, measure] of Object.entries(MEASUREMENTS)) {
    if (wanted !== undefined && !wanted.includes(name)) continue;
    process.stderr.write(`${name} …\n`);
    rows.push(summarise(await measure()));
  }
  process.stdout.write(`${composeTable(rows)}\n`);
  if (values.json === undefined) return;
  const report = { machine: describeMachine(), electron: await electronVersion(), rows };
  writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
}

function describeMachine(): string {
  const [cpu] = cpus();
  const gib = Math.round(totalmem() / 1024 ** 3);
  return `${platform()} ${release()}, ${cpus().length.toString()} x ${cpu?.model.trim() ?? 'unknown'}, ${gib.toString()} GiB`;
}

async function electronVersion(): Promise<string> {
  const till = await openWindowTill();
  try {
    return await till.app.evaluate(() => process.versions.electron);
  } finally {
    await till.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
