// `npm start`: the till on a demo flight, with the cabin around it: a camera that sees the passenger whose seat is
// typed here, and a printer whose slips are kept as pictures. `--real-camera` and `--fresh` as in the README.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { electronCommand, openToOrdinaryUser } from '../../build/launch.mjs';
import { DEFAULT_SETTINGS, type Settings } from '../../bridge/settings.ts';
import { makeDemo } from '../../ground/demo/make-demo.ts';
import { demoPassengers, showCode, type DemoPassenger } from '../support/demo-passengers.ts';
import { cameraSwitches, openPhoneCamera, type PhoneCamera } from '../support/phone-camera.ts';
import { openSlipFolder } from '../support/virtual-printer/slip-folder.ts';
import { openVirtualPrinter, type VirtualPrinter } from '../support/virtual-printer/virtual-printer.ts';
import { archiveOldFlight } from './archive-old-flight.ts';
import { phoneScreenOf } from './phone-screen-of.ts';

/** A phone makes a new code this often (cabin-code.md 2.5). */
const PHONE_REFRESH_MS = 15_000;

function say(words: string): void {
  process.stderr.write(`${words}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string' },
      fresh: { type: 'boolean', default: false },
      'real-camera': { type: 'boolean', default: false },
    },
  });
  const dir = resolve(values.dir ?? '.demo');
  if (values.fresh) await archiveOldFlight(dir);
  const made = await makeDemo({ out: dir, nowMs: Date.now() });
  if (!made.ok) throw new Error(`${dir}: ${made.error}`);
  mkdirSync(join(dir, 'till'), { recursive: true });
  const printer = await openSlipPrinter(dir);
  const camera = values['real-camera'] ? null : openPhoneCamera(join(dir, 'camera.y4m'));
  writeSettings(dir, printer);
  openToOrdinaryUser(dir);
  const prompt = camera === null ? null : offerPassengers(await demoPassengers(dir), camera);
  try {
    process.exitCode = await runTill(dir, camera);
  } finally {
    prompt?.close();
    await printer?.close();
  }
}

/** A printer behind a pseudo-terminal where there is `socat`; elsewhere the till says that none is set. */
async function openSlipPrinter(dir: string): Promise<VirtualPrinter | null> {
  if (!existsSync('/usr/bin/socat')) return null;
  const folder = await openSlipFolder(join(dir, 'receipts'));
  const printer = await openVirtualPrinter({
    cpl: 48,
    onSlip: (slip) => {
      void folder.save(slip).then((stem) => {
        say(`Printed: ${stem}.png`);
      });
    },
  });
  openToOrdinaryUser(printer.address);
  return printer;
}

/** Keeps what the visitor has set before; the printer's path is new at each start. */
function writeSettings(dir: string, printer: VirtualPrinter | null): void {
  const path = join(dir, 'till', 'settings.json');
  const known = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Settings) : DEFAULT_SETTINGS;
  const attached: Settings['printer'] =
    printer === null ? known.printer : { kind: 'serial', path: printer.address, baud: 115_200, paperMm: 80 };
  writeFileSync(path, JSON.stringify({ ...known, printer: attached }));
}

function offerPassengers(
  people: readonly DemoPassenger[],
  camera: PhoneCamera,
): { readonly close: () => void } {
  const seats = people.map((person) => person.seat);
  say(`\nThe camera sees whoever you name. Type a seat and press Enter; an empty line takes the phone away.`);
  say(`Seats: ${seats.join(' ')}\n`);
  let shown: DemoPassenger | null = null;
  const hold = (): void => {
    if (shown === null) camera.showNothing();
    else {
      const code = shown.holder === null ? shown.staticCode : showCode(shown, Math.floor(Date.now() / 1000));
      camera.show(phoneScreenOf(shown, code));
    }
  };
  const refresh = setInterval(hold, PHONE_REFRESH_MS);
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const seat = line.trim().toUpperCase();
    shown = people.find((person) => person.seat === seat) ?? null;
    if (seat !== '' && shown === null) say(`Nobody of the demo sits in ${seat}.`);
    hold();
  });
  return {
    close: () => {
      clearInterval(refresh);
      lines.close();
    },
  };
}

async function runTill(dir: string, camera: PhoneCamera | null): Promise<number> {
  const appDir = process.env['CABINTILL_APP_DIR'] ?? resolve('.');
  const switches = camera === null ? [] : cameraSwitches(camera.path);
  const electron = await electronCommand({ appDir, args: [`--demo=${dir}`, '--log-level=3', ...switches] });
  try {
    const child = spawn(electron.command, electron.args, {
      env: electron.env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return await new Promise((done) => {
      child.once('exit', (code) => {
        done(code ?? 1);
      });
    });
  } finally {
    await electron.cleanup();
  }
}

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
