// @vitest-environment happy-dom
// First of all: Dexie looks for IndexedDB while it is loaded.
import 'fake-indexeddb/auto';
import { fireEvent, screen, waitFor } from '@testing-library/vue';
import { describe, expect, it } from 'vitest';
import { tap, withPassenger } from '../support/crew-hands.ts';
import { devicesWith, openTestWindow } from '../support/open-screen.ts';

describe('the device bar', () => {
  it('follows the printer and asks about a slip that was cut short', async () => {
    const { window } = await withPassenger();
    const waitingSlips = [{ seq: 9, seat: '12C', copy: false, isUncertain: true }];
    window.push('devices', devicesWith({ printer: { kind: 'paper-out' }, waitingSlips }));
    await waitFor(() => {
      expect(screen.getByTestId('device-printer').dataset['state']).toBe('paper-out');
    });
    expect(screen.getByTestId('device-printer').textContent).toContain('缺纸');
    await tap('device-slips');
    await tap('came-out-9');
    await waitFor(() => {
      expect(window.calls).toContain('resolvePrint');
    });
  });

  it('knows what a device said after the till was open and before there was a bar', async () => {
    const window = await openTestWindow();
    window.push('devices', devicesWith({ scanner: { kind: 'no-port', why: 'busy' } }));
    window.show();
    expect((await screen.findByTestId('device-scanner')).textContent).toContain('扫码枪被占用');
  });

  it('says on every screen that a demo flight is one', async () => {
    const window = await openTestWindow();
    window.show();
    for (const place of ['sell', 'bills', 'flight', 'devices']) {
      await tap(`nav-${place}`);
      expect(screen.getByTestId('demo-mark').textContent).toBe('演示');
    }
  });
});

describe('the devices screen', () => {
  async function openDevices(): Promise<Awaited<ReturnType<typeof openTestWindow>>> {
    const window = await openTestWindow();
    window.show();
    await tap('nav-devices');
    return window;
  }

  async function type(testId: string, text: string): Promise<void> {
    await fireEvent.update(await screen.findByTestId(testId), text);
  }

  const save = (): HTMLButtonElement => screen.getByTestId<HTMLButtonElement>('save-settings');

  it('sets a printer by its path, and says that it is saved', async () => {
    const { main } = await openDevices();
    await tap('printer-kind-serial');
    expect(save().disabled).toBe(true);
    await type('printer-path', '/dev/pts/no-such-port');
    await tap('printer-paper-80');
    await tap('save-settings');
    await waitFor(() => {
      expect(screen.getByTestId('settings-status').textContent).toBe('已保存');
    });
    const answer = await main.call.start({ ledger: null });
    expect(answer).toMatchObject({
      settings: { printer: { kind: 'serial', path: '/dev/pts/no-such-port', baud: 115_200, paperMm: 80 } },
    });
  });

  it('does not save an address that is none', async () => {
    await openDevices();
    await tap('printer-kind-tcp');
    await type('printer-host', '10.0.0.9');
    expect(save().disabled).toBe(false);
    await type('printer-port', '99999');
    expect(save().disabled).toBe(true);
  });

  it('keeps what was typed when the kind is switched forth and back', async () => {
    await openDevices();
    await tap('printer-kind-tcp');
    await type('printer-host', '10.0.0.9');
    await tap('printer-kind-none');
    await tap('printer-kind-tcp');
    expect(screen.getByTestId<HTMLInputElement>('printer-host').value).toBe('10.0.0.9');
  });

  it('switches language and theme at once and remembers them', async () => {
    const { main } = await openDevices();
    await tap('theme-toggle');
    await tap('language-toggle');
    expect(document.documentElement.dataset).toMatchObject({ theme: 'day', lang: 'en' });
    expect(document.documentElement.lang).toBe('en');
    await waitFor(async () => {
      expect(await main.call.start({ ledger: null })).toMatchObject({
        settings: { theme: 'day', language: 'en' },
      });
    });
  });
});
