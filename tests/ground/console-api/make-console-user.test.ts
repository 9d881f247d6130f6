import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeConsoleUserCommand } from '../../../ground/console-api/make-console-user-command.ts';
import { openConsoleBench, postSession, type ConsoleBench } from './console-bench.ts';

let bench: ConsoleBench;

beforeAll(async () => {
  bench = await openConsoleBench();
});

afterAll(() => bench.close());

const run = (...args: readonly string[]) => makeConsoleUserCommand(bench.ground, args);

describe('make-console-user', () => {
  it('prints a password once with which one can sign in, and keeps none', async () => {
    const { exitCode, stdout } = await run('--name', 'li.na', '--role', 'finance', '--airline', '9C');
    const { password } = JSON.parse(stdout) as { password: string };
    expect(exitCode).toBe(0);
    expect((await postSession(bench.app, 'li.na', password)).statusCode).toBe(200);
    const kept = await bench.ground.db.selectFrom('console_user').selectAll().execute();
    expect(JSON.stringify(kept)).not.toContain(password);
  });

  it.each([
    ['no role of ours', ['--name', 'li.na', '--role', 'king']],
    ['no name', ['--role', 'finance']],
    ['a name with a blank', ['--name', 'li na', '--role', 'finance']],
    ['no such airline', ['--name', 'li.na', '--role', 'finance', '--airline', 'XX']],
  ])('cannot run with %s', async (_what, args) => {
    const { exitCode, stdout, stderr } = await run(...args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('error');
  });
});
