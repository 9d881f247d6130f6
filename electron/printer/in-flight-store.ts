// Which slips were on their way to the printer, kept on disk: after a crash, nobody else can tell.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { replaceFile } from '../storage/replace-file.ts';

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
    save: (marks) => replaceFile(path, `${JSON.stringify({ v: 1, marks })}\n`),
  };
}
