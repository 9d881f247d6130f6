// `npm run demo -- --out DIR [--passengers 12]`: from sign-up to paid wallets, through the real ground, the real app and
// its real devices.
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openToOrdinaryUser, sharedTempDir } from '../../build/launch.mjs';
import { canElectronUserEnter } from '../../build/ordinary-user.mjs';
import { verifyBatchCommand } from '../../ground/verify-batch-command.ts';
import { openPhoneCamera } from '../support/phone-camera.ts';
import { openVirtualPrinter } from '../support/virtual-printer/virtual-printer.ts';
import { openWindowTill } from '../support/window-till.ts';
import { archiveOldFlight } from './archive-old-flight.ts';
import { openDemoGround, type DemoGround } from './demo-ground.ts';
import { fly, type FlownFlight } from './fly.ts';
import { collectReceipts, type Receipts } from './receipts.ts';
import {
  MOST_PASSENGERS,
  signUpAndDeny,
  signUpInVain,
  signUpPassengers,
  signUpStranger,
  type FlightPassenger,
} from './sign-up.ts';

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
  for (const folder of ['screens', 'receipts', 'reports', 'batch']) {
    await mkdir(join(out, folder), { recursive: true });
  }
  const demo = await openDemoGround(join(out, 'ground'));
  try {
    const flight = await demo.seed();
    const aboard = await signUpPassengers(demo, flight, passengers);
    const refusedWhy = await signUpInVain(demo, flight);
    const strangers = [
      { kind: 'code-wrong-flight', passenger: await signUpStranger(demo, await demo.seed()) },
      { kind: 'code-denied', passenger: await signUpAndDeny(demo, flight) },
    ];
    await demo.handOver(flight, out);
    const { flown, receipts } = await flyWith(out, aboard, strangers);
    for (const { phone } of aboard) await sendCopies(phone);
    await summarise(out, { flown, receipts, refusedWhy, copiesMinor: await countCopies(aboard), demo });
  } finally {
    await demo.stop();
  }
}

async function flyWith(
  out: string,
  passengers: readonly FlightPassenger[],
  strangers: Parameters<typeof fly>[0]['strangers'],
): Promise<{ readonly flown: FlownFlight; readonly receipts: Receipts }> {
  const camera = openPhoneCamera(join(out, 'till-camera.y4m'));
  const printer = await openVirtualPrinter({ cpl: 48 });
  openToOrdinaryUser(printer.address);
  try {
    const till = await openWindowTill({
      dir: out,
      cameraFile: camera.path,
      settings: { printer: { kind: 'serial', path: printer.address, baud: 115_200, paperMm: 80 } },
    });
    try {
      const stage = { till, camera, printer, passengers, strangers, screensDir: join(out, 'screens') };
      const flown = await fly(stage);
      return { flown, receipts: await collectReceipts(printer.slips(), out) };
    } finally {
      await till.close();
    }
  } finally {
    await printer.close();
    await rm(camera.path, { force: true });
  }
}

async function sendCopies(phone: FlightPassenger['phone']): Promise<void> {
  const sent = await phone.uploadCopies();
  if (!sent.ok) throw new Error(`a phone's copies: ${sent.error.kind}`);
}

/** What the phones themselves hold, minor units. */
async function countCopies(passengers: readonly FlightPassenger[]): Promise<number> {
  const copies = await Promise.all(passengers.map(({ phone }) => phone.copies()));
  return copies.flat().reduce((sum, { purchase }) => sum + purchase.totalMinor, 0);
}

type Played = {
  readonly flown: FlownFlight;
  readonly receipts: Receipts;
  /** Why the wallet's no was told to a passenger as it was. */
  readonly refusedWhy: string;
  readonly copiesMinor: number;
  readonly demo: DemoGround;
};

async function summarise(out: string, played: Played): Promise<void> {
  const { flown, receipts, refusedWhy, copiesMinor, demo } = played;
  const batch = join('batch', flown.batchFile);
  const verified = await verifyBatchCommand([join(out, batch), '--keys', out]);
  const verdict = JSON.parse(verified.stdout === '' ? verified.stderr : verified.stdout) as Verdict;
  const summary = {
    electron: flown.electron,
    passengers: flown.passengers,
    notEnrolled: { count: 1, why: refusedWhy },
    refused: flown.refused,
    sales: flown.sales,
    voids: flown.voids,
    netMinor: flown.netMinor,
    receiptsMinor: receipts.netMinor,
    settledMinor: await demo.settledMinor(),
    passengerCopiesMinor: copiesMinor,
    currency: verdict.currency,
    receiptsPrinted: receipts.count,
    paidBills: flown.paidBills,
    batch,
    verified: verified.exitCode === 0,
  };
  await writeFile(join(out, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  if (verified.exitCode !== 0) throw new Error(`the batch does not verify: ${verdict.status}`);
  const { netMinor, receiptsMinor, settledMinor, passengerCopiesMinor } = summary;
  const sums = [netMinor, receiptsMinor, verdict.netMinor, settledMinor, passengerCopiesMinor];
  if (sums.some((sum) => sum !== netMinor)) {
    throw new Error(`till / receipts / batch / wallets / phones do not agree: ${sums.join(' / ')}`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
