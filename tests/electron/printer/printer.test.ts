import { createServer, type AddressInfo, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createOpenTransport } from '../../../electron/printer/open-transport.ts';
import { createPrinter } from '../../../electron/printer/printer.ts';
import { createSerialPorts } from '../../../electron/serial/serial-ports.ts';
import { openBench, QUICK, slipBytes, until, type Bench, type Cable } from './printing-bench.ts';

const CABLES: readonly Cable[] = ['serial', 'tcp'];
const open: Bench[] = [];

async function bench(...args: Parameters<typeof openBench>): Promise<Bench> {
  const opened = await openBench(...args);
  open.push(opened);
  return opened;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((opened) => opened.close()));
});

describe.each(CABLES)('a printer on a %s cable', (cable) => {
  it('prints slips in the order they were asked for', async () => {
    const { printer, untilState, paper, device } = await bench(cable);
    await untilState('ready');
    const outcomes = await Promise.all([1, 2, 3].map((seq) => printer.print(slipBytes(seq))));
    expect(outcomes).toEqual(['printed', 'printed', 'printed']);
    expect(paper()).toEqual(['#1', '#2', '#3']);
    expect(device.slips().flatMap(({ doc }) => doc.warnings)).toEqual([]);
  });

  it('says that a slip is printed only when it has been', async () => {
    const { printer, untilState, paper } = await bench(cable, { bytesPerSecond: 4000 });
    await untilState('ready');
    const printing = printer.print(slipBytes(1));
    await untilState('printing');
    expect(paper()).toEqual([]);
    expect(await printing).toBe('printed');
    expect(paper()).toEqual(['#1']);
  });

  it('begins nothing without paper, and is ready again with a new roll', async () => {
    const { printer, untilState, device, paper } = await bench(cable);
    await untilState('ready');
    device.setPaper('out');
    expect(await printer.print(slipBytes(1))).toBe('not-started');
    expect(printer.state()).toEqual({ kind: 'paper-out' });
    expect(paper()).toEqual([]);
    device.setPaper('ok');
    await untilState('ready');
    expect(await printer.print(slipBytes(1))).toBe('printed');
    expect(paper()).toEqual(['#1']);
  });

  it('begins nothing with an open cover', async () => {
    const { printer, untilState, device } = await bench(cable);
    await untilState('ready');
    device.setCover(true);
    await untilState('cover-open');
    expect(await printer.print(slipBytes(1))).toBe('not-started');
    device.setCover(false);
    await untilState('ready');
  });

  it('tells an error and a roll that is nearly used up', async () => {
    const { printer, untilState, device } = await bench(cable);
    await untilState('ready');
    device.setFault('cutter-jam');
    await untilState('offline');
    device.setFault('none');
    device.setPaper('near-end');
    await untilState('ready');
    expect(printer.state()).toEqual({ kind: 'ready', isPaperLow: true });
  });

  it('finishes a slip whose paper ran out in the middle, once, when there is paper again', async () => {
    const { printer, untilState, device, paper } = await bench(cable);
    await untilState('ready');
    device.runOutOfPaperAfterLines(10);
    const printing = printer.print(slipBytes(1));
    await untilState('paper-out');
    expect(paper()).toEqual([]);
    device.setPaper('ok');
    expect(await printing).toBe('printed');
    expect(paper()).toEqual(['#1']);
  });

  it("hears of the paper's end even in a slip longer than the printer's buffer", async () => {
    const { printer, untilState, device, paper } = await bench(cable, { receiveBufferBytes: 4096 });
    await untilState('ready');
    const bytes = slipBytes(1, { lineCount: 100 });
    expect(bytes.length).toBeGreaterThan(6000);
    device.runOutOfPaperAfterLines(20);
    const printing = printer.print(bytes);
    await untilState('paper-out');
    expect(device.snapshot().isPushingBack).toBe(false);
    device.setPaper('ok');
    expect(await printing).toBe('printed');
    expect(paper()).toEqual(['#1']);
  });

  it('begins nothing while the printer is silent', async () => {
    const { printer, untilState, device, paper } = await bench(cable);
    await untilState('ready');
    device.setSilent(true);
    await untilState('no-answer');
    expect(await printer.print(slipBytes(1))).toBe('not-started');
    device.setSilent(false);
    await untilState('ready');
    expect(paper()).toEqual([]);
  });

  it('does not know what became of a slip when the printer falls silent in it', async () => {
    const { printer, untilState, device } = await bench(cable);
    await untilState('ready');
    device.runOutOfPaperAfterLines(10);
    const printing = printer.print(slipBytes(1));
    await untilState('paper-out');
    device.setSilent(true);
    await untilState('no-answer');
    expect(await printing).toBe('uncertain');
  });

  it('is not deceived by late answers to a slip it has given up', async () => {
    const { printer, untilState, device, paper } = await bench(cable, { bytesPerSecond: 6000 });
    await untilState('ready');
    device.runOutOfPaperAfterLines(10);
    const first = printer.print(slipBytes(1));
    await device.waitUntil(({ paper: level }) => level === 'out');
    device.setSilent(true);
    expect(await first).toBe('uncertain');
    device.setSilent(false);
    device.setPaper('ok');
    await untilState('ready');
    expect(await printer.print(slipBytes(2))).toBe('printed');
    expect(paper().at(-1)).toBe('#2');
    expect(paper().filter((slip) => slip !== 'torso')).toEqual(['#1', '#2']);
  });

  it('ignores what nobody asked for, however much it is', async () => {
    const { printer, untilState, device, paper } = await bench(cable);
    await untilState('ready');
    const rubbish = Uint8Array.from({ length: 300_000 }, (_, i) => 0x80 + (i % 0x7f));
    device.babble(rubbish);
    device.setSilent(true);
    await untilState('no-answer');
    device.babble(rubbish);
    expect(await printer.print(slipBytes(1))).toBe('not-started');
    device.setSilent(false);
    await untilState('ready');
    expect(await printer.print(slipBytes(1))).toBe('printed');
    expect(paper()).toEqual(['#1']);
  });

  it('says so when all that comes back is rubbish, as at a wrong speed, and begins nothing', async () => {
    const { printer, untilState, device, paper } = await bench(cable);
    await untilState('ready');
    device.setSilent(true);
    await until(() => {
      device.babble(Uint8Array.of(0x80, 0xfe, 0x80));
      return printer.state().kind === 'garbled';
    });
    expect(await printer.print(slipBytes(1))).toBe('not-started');
    device.setSilent(false);
    await untilState('ready');
    expect(await printer.print(slipBytes(1))).toBe('printed');
    expect(paper()).toEqual(['#1']);
  });

  it('trusts no state among rubbish, whatever it says', async () => {
    const { printer, device } = await bench(cable);
    await until(() => {
      device.babble(Uint8Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 0x12 : 0xfe)));
      return printer.state().kind === 'garbled';
    });
  });

  it('does not believe an answer that came among rubbish', async () => {
    const { printer, untilState, device } = await bench(cable, { bytesPerSecond: 4000 });
    await untilState('ready');
    const printing = printer.print(slipBytes(1));
    await device.waitUntil(({ heldBytes }) => heldBytes > 200);
    device.babble(Uint8Array.of(0xff, 0x00, 0x00, 0x00, 0xff));
    expect(await printing).toBe('uncertain');
  });

  it('does not know what became of a slip when the printer is unplugged in it, and cuts the torso off', async () => {
    const { printer, untilState, device, paper } = await bench(cable, { bytesPerSecond: 4000 });
    await untilState('ready');
    const printing = printer.print(slipBytes(1));
    await until(() => device.uncut().elements.length > 8);
    await device.vanish();
    expect(await printing).toBe('uncertain');
    await untilState('no-port');
    await device.reappear();
    await untilState('ready');
    expect(await printer.print(slipBytes(2))).toBe('printed');
    expect(paper()).toEqual(['torso', '#2']);
  });

  it('is found again after it was unplugged', async () => {
    const { printer, untilState, device } = await bench(cable);
    await untilState('ready');
    await device.vanish();
    await untilState('no-port');
    expect(await printer.print(slipBytes(1))).toBe('not-started');
    await device.reappear();
    await untilState('ready');
    expect(await printer.print(slipBytes(1))).toBe('printed');
  });

  it('lets the slip in hand finish when the till ends', async () => {
    const { printer, untilState, paper } = await bench(cable, { bytesPerSecond: 4000 });
    await untilState('ready');
    const outcomes = [printer.print(slipBytes(1)), printer.print(slipBytes(2))];
    await untilState('printing');
    await printer.stop();
    expect(await Promise.all(outcomes)).toEqual(['printed', 'not-started']);
    expect(paper()).toEqual(['#1']);
    expect(await printer.print(slipBytes(3))).toBe('not-started');
  });
});

describe('a printer', () => {
  it('that is not set prints nothing and says so', async () => {
    const { printer, untilState, target } = await bench('serial');
    await untilState('ready');
    printer.use({ kind: 'none' });
    await untilState('not-set');
    expect(await printer.print(slipBytes(1))).toBe('not-started');
    printer.use(target);
    await untilState('ready');
    expect(await printer.print(slipBytes(1))).toBe('printed');
  });

  it('is not connected when nobody listens at its address', async () => {
    const { untilState, device } = await bench('tcp');
    await untilState('ready');
    await device.vanish();
    expect(await untilState('no-port')).toEqual({ kind: 'no-port', why: 'not-found' });
  });

  it('can be changed for another while the till runs', async () => {
    const first = await bench('serial');
    const second = await bench('tcp');
    await second.untilState('ready');
    await second.printer.stop();
    await first.untilState('ready');
    first.printer.use(second.target);
    await until(() => first.seen.some(({ kind }) => kind === 'connecting'));
    await first.untilState('ready');
    expect(await first.printer.print(slipBytes(7))).toBe('printed');
    expect([first.paper(), second.paper()]).toEqual([[], ['#7']]);
  });

  it('tells why a port cannot be opened', async () => {
    const { printer, untilState, target } = await bench('serial');
    await untilState('ready');
    printer.use({ kind: 'serial', path: '/dev/no-such-printer', baud: 9600, paperMm: 80 });
    expect(await untilState('no-port')).toEqual({ kind: 'no-port', why: 'not-found' });
    const rival = await bench('serial');
    await rival.untilState('ready');
    printer.use(rival.target);
    await until(() => printer.state().kind === 'no-port' && JSON.stringify(printer.state()).includes('busy'));
    printer.use(target);
    await untilState('ready');
  });
});

describe('a device that answers anything to everything', () => {
  it('never makes the till believe that a slip came out, and never holds it up', async () => {
    const answers = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 200 }), {
      numRuns: 64,
      seed: 20_261_122,
    });
    const sockets = new Set<Socket>();
    let count = 0;
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', () => {
        socket.write(answers[(count += 1) % answers.length] ?? new Uint8Array());
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const printer = createPrinter({
      target: { kind: 'tcp', host: '127.0.0.1', port, paperMm: 80 },
      openTransport: createOpenTransport(createSerialPorts()),
      timing: { ...QUICK, answerMs: 30, pollMs: 5, processMs: 100, quietMs: 20 },
    });
    const outcomes = new Set<string>();
    await until(() => printer.state().kind !== 'connecting');
    for (let i = 0; i < 40; i += 1) outcomes.add(await printer.print(slipBytes(i)));
    expect(outcomes).not.toContain('printed');
    await printer.stop();
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});
