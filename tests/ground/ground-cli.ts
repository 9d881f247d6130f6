// Runs the ground's command line as a person does: another process, real files, stdout and exit code.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll } from 'vitest';

export type CliRun = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

export async function runGround(...args: readonly string[]): Promise<CliRun> {
  return await runGroundWith('', ...args);
}

/** With something on standard input. */
export async function runGroundWith(input: string, ...args: readonly string[]): Promise<CliRun> {
  const child = spawn(
    process.execPath,
    ['--import', loader, join(projectRoot, 'ground', 'main.ts'), ...args],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  // One that ends before it has read all of it is nothing wrong here.
  child.stdin.on('error', () => undefined).end(input);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exitCode = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  return { exitCode, stdout, stderr };
}

/** A folder of its own for each test file, removed after it. */
export async function makeTempFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cabintill-ground-'));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
