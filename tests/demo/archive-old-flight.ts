import { existsSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** Moves a flight played before into `old-<time>`: a demo plays from a fresh folder, and a till's data is never deleted. */
export async function archiveOldFlight(out: string): Promise<void> {
  if (!existsSync(join(out, 'demo.json'))) return;
  const folder = join(out, `old-${Date.now().toString()}`);
  const names = (await readdir(out)).filter((name) => !name.startsWith('old-'));
  await mkdir(folder);
  for (const name of names) await rename(join(out, name), join(folder, name));
}
