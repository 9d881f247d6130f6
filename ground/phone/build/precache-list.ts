// Writes into the built service worker which files make up this build and what each must hash to.
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';

const WORKER = 'service-worker.js';
/** The name the worker's source declares; bundlers leave global names alone. */
const PLACEHOLDER = 'PRECACHE_LIST';

export function precacheList(outFolder: string): Plugin {
  return {
    name: 'precache-list',
    apply: 'build',
    closeBundle: {
      order: 'post',
      async handler() {
        const names = await listFiles(outFolder);
        const files = await Promise.all(
          names
            .filter((name) => name !== WORKER)
            .map(async (name) => [name, sha256(await readFile(join(outFolder, name)))] as const),
        );
        const workerPath = join(outFolder, WORKER);
        const source = await readFile(workerPath, 'utf8');
        if (/^\s*(import|export)\b/m.test(source) || !source.includes(PLACEHOLDER)) {
          throw new Error('the service worker must be a script of its own with a place for the list');
        }
        await writeFile(workerPath, source.replaceAll(PLACEHOLDER, JSON.stringify(files)));
      },
    },
  };
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}
