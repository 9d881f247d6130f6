import { SerialPortMock } from 'serialport';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createSerialPorts,
  type SerialBinding,
  type SerialStream,
} from '../../electron/serial/serial-ports.ts';
import { openVirtualPrinter } from '../support/virtual-printer/virtual-printer.ts';

// The mock's own types do not resolve in this package.
const mock = SerialPortMock.binding as unknown as { createPort(path: string): void; reset(): void };

const NOTHING = { onData: () => undefined, onClosed: () => undefined };

afterEach(() => {
  mock.reset();
});

const mockBinding: SerialBinding = {
  create: (options) => new SerialPortMock(options),
  list: () => SerialPortMock.list(),
};

/** A stream that fails to open with the words of one of the platforms. */
function failing(words: string): SerialBinding {
  const stream: SerialStream = {
    isOpen: false,
    open: (done) => {
      done(new Error(words));
    },
    write: () => false,
    flush: () => undefined,
    close: () => undefined,
    on: () => undefined,
  };
  return { create: () => stream, list: () => Promise.resolve([]) };
}

describe('opening a serial port', () => {
  it.each([
    ['Error: No such file or directory, cannot open /dev/ttyUSB0', 'not-found'],
    ['Opening COM3: File not found', 'not-found'],
    ['Error: Not a directory, cannot open /dev/null/x', 'not-found'],
    ['Error: Permission denied, cannot open /dev/ttyUSB0', 'no-permission'],
    ['Opening COM3: Access denied', 'busy'],
    ['Error Resource temporarily unavailable Cannot lock port', 'busy'],
    ['Error: Input/output error, cannot open /dev/ttyUSB0', 'other'],
  ] as const)('fails in words of the contract: %s', async (words, fault) => {
    expect(await createSerialPorts(failing(words)).open('x', 9600, NOTHING)).toEqual({
      ok: false,
      error: fault,
    });
  });

  it('works for a path no list shows', async () => {
    const device = await openVirtualPrinter({ cpl: 48 });
    const ports = createSerialPorts();
    expect((await ports.list()).map(({ path }) => path)).not.toContain(device.path);
    expect(await ports.open(device.path, 9600, NOTHING)).toMatchObject({ ok: true });
    await ports.closeAll();
    await device.close();
  });
});

describe('a system that cannot list its ports', () => {
  it('shows an empty list, and typed paths still open', async () => {
    mock.createPort('/dev/robot');
    const ports = createSerialPorts({
      ...mockBinding,
      list: () => Promise.reject(new Error('spawn udevadm ENOENT')),
    });
    expect(await ports.list()).toEqual([]);
    expect(await ports.open('/dev/robot', 9600, NOTHING)).toMatchObject({ ok: true });
    await ports.closeAll();
  });
});

describe('an open serial port', () => {
  it('is closed once, however often it is told so', async () => {
    mock.createPort('/dev/robot');
    let closings = 0;
    const opened = await createSerialPorts(mockBinding).open('/dev/robot', 9600, {
      onData: () => undefined,
      onClosed: () => {
        closings += 1;
      },
    });
    if (!opened.ok) throw new Error(opened.error);
    await Promise.all([opened.value.close(), opened.value.close()]);
    await opened.value.close();
    expect(closings).toBe(1);
  });

  it('answers a write after its end at once', async () => {
    mock.createPort('/dev/robot');
    const ports = createSerialPorts(mockBinding);
    const opened = await ports.open('/dev/robot', 9600, NOTHING);
    if (!opened.ok) throw new Error(opened.error);
    expect(await opened.value.write(Uint8Array.of(1))).toBe(true);
    await ports.closeAll();
    expect(await opened.value.write(Uint8Array.of(1))).toBe(false);
  });

  it('can be opened again after all were closed', async () => {
    const device = await openVirtualPrinter({ cpl: 48 });
    const ports = createSerialPorts();
    for (let i = 0; i < 3; i += 1) {
      expect(await ports.open(device.path, 9600, NOTHING)).toMatchObject({ ok: true });
      expect(await ports.open(device.path, 9600, NOTHING)).toEqual({ ok: false, error: 'busy' });
      await ports.closeAll();
    }
    await device.close();
  });
});
