import { join } from 'node:path';
import type { Page } from '@playwright/test';

/** Takes a numbered picture of the window: `03-basket.png`. */
export type Photographer = (name: string) => Promise<void>;

export function createPhotographer(page: Page, folder: string): Photographer {
  let count = 0;
  return async (name) => {
    count += 1;
    const path = join(folder, `${count.toString().padStart(2, '0')}-${name}.png`);
    // A sweep or a fade caught half-way is no state anyone has to read.
    await page.screenshot({ path, animations: 'disabled' });
  };
}
