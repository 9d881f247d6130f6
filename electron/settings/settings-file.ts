import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { DEFAULT_SETTINGS, settingsSchema, type Settings } from '../../bridge/settings.ts';
import { syncDirectory } from '../journal/journal-files.ts';
import * as fs from 'node:fs';

/** Writes a small file so that after a power cut either the old or the new content is there, never half of it. */
export function replaceFile(dir: string, name: string, content: string): void {
  const temporary = join(dir, `${name}.part`);
  const fd = openSync(temporary, 'w', 0o600);
  try {
    writeFileSync(fd, content);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, join(dir, name));
  syncDirectory(fs, dir);
}

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

/** Throws the system's error when the folder cannot be written. */
export function writeSettings(dir: string, settings: Settings): void {
  replaceFile(dir, NAME, `${JSON.stringify(settings, null, 2)}\n`);
}
