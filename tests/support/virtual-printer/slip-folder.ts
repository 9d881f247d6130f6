/** Keeps slips as files: `001.bin` the bytes, `001.txt` the text, `001.png` the picture. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderSlip } from './render-slip.ts';
import { renderText } from './render-text.ts';
import type { Slip } from './split-slips.ts';

type SlipFolder = {
  /** Writes one slip under the next free number; slips are written one after another. Answers the path without ending. */
  readonly save: (slip: Slip) => Promise<string>;
};

async function highestNumber(folder: string): Promise<number> {
  const numbers = (await readdir(folder)).map((name) => /^(\d+)\.bin$/.exec(name)?.[1] ?? '0');
  return Math.max(0, ...numbers.map(Number));
}

/** Creates the folder if need be; numbers go on behind the highest one already there. */
export async function openSlipFolder(folder: string): Promise<SlipFolder> {
  await mkdir(folder, { recursive: true });
  let number = await highestNumber(folder);
  let lastWrite: Promise<unknown> = Promise.resolve();

  async function write(slip: Slip, stem: string): Promise<string> {
    await writeFile(`${stem}.bin`, slip.raw);
    await writeFile(`${stem}.txt`, renderText(slip.doc));
    await writeFile(`${stem}.png`, await renderSlip(slip.doc));
    return stem;
  }

  return {
    save(slip) {
      number += 1;
      const stem = join(folder, String(number).padStart(3, '0'));
      const written = lastWrite.then(() => write(slip, stem));
      lastWrite = written.catch(() => undefined);
      return written;
    },
  };
}
