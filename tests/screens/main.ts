// `npm run screens -- --out DIR [--only zh-night-landscape]`: a picture of every screen and state, in both languages,
// themes and orientations, from the real app.
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Settings } from '../../bridge/settings.ts';
import type { Look } from './scene.ts';
import { playStory } from './story.ts';

const SIZES = { landscape: '1280x800', portrait: '800x1280' } as const;

function allLooks(): readonly Look[] {
  const languages: readonly Settings['language'][] = ['zh', 'en'];
  const themes: readonly Settings['theme'][] = ['night', 'day'];
  return languages.flatMap((language) =>
    themes.flatMap((theme) =>
      (['landscape', 'portrait'] as const).map((orientation) => ({
        name: `${language}-${theme}-${orientation}`,
        language,
        theme,
        size: SIZES[orientation],
      })),
    ),
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string' }, only: { type: 'string' } } });
  const out = resolve(values.out ?? 'screens-out');
  for (const look of allLooks()) {
    if (values.only !== undefined && look.name !== values.only) continue;
    const folder = join(out, look.name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const count = await playStory(look, folder);
    process.stdout.write(`${look.name}: ${count.toString()} pictures\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
