// What needs no window: verifying a code, printing a long slip, sealing a long flight.
import * as nodeCrypto from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { verifyCabinCode } from '../../domain/cabin-code/verify-cabin-code.ts';
import type { Slip } from '../../domain/receipt/slip.ts';
import { encodeSlip } from '../../electron/printer/encode-slip.ts';
import { createOpenTransport } from '../../electron/printer/open-transport.ts';
import { createPrinter } from '../../electron/printer/printer.ts';
import { createSerialPorts } from '../../electron/serial/serial-ports.ts';
import { readDemoTerminal, type Terminal } from '../../electron/provisioning/terminal.ts';
import { makeDemo } from '../../ground/demo/make-demo.ts';
import { demoPassengers, ordinaryPassenger, showCode } from '../support/demo-passengers.ts';
import { crypto } from '../support/keys.ts';
import { openVirtualPrinter } from '../support/virtual-printer/virtual-printer.ts';
import { openLongTill } from './long-flight.ts';
import type { Measured } from './row.ts';

const VERIFY_RUNS = 300;
const EXPORT_RUNS = 5;
const PRINT_RUNS = 3;
/** The slowest speed a terminal can be set to. */
const BAUD = 9600;
const BITS_PER_BYTE = 10;

export async function withDemoTerminal<T>(use: (dir: string, terminal: Terminal) => Promise<T>): Promise<T> {
  const dir = fs.mkdtempSync(join(tmpdir(), 'cabintill-bench-'));
  try {
    const made = await makeDemo({ out: dir, nowMs: Date.now() });
    if (!made.ok) throw new Error(made.error);
    const terminal = await readDemoTerminal(dir, Date.now(), crypto);
    if (!terminal.ok) throw new Error(terminal.error.kind);
    return await use(dir, terminal.value);
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
}

/** A whole verification of a fresh dynamic code, against the two signature checks in it. */
export async function measureVerify(): Promise<Measured> {
  return withDemoTerminal(async (dir, { pack, signer }) => {
    const passenger = ordinaryPassenger(await demoPassengers(dir));
    const values: number[] = [];
    const yardsticks: number[] = [];
    const message = nodeCrypto.randomBytes(200);
    const signature = signer.sign(message);
    for (let i = 0; i < VERIFY_RUNS; i++) {
      const nowSeconds = Math.floor(Date.now() / 1000);
      const code = showCode(passenger, nowSeconds);
      values.push(
        timed(() => {
          const verdict = verifyCabinCode(code, {
            nowSeconds,
            flight: pack.leg,
            issuers: pack.trust.issuers,
            isDenied: () => false,
            lastProofAt: () => null,
            openChallenge: null,
            crypto,
          });
          if (!verdict.ok) throw new Error(verdict.error.code);
        }),
      );
      yardsticks.push(
        timed(() => {
          for (let n = 0; n < 2; n++) crypto.verifyEs256(signer.publicJwk, message, signature);
        }),
      );
    }
    return { name: 'verify_code', unit: 'ms', values, yardsticks };
  });
}

function timed(work: () => void): number {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
}

function longSlip(): Slip {
  const lines: Slip['elements'] = Array.from({ length: 20 }, (_, i) => ({
    kind: 'pair',
    left: `${(i + 1).toString()} x 红烧牛肉面 Braised beef`,
    right: '￥38.00',
    isAmount: true,
    isBold: false,
    size: 'normal',
  }));
  const code = `CR1:${'0123456789ABCDEF'.repeat(10)}`.slice(0, 163);
  return {
    kind: 'sale',
    seq: 1,
    isCopy: false,
    elements: [...lines, { kind: 'rule' }, { kind: 'qr', text: code }],
  };
}

/** From handing over a slip of 20 items to the printer's word that it is out, against the bare line at 9,600 baud. */
export async function measureReceipt(): Promise<Measured> {
  const bytes = encodeSlip(longSlip(), 48);
  const device = await openVirtualPrinter({ cpl: 48, baud: BAUD });
  const serialPorts = createSerialPorts();
  const printer = createPrinter({
    target: { kind: 'serial', path: device.address, baud: BAUD, paperMm: 80 },
    openTransport: createOpenTransport(serialPorts),
  });
  try {
    await new Promise<void>((ready) => {
      const stop = printer.listen((state) => {
        if (state.kind !== 'ready') return;
        stop();
        ready();
      });
    });
    const values: number[] = [];
    for (let i = 0; i < PRINT_RUNS; i++) {
      const startMs = performance.now();
      const outcome = await printer.print(bytes);
      if (outcome !== 'printed') throw new Error(outcome);
      values.push(performance.now() - startMs);
    }
    const lineMs = (bytes.length * BITS_PER_BYTE * 1000) / BAUD;
    return { name: 'receipt_20_items', unit: 'ms', values, yardsticks: [lineMs] };
  } finally {
    await printer.stop();
    await serialPorts.closeAll();
    await device.close();
  }
}

/** Sealing and exporting a flight of 1,000 sales, against gzip, write and sync of as many bytes. */
export async function measureExport(): Promise<Measured> {
  return withDemoTerminal(async (dir, terminal) => {
    const till = await openLongTill(dir, terminal, 1000);
    try {
      await till.handlers.closeFlight({ acceptUnprinted: true });
      const journal = join(dir, 'till', 'journal');
      const lines = Buffer.concat(
        fs.readdirSync(journal).map((name) => fs.readFileSync(join(journal, name))),
      );
      const values: number[] = [];
      const yardsticks: number[] = [];
      for (let i = 0; i < EXPORT_RUNS; i++) {
        const startMs = performance.now();
        const exported = await till.handlers.exportBatch({ volume: 'outbox' });
        if (!exported.ok) throw new Error(exported.error.problem.kind);
        values.push(performance.now() - startMs);
        yardsticks.push(
          timed(() => {
            fs.writeFileSync(join(dir, 'bare'), gzipSync(lines, { level: 9 }), { flush: true });
          }),
        );
      }
      return { name: 'seal_export_1000', unit: 'ms', values, yardsticks };
    } finally {
      await till.stop();
    }
  });
}
