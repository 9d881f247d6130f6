// `test` with tills and printers that are closed again, also when the test fails.
import { test as base } from '@playwright/test';
import {
  openVirtualPrinter,
  type VirtualPrinter,
  type VirtualPrinterOptions,
} from '../support/virtual-printer/virtual-printer.ts';
import { openWindowTill, type WindowTill, type WindowTillOptions } from '../support/window-till.ts';
import { openToOrdinaryUser } from '../../build/launch.mjs';

type Fixtures = {
  readonly openTill: (options?: WindowTillOptions) => Promise<WindowTill>;
  /** On a serial path, with 80 mm paper if not said otherwise. */
  readonly openPrinter: (options?: Partial<VirtualPrinterOptions>) => Promise<VirtualPrinter>;
};

export const test = base.extend<Fixtures>({
  // Playwright wants an object pattern here, also where no other fixture is needed.
  openTill: async ({}, use) => {
    const opened: WindowTill[] = [];
    await use(async (options) => {
      const till = await openWindowTill(options);
      opened.push(till);
      return till;
    });
    for (const till of opened.reverse()) await till.close().catch(() => undefined);
  },
  openPrinter: async ({}, use) => {
    const opened: VirtualPrinter[] = [];
    await use(async (options = {}) => {
      const printer = await openVirtualPrinter({ cpl: 48, ...options });
      openToOrdinaryUser(printer.address);
      opened.push(printer);
      return printer;
    });
    for (const printer of opened) await printer.close();
  },
});

export { expect } from '@playwright/test';
