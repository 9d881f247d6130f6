// No command is orphaned: whatever is called a command under ground/ can be called by its name.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../ground/command-list.ts';
import { openTestGround } from '../support/test-ground.ts';
import { projectRoot, runGround } from './ground-cli.ts';

const { ground, close } = await openTestGround();
afterAll(close);

const names = Object.keys(COMMANDS);

/** `ground/…/x.ts` and each `…Command` it exports, without the pages that run in browsers. */
function exportedCommands(): readonly (readonly [file: string, name: string])[] {
  const folder = join(projectRoot, 'ground');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/^(phone|console)[\\/]/.test(file),
  );
  return files.flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    return [...text.matchAll(/^export (?:const|async function|function) (\w+Command)\b/gm)].map(
      ([, name = '']) => [file, name] as const,
    );
  });
}

async function load(name: string): Promise<unknown> {
  const entry = COMMANDS[name];
  if (entry === undefined) return null;
  return 'load' in entry ? await entry.load() : await entry.loadOnGround();
}

describe('the commands of ground', () => {
  it('are all of those in its source, each under one name', async () => {
    const exported = exportedCommands();
    expect(exported.length).toBeGreaterThan(20);
    const sources = await Promise.all(
      exported.map(async ([file, name]) => {
        const module = (await import(join(projectRoot, 'ground', file))) as Record<string, unknown>;
        return [name, module[name]] as const;
      }),
    );
    const listed = new Map(await Promise.all(names.map(async (name) => [await load(name), name] as const)));
    expect(sources.filter(([, command]) => !listed.has(command)).map(([name]) => name)).toEqual([]);
    expect(listed.size).toBe(names.length);
  });

  it.each(names)('%s says so where it does not know an option, and does nothing', async (name) => {
    const entry = COMMANDS[name];
    if (entry === undefined) throw new Error('no command');
    const args = ['--no-such-option'];
    const run =
      'load' in entry ? await (await entry.load())(args) : await (await entry.loadOnGround())(ground, args);
    expect([run.exitCode, run.stdout]).toEqual([2, '']);
    expect(JSON.parse(run.stderr)).toHaveProperty('error');
  });

  it.each(names)('%s is described by how it is called', (name) => {
    expect(COMMANDS[name]?.usage.split(' ')[0]).toBe(name);
    expect(COMMANDS[name]?.what).not.toBe('');
  });

  it('a question opens nothing: --help answers how a command is called, and exit code 2', async () => {
    const asked = await runGround('save-crew', '--help');
    expect(asked).toMatchObject({ exitCode: 2, stdout: '' });
    expect(asked.stderr).toContain('usage: save-crew --airline CODE FILE.json');
    const whole = await runGround('--help');
    expect(whole.exitCode).toBe(0);
    for (const name of names) expect(whole.stdout).toContain(`  ${name} `);
  });
});
