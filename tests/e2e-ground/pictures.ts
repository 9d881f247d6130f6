// Where the tests leave pictures of ground's pages, for eyes to look at: `npm run screens` says its own folder.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

const FALLBACK = resolve(import.meta.dirname, '../../test-results');

export function picturesFolder(pages: 'phone' | 'console'): string {
  const folder = join(process.env['CABINTILL_SCREENS'] ?? FALLBACK, pages);
  mkdirSync(folder, { recursive: true });
  return folder;
}
