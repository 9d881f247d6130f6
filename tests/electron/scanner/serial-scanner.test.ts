import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ScannerState } from '../../../bridge/contract.ts';
import { isKnownScanText } from '../../../electron/scanner/known-scan-text.ts';
import { createScanFramer } from '../../../electron/scanner/scan-framer.ts';
import { createSerialScanner, type SerialScanner } from '../../../electron/scanner/serial-scanner.ts';
import { createSerialPorts } from '../../../electron/serial/serial-ports.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

function framed(...portions: readonly (Uint8Array | 'quiet')[]): readonly string[] {
  const texts: string[] = [];
  const framer = createScanFramer((text) => texts.push(text));
  for (const portion of portions) {
    if (portion === 'quiet') framer.endFrame();
    else framer.push(portion);
  }
  return texts;
}

describe('the bytes of a scanner', () => {
  it('end a text at CR, LF, both, or when the line falls quiet', () => {
    expect(framed(ascii('CP1:A\rCP1:B\nCP1:C\r\nCP1:'), ascii('D'), 'quiet', 'quiet')).toEqual([
      'CP1:A',
      'CP1:B',
      'CP1:C',
      'CP1:D',
    ]);
  });

  it('lose everything that is not printable ASCII', () => {
    expect(framed(Uint8Array.of(0x1b, 0x41, 0x00, 0x80, 0xff, 0x42, 0x7f, 0x09, 0x0d))).toEqual(['AB']);
  });

  it('of a flood are dropped until the line is quiet', () => {
    const flood = ascii('9'.repeat(1025));
    expect(framed(flood, ascii('\rCP1:A\r'), 'quiet', ascii('CP1:B\r'))).toEqual(['CP1:B']);
    expect(framed(ascii('9'.repeat(1024)), 'quiet')).toEqual(['9'.repeat(1024)]);
  });

  it('never make a text that is longer or other than allowed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.uint8Array({ maxLength: 3000 }), fc.constant('quiet' as const))),
        (portions) => {
          for (const text of framed(...portions)) expect(text).toMatch(/^[ -~]{1,1024}$/);
        },
      ),
    );
  });
});

describe('a text of a scanner', () => {
  it('is known by how it begins', () => {
    const known = [
      'CP1:6BF',
      'CO1:ABC',
      '6901234567892',
      '12345678',
      '134712345678901234',
      'M1DOE/JOHN EABC123',
    ];
    expect(known.filter((text) => !isKnownScanText(text))).toEqual([]);
    const noise = ['', 'hello', 'HC1:6BF', 'http://example.org', '1234567', 'cp1:x', ' CP1:'];
    expect(noise.filter(isKnownScanText)).toEqual(['HC1:6BF']);
  });
});

type Plug = {
  readonly path: string;
  readonly type: (text: string) => Promise<void>;
  readonly unplug: () => Promise<void>;
};

let folder: string;
const open: (() => Promise<void>)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cabintill-scanner-'));
});

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
  await rm(folder, { recursive: true, force: true });
});

/** A serial cable with the till's end at `path` and a scanner that can be typed at the other. */
async function plugIn(): Promise<Plug> {
  const path = join(folder, 'till');
  const far = join(folder, 'scanner');
  const socat = spawn('socat', ['-d', '-d', `pty,raw,echo=0,link=${path}`, `pty,raw,echo=0,link=${far}`]);
  const hasEnded = new Promise<void>((resolve) => {
    socat.once('close', () => {
      resolve();
    });
  });
  await new Promise<void>((resolve, reject) => {
    let log = '';
    socat.once('exit', () => {
      reject(new Error(log));
    });
    socat.stderr.on('data', (words: Buffer) => {
      log += words.toString();
      if (log.includes('starting data transfer loop')) resolve();
    });
  });
  const unplug = async (): Promise<void> => {
    socat.kill('SIGTERM');
    await hasEnded;
  };
  open.push(unplug);
  return { path, type: (text) => writeFile(far, text), unplug };
}

function listen(path: string): { scanner: SerialScanner; texts: string[]; states: ScannerState[] } {
  const texts: string[] = [];
  const states: ScannerState[] = [];
  const serialPorts = createSerialPorts();
  const scanner = createSerialScanner({
    target: { kind: 'serial', path, baud: 115_200 },
    serialPorts,
    onText: (text) => texts.push(text),
    onState: (state) => states.push(state),
    retryMs: [30],
  });
  open.push(async () => {
    await scanner.stop();
    await serialPorts.closeAll();
  });
  return { scanner, texts, states };
}

const until = (isReached: () => boolean): Promise<unknown> =>
  vi.waitUntil(isReached, { timeout: 10_000, interval: 10 });

describe('a scanner on a serial cable', () => {
  it('hands on whole texts, with or without a line end, and no noise', async () => {
    const { path, type } = await plugIn();
    const { scanner, texts } = listen(path);
    await until(() => scanner.state().kind === 'ready');
    await type('CP1:FIRST\r\nhello world\r\n');
    await until(() => texts.length === 1);
    await type('6901234567892');
    await until(() => texts.length === 2);
    expect(texts).toEqual(['CP1:FIRST', '6901234567892']);
  });

  it('survives a flood and hears the next code', async () => {
    const { path, type } = await plugIn();
    const { scanner, texts } = listen(path);
    await until(() => scanner.state().kind === 'ready');
    await type('CP1:'.padEnd(500_000, 'A'));
    await until(() => scanner.state().kind === 'ready');
    const typed = async (): Promise<boolean> => {
      await type('CO1:AFTER\r');
      return vi
        .waitUntil(() => texts.length > 0, { timeout: 300, interval: 10 })
        .then(() => true)
        .catch(() => false);
    };
    while (!(await typed()));
    expect(new Set(texts)).toEqual(new Set(['CO1:AFTER']));
  });

  it('that sends false codes without end is heard no oftener than a hand could scan', async () => {
    const { path, type } = await plugIn();
    const { scanner, texts } = listen(path);
    await until(() => scanner.state().kind === 'ready');
    await type('CP1:A\r'.repeat(20_000));
    await until(() => texts.length > 0);
    const typed = async (): Promise<boolean> => {
      await type('CO1:AFTER\r');
      return vi
        .waitUntil(() => texts.includes('CO1:AFTER'), { timeout: 300, interval: 10 })
        .then(() => true)
        .catch(() => false);
    };
    while (!(await typed()));
    expect(texts.length).toBeLessThan(100);
  });

  it('is found again after it was unplugged', async () => {
    const first = await plugIn();
    const { scanner, texts, states } = listen(first.path);
    await until(() => scanner.state().kind === 'ready');
    await first.unplug();
    await until(() => states.some(({ kind }) => kind === 'no-port'));
    expect(scanner.state()).toEqual({ kind: 'no-port', why: 'not-found' });
    const second = await plugIn();
    await until(() => scanner.state().kind === 'ready');
    await second.type('CP1:AGAIN\r');
    await until(() => texts.length === 1);
  });

  it('can be set, changed and taken away while the till runs', async () => {
    const { path } = await plugIn();
    const { scanner } = listen(path);
    await until(() => scanner.state().kind === 'ready');
    scanner.use({ kind: 'none' });
    await until(() => scanner.state().kind === 'not-set');
    scanner.use({ kind: 'serial', path: join(folder, 'nothing'), baud: 9600 });
    await until(() => scanner.state().kind === 'no-port');
    scanner.use({ kind: 'serial', path, baud: 9600 });
    await until(() => scanner.state().kind === 'ready');
  });
});
