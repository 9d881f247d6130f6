import { join } from 'node:path';
import type { Page } from '@playwright/test';

/** Takes a numbered picture of the window: `03-basket.png`. */
export type Photographer = (name: string) => Promise<void>;

export function createPhotographer(page: Page, folder: string): Photographer {
  let count = 0;
  return async (name) => {
    count += 1;
    await page.screenshot({ path: join(folder, `${count.toString().padStart(2, '0')}-${name}.png`) });
  };
}
