import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import * as esc from './escpos-bytes.ts';
import { sampleSlip } from './sample-slip.ts';
import { openSerialTill } from './till-line.ts';

const PROGRAM = join(import.meta.dirname, '../support/virtual-printer/main.ts');
const TSX = createRequire(import.meta.url).resolve('tsx/cli');

let folder: string | undefined;

afterEach(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true });
  folder = undefined;
});

type Program = {
  readonly saw: (pattern: RegExp) => Promise<string>;
  readonly type: (line: string) => void;
  readonly ended: Promise<number | null>;
};

function start(args: readonly string[]): Program {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [TSX, PROGRAM, ...args]);
  let output = '';
  let wake: (() => void) | undefined;
  const collect = (text: Buffer): void => {
    output += text.toString('utf8');
    wake?.();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  return {
    type: (line) => child.stdin.write(`${line}\n`),
    ended: new Promise((resolve) => {
      child.once('close', resolve);
    }),
    async saw(pattern) {
      for (;;) {
        const found = pattern.exec(output);
        if (found !== null) return found[1] ?? found[0];
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

it('prints its path, obeys what is typed and saves each slip as bytes, text and picture', async () => {
  folder = await mkdtemp(join(tmpdir(), 'cabintill-slips-'));
  const program = start(['--cpl', '48', '--out', folder]);
  const till = await openSerialTill(await program.saw(/^(\/\S+)\n/));
  program.type('paper low');
  await program.saw(/paper near-end/);
  expect(await till.ask(esc.realTimeStatus(4))).toEqual([0x1e]);
  program.type('cover open');
  await program.saw(/offline/);
  till.write(sampleSlip(48));
  program.type('cover closed');
  await program.saw(/saved \S+001/);
  program.type('dance');
  await program.saw(/fault none \| cutter/);
  await till.close();
  program.type('quit');
  expect(await program.ended).toBe(0);
  expect((await readdir(folder)).sort()).toEqual(['001.bin', '001.png', '001.txt']);
  expect((await readFile(join(folder, '001.bin'))).equals(sampleSlip(48))).toBe(true);
  expect(await readFile(join(folder, '001.txt'), 'utf8')).toContain('春秋航空');
});

it('refuses a paper width it does not have', async () => {
  const program = start(['--cpl', '50']);
  await program.saw(/usage: npm run virtual-printer/);
  expect(await program.ended).toBe(2);
});
