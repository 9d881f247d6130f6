import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { DEFAULT_SETTINGS, settingsSchema, type Settings } from '../../bridge/settings.ts';
import { replaceFile } from '../storage/replace-file.ts';

const NAME = 'settings.json';

/** The settings of this terminal; a missing or damaged file means the defaults, never a till that does not start. */
export function readSettings(dir: string): Settings {
  try {
    const parsed = v.safeParse(settingsSchema, JSON.parse(readFileSync(join(dir, NAME), 'utf8')));
    return parsed.success ? parsed.output : DEFAULT_SETTINGS;
  } catch {
    return DEFAULT_SETTINGS;
  }
}

/** Rejects with the system's error when the folder cannot be written. */
export async function writeSettings(dir: string, settings: Settings): Promise<void> {
  await replaceFile(join(dir, NAME), `${JSON.stringify(settings, null, 2)}\n`);
}
