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

  it('shuts a user out wherever they are signed in, until made again', async () => {
    const made = await run('--name', 'zhao.min', '--role', 'viewer', '--airline', '9C');
    const { password } = JSON.parse(made.stdout) as { password: string };
    const signedIn = await postSession(bench.app, 'zhao.min', password);
    const cookie = signedIn.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    expect((await bench.ask(cookie, 'flights')).statusCode).toBe(200);
    expect(await run('--name', 'zhao.min', '--disable')).toMatchObject({ exitCode: 0 });
    expect((await bench.ask(cookie, 'flights')).statusCode).toBe(401);
    expect((await postSession(bench.app, 'zhao.min', password)).statusCode).toBe(401);
    const again = await run('--name', 'zhao.min', '--role', 'viewer', '--airline', '9C');
    const next = JSON.parse(again.stdout) as { password: string };
    expect((await postSession(bench.app, 'zhao.min', next.password)).statusCode).toBe(200);
    const audit = await bench.ground.db
      .selectFrom('audit')
      .select('what')
      .where('who', '=', 'command')
      .execute();
    expect(audit.map(({ what }) => what)).toContain('console-user-disabled');
  });

  it.each([
    ['nobody of that name to shut out', ['--name', 'nobody', '--disable']],
    ['a role for somebody it shuts out', ['--name', 'li.na', '--disable', '--role', 'viewer']],
    ['an option it does not know', ['--nothing']],
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
