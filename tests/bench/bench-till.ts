import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../../bridge/settings.ts';
import { makeDemo } from '../../ground/demo/make-demo.ts';
import { openWindowTill, type WindowTill } from '../support/window-till.ts';
import { writeJournal, type Sold } from './bench-journal.ts';

const REBUILT_WITHIN_MS = 300_000;

type Start = { readonly sold?: Sold; readonly settings?: Partial<Settings> };

/** A till on a flight of its own, ready to sell; with `sold` one that has sold that much already. */
export async function withTill<T>(
  { sold, settings = {} }: Start,
  use: (till: WindowTill) => Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'cabintill-bench-'));
  try {
    const made = await makeDemo({ out: dir, nowMs: Date.now() });
    if (!made.ok) throw new Error(made.error);
    if (sold !== undefined) await writeJournal(dir, sold);
    const till = await openWindowTill({ dir, settings, isReady: false });
    try {
      await till.page.getByTestId('scan-state').waitFor({ timeout: REBUILT_WITHIN_MS });
      // A journal without a ledger: the till says that it has rebuilt it.
      if (sold !== undefined) await till.page.getByTestId('dismiss-notices').click();
      return await use(till);
    } finally {
      await till.close();
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
