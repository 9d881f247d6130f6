// Which slips were on their way to the printer, kept on disk: after a crash, nobody else can tell.
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';

const marksSchema = v.strictObject({
  v: v.literal(1),
  marks: v.array(
    v.strictObject({ seq: v.pipe(v.number(), v.safeInteger(), v.minValue(1)), copy: v.boolean() }),
  ),
});

/** A slip whose first byte may have gone out, and which is not known to be printed. */
export type InFlightMark = v.InferOutput<typeof marksSchema>['marks'][number];

export type InFlightStore = {
  /** `unreadable`: the file is there and makes no sense; no file is no mark. */
  readonly read: () => Promise<readonly InFlightMark[] | 'unreadable'>;
  /** Rejects when it could not be made durable. */
  readonly save: (marks: readonly InFlightMark[]) => Promise<void>;
};

const FILE_NAME = 'slips-in-flight.json';

/** @param dataDir the terminal's data folder; made when it is not there yet */
export function createInFlightStore(dataDir: string): InFlightStore {
  const path = join(dataDir, FILE_NAME);
  return {
    read: async () => {
      let text: string;
      try {
        text = await readFile(path, 'utf8');
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : 'unreadable';
      }
      try {
        const read = v.safeParse(marksSchema, JSON.parse(text));
        return read.success ? read.output.marks : 'unreadable';
      } catch {
        return 'unreadable';
      }
    },
    save: (marks) => replaceDurably(path, `${JSON.stringify({ v: 1, marks })}\n`),
  };
}

/** Old content or new, never half of one: temporary file, sync, rename, sync of the folder. */
async function replaceDurably(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  // Windows cannot sync a folder; its rename is durable with the journalling of NTFS.
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
