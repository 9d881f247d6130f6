import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { linesOf } from '../support/virtual-printer/decoded-doc.ts';
import { renderText } from '../support/virtual-printer/render-text.ts';
import {
  openVirtualPrinter,
  openVirtualTcpPrinter,
  type VirtualPrinter,
  type VirtualPrinterOptions,
} from '../support/virtual-printer/virtual-printer.ts';
import * as esc from './escpos-bytes.ts';
import { RECEIPT_CODE, sampleSlip } from './sample-slip.ts';
import { openSerialTill, openTcpTill, type TillLine } from './till-line.ts';

type Bench = {
  readonly printer: VirtualPrinter;
  readonly till: TillLine;
  readonly reconnect: () => Promise<TillLine>;
};

const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function serialBench(options: VirtualPrinterOptions = { cpl: 48 }): Promise<Bench> {
  const printer = await openVirtualPrinter(options);
  cleanups.push(printer.close);
  const reconnect = async (): Promise<TillLine> => {
    const line = await openSerialTill(printer.path);
    cleanups.push(line.close);
    return line;
  };
  return { printer, till: await reconnect(), reconnect };
}

async function tcpBench(options: VirtualPrinterOptions = { cpl: 48 }): Promise<Bench> {
  const printer = await openVirtualTcpPrinter(options);
  cleanups.push(printer.close);
  const reconnect = async (): Promise<TillLine> => {
    const line = await openTcpTill(printer.port);
    cleanups.push(line.close);
    return line;
  };
  return { printer, till: await reconnect(), reconnect };
}

async function allStatus(till: TillLine): Promise<readonly number[]> {
  const bytes: number[] = [];
  for (const n of [1, 2, 3, 4]) bytes.push(...(await till.ask(esc.realTimeStatus(n))));
  return bytes;
}

describe.each([
  { cable: 'a serial path', open: serialBench },
  { cable: 'TCP', open: tcpBench },
])('a printer on $cable', ({ open }) => {
  it('answers DLE EOT 1 to 4 byte for byte in every condition', async () => {
    const { printer, till } = await open();
    expect(await allStatus(till)).toEqual([0x12, 0x12, 0x12, 0x12]);
    printer.setPaper('near-end');
    expect(await allStatus(till)).toEqual([0x12, 0x12, 0x12, 0x1e]);
    printer.setPaper('out');
    expect(await allStatus(till)).toEqual([0x1a, 0x32, 0x12, 0x7e]);
    printer.setPaper('ok');
    printer.setCover(true);
    expect(await allStatus(till)).toEqual([0x1a, 0x16, 0x12, 0x12]);
    printer.setCover(false);
    printer.setFault('cutter-jam');
    expect(await allStatus(till)).toEqual([0x1a, 0x52, 0x1a, 0x12]);
    printer.setFault('overheated');
    expect(await allStatus(till)).toEqual([0x1a, 0x52, 0x52, 0x12]);
    printer.setFault('none');
    expect(await allStatus(till)).toEqual([0x12, 0x12, 0x12, 0x12]);
  });

  it('answers GS r and GS I in their turn', async () => {
    const { printer, till } = await open();
    expect(await till.ask(esc.sensorStatus)).toEqual([0x00]);
    printer.setPaper('near-end');
    expect(await till.ask(esc.sensorStatus)).toEqual([0x03]);
    expect(await till.ask([0x1d, 0x72, 2])).toEqual([0x00]);
    expect(await till.ask([0x1d, 0x49, 1])).toEqual([0x20]);
    const name = await till.ask([0x1d, 0x49, 66], 11);
    expect(String.fromCharCode(...name)).toBe('_CabinTill\0');
  });

  it('sends its status unasked once GS a has asked for it', async () => {
    const { printer, till } = await open();
    expect(await till.ask([0x1d, 0x61, 0xff], 4)).toEqual([0x10, 0, 0, 0]);
    printer.setCover(true);
    expect(await till.answers(4)).toEqual([0x38, 0, 0, 0]);
    printer.setPaper('out');
    expect(await till.answers(4)).toEqual([0x38, 0, 0x0f, 0]);
  });

  it('prints a whole slip and keeps its bytes', async () => {
    const { printer, till } = await open();
    till.write(sampleSlip(48));
    const [slip] = await printer.waitForSlip(1);
    expect(slip && Buffer.from(slip.raw).equals(sampleSlip(48))).toBe(true);
    expect(slip?.doc.warnings).toEqual([]);
    expect(slip && renderText(slip.doc)).toContain(`[QR: ${RECEIPT_CODE}]`);
  });

  it('answers a real-time query in the middle of a line without disturbing it', async () => {
    const { printer, till } = await open();
    till.write(esc.bytes(esc.chineseMode, esc.gb('青岛')));
    expect(await till.ask(esc.realTimeStatus(1))).toEqual([0x12]);
    till.write(esc.bytes(esc.gb('啤酒\n'), esc.cutAfterFeed));
    const [slip] = await printer.waitForSlip(1);
    expect(slip && renderText(slip.doc)).toBe('青岛啤酒\n------ cut ------\n');
  });

  it('takes the bytes of a query inside a picture or a QR symbol for what they are', async () => {
    const { printer, till } = await open();
    const query = [0x10, 0x04, 0x01];
    till.write(esc.bytes(esc.raster(3, 1, query), esc.qr('\u0010\u0004\u0001', 3), esc.cutAfterFeed));
    const [slip] = await printer.waitForSlip(1);
    expect(slip?.doc.elements).toMatchObject([
      { kind: 'raster', bits: Uint8Array.from(query) },
      { kind: 'qr', data: Uint8Array.from(query) },
      { kind: 'cut' },
    ]);
    expect(printer.snapshot().queryCount).toBe(0);
    expect(await till.ask(esc.sensorStatus)).toEqual([0x00]);
  });

  it('stops in the middle of a slip when the paper ends and prints the rest after a new roll', async () => {
    const { printer, till } = await open();
    printer.runOutOfPaperAfterLines(5);
    till.write(sampleSlip(48));
    const stopped = await printer.waitUntil((seen) => seen.receivedBytes === sampleSlip(48).length);
    expect(stopped).toMatchObject({ paper: 'out', isOnline: false, slipCount: 0 });
    expect(linesOf(printer.uncut())).toHaveLength(5);
    expect(await till.ask(esc.realTimeStatus(4))).toEqual([0x7e]);
    printer.setPaper('ok');
    const [slip] = await printer.waitForSlip(1);
    expect(slip && Buffer.from(slip.raw).equals(sampleSlip(48))).toBe(true);
    expect(await till.ask(esc.realTimeStatus(4))).toEqual([0x12]);
  });

  it('holds what comes while the cover is open and prints it after closing', async () => {
    const { printer, till } = await open();
    printer.setCover(true);
    till.write(esc.bytes(esc.ascii('later\n'), esc.cutAfterFeed, esc.sensorStatus));
    await printer.waitUntil((seen) => seen.heldBytes === 13);
    expect(await till.ask(esc.realTimeStatus(2))).toEqual([0x16]);
    expect(printer.slips()).toEqual([]);
    printer.setCover(false);
    expect(await till.answers(1)).toEqual([0x00]);
    expect(printer.slips()).toHaveLength(1);
  });

  it('pushes back when its receive buffer is full and loses nothing', async () => {
    const { printer, till } = await open({ cpl: 48, receiveBufferBytes: 4096 });
    const long = esc.bytes(esc.ascii(`${'0123456789'.repeat(4)}\n`.repeat(600)), esc.cutAfterFeed);
    printer.setPaper('out');
    till.write(long);
    const full = await printer.waitUntil((seen) => seen.isPushingBack);
    expect(full.heldBytes).toBeLessThanOrEqual(4096);
    printer.setPaper('ok');
    const [slip] = await printer.waitForSlip(1);
    expect(slip && Buffer.from(slip.raw).equals(long)).toBe(true);
  });

  it('receives and prints but never answers while silent', async () => {
    const { printer, till } = await open();
    printer.setSilent(true);
    till.write(esc.bytes(esc.realTimeStatus(1), esc.ascii('a\n'), esc.cutAfterFeed, esc.sensorStatus));
    await printer.waitForSlip(1);
    await printer.waitUntil((seen) => seen.queryCount === 2);
    printer.setSilent(false);
    expect(await till.ask(esc.realTimeStatus(4))).toEqual([0x12]);
    expect(till.receivedBytes()).toBe(0);
  });

  it('babbles when told to', async () => {
    const { printer, till } = await open();
    printer.babble(Uint8Array.of(0xde, 0xad, 0x11));
    expect(await till.answers(3)).toEqual([0xde, 0xad, 0x11]);
  });

  it('vanishes from under the till and comes back at the same address', async () => {
    const { printer, till, reconnect } = await open();
    till.write(esc.bytes(esc.ascii('half\n'), esc.bold(true), esc.ascii('never printed')));
    await printer.waitUntil((seen) => seen.receivedBytes === 21);
    await printer.vanish();
    till.write(Uint8Array.from(esc.realTimeStatus(1)));
    await till.whenLost;
    await expect(reconnect()).rejects.toThrow();
    await printer.reappear();
    const again = await reconnect();
    expect(await allStatus(again)).toEqual([0x12, 0x12, 0x12, 0x12]);
    again.write(esc.bytes(esc.ascii('whole\n'), esc.cutAfterFeed));
    const [slip] = await printer.waitForSlip(1);
    expect(slip && renderText(slip.doc)).toBe('half\nwhole\n------ cut ------\n');
    expect(slip && linesOf(slip.doc)[1]?.runs[0]?.isBold).toBe(false);
  });

  it('is still there after the till closes and opens its port again', async () => {
    const { till, reconnect } = await open();
    expect(await till.ask(esc.realTimeStatus(1))).toEqual([0x12]);
    await till.close();
    const again = await reconnect();
    expect(await again.ask(esc.realTimeStatus(1))).toEqual([0x12]);
  });

  it('answers in real time while a slow print is still under way', async () => {
    const { printer, till } = await open({ cpl: 48, bytesPerSecond: 50 });
    till.write(sampleSlip(48));
    till.write(Uint8Array.from(esc.realTimeStatus(1)));
    expect(await till.answers(1)).toEqual([0x12]);
    expect(printer.slips()).toEqual([]);
    expect(printer.snapshot().heldBytes).toBeGreaterThan(0);
  });

  it('prints everything at its own speed', async () => {
    const { printer, till } = await open({ cpl: 48, bytesPerSecond: 20_000 });
    till.write(sampleSlip(48));
    const [slip] = await printer.waitForSlip(1);
    expect(slip && Buffer.from(slip.raw).equals(sampleSlip(48))).toBe(true);
  });

  it('receives everything over a line with a baud rate', async () => {
    const { printer, till } = await open({ cpl: 48, baud: 19_200 });
    till.write(sampleSlip(48));
    till.write(Uint8Array.from(esc.sensorStatus));
    expect(await till.answers(1)).toEqual([0x00]);
    const [slip] = printer.slips();
    expect(slip && Buffer.from(slip.raw).equals(sampleSlip(48))).toBe(true);
  });
});

describe('waiting for a printer', () => {
  it('says what the printer has when the condition is not reached', async () => {
    const { printer } = await tcpBench();
    await expect(printer.waitForSlip(1, 1)).rejects.toThrow('"slipCount":0');
  });

  it('ends when the printer is closed', async () => {
    const printer = await openVirtualTcpPrinter({ cpl: 48 });
    const waiting = expect(printer.waitForSlip(1)).rejects.toThrow('closed');
    await printer.close();
    await waiting;
  });
});

describe('the serial path', () => {
  it('may be opened by any user', async () => {
    const { printer } = await serialBench();
    expect(statSync(realpathSync(printer.address)).mode & 0o777).toBe(0o666);
    expect(statSync(dirname(printer.address)).mode & 0o777).toBe(0o755);
  });

  it('is gone from the disk after vanish and after close', async () => {
    const printer = await openVirtualPrinter({ cpl: 48 });
    expect(existsSync(printer.path)).toBe(true);
    await printer.vanish();
    expect(existsSync(printer.path)).toBe(false);
    await printer.reappear();
    expect(existsSync(printer.path)).toBe(true);
    await printer.close();
    expect(existsSync(dirname(printer.path))).toBe(false);
  });
});
