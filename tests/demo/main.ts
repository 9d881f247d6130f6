// `npm run demo -- --out DIR [--passengers 12]`: a whole flight in the real app through its real devices.
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openToOrdinaryUser, sharedTempDir } from '../../build/launch.mjs';
import { canElectronUserEnter } from '../../build/ordinary-user.mjs';
import { makeDemo } from '../../ground/demo/make-demo.ts';
import { verifyBatchCommand } from '../../ground/verify-batch-command.ts';
import { openPhoneCamera } from '../support/phone-camera.ts';
import { openVirtualPrinter } from '../support/virtual-printer/virtual-printer.ts';
import { openWindowTill } from '../support/window-till.ts';
import { archiveOldFlight } from './archive-old-flight.ts';
import { fly, type FlownFlight } from './fly.ts';
import { collectReceipts, type Receipts } from './receipts.ts';

const MOST_PASSENGERS = 20;

type Verdict = { readonly status: string; readonly netMinor: number; readonly currency: string };

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string' }, passengers: { type: 'string' } } });
  const out = resolve(values.out ?? 'demo-out');
  const passengers = Number(values.passengers ?? '12');
  if (!Number.isInteger(passengers) || passengers < 4 || passengers > MOST_PASSENGERS) {
    throw new Error(`--passengers takes a whole number from 4 to ${MOST_PASSENGERS.toString()}`);
  }
  await archiveOldFlight(out);
  await mkdir(out, { recursive: true });
  // As root the till runs as an ordinary user, who cannot enter every folder root can.
  const stage = canElectronUserEnter(out) ? out : await mkdtemp(join(sharedTempDir(), 'cabintill-demo-'));
  try {
    await play(stage, passengers);
  } finally {
    if (stage !== out) {
      await cp(stage, out, { recursive: true });
      await rm(stage, { recursive: true, force: true });
    }
  }
}

async function play(out: string, passengers: number): Promise<void> {
  const made = await makeDemo({ out, nowMs: Date.now() });
  if (!made.ok) throw new Error(`${out}: ${made.error}`);
  for (const folder of ['screens', 'receipts', 'reports', 'batch']) {
    await mkdir(join(out, folder), { recursive: true });
  }
  const camera = openPhoneCamera(join(out, 'till-camera.y4m'));
  const printer = await openVirtualPrinter({ cpl: 48 });
  openToOrdinaryUser(printer.address);
  try {
    const till = await openWindowTill({
      dir: out,
      cameraFile: camera.path,
      settings: { printer: { kind: 'serial', path: printer.address, baud: 115_200, paperMm: 80 } },
    });
    let flown: FlownFlight;
    try {
      flown = await fly({ till, camera, printer, passengers, screensDir: join(out, 'screens') });
    } finally {
      await till.close();
    }
    await summarise(out, flown, await collectReceipts(printer.slips(), out));
  } finally {
    await printer.close();
    await rm(camera.path, { force: true });
  }
}

async function summarise(out: string, flown: FlownFlight, receipts: Receipts): Promise<void> {
  const batch = join('batch', flown.batchFile);
  const verified = await verifyBatchCommand([join(out, batch), '--keys', out]);
  const verdict = JSON.parse(verified.stdout === '' ? verified.stderr : verified.stdout) as Verdict;
  const summary = {
    electron: flown.electron,
    passengers: flown.passengers,
    refused: flown.refused,
    sales: flown.sales,
    voids: flown.voids,
    netMinor: flown.netMinor,
    currency: verdict.currency,
    receiptsPrinted: receipts.count,
    batch,
    verified: verified.exitCode === 0,
  };
  await writeFile(join(out, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  if (verified.exitCode !== 0) throw new Error(`the batch does not verify: ${verdict.status}`);
  if (verdict.netMinor !== flown.netMinor || receipts.netMinor !== flown.netMinor) {
    const sums = [flown.netMinor, receipts.netMinor, verdict.netMinor].map(String).join(' / ');
    throw new Error(`till / receipts / batch do not agree: ${sums}`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
