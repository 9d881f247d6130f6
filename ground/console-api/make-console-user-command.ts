import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { cannotRun } from '../command.ts';
import type { ConsoleRole } from '../database/tables.ts';
import type { GroundCommand } from '../on-ground.ts';
import { makeConsoleUser, type ConsoleUserProblem, type NewConsoleUser } from './console-users.ts';
import { PASSWORD_MIN_LENGTH } from './passwords.ts';

export const MAKE_CONSOLE_USER_USAGE =
  'make-console-user --name NAME --role finance|operations|viewer|administrator [--airline CODE] [--password-stdin]';

const OPTIONS = {
  name: { type: 'string' },
  role: { type: 'string' },
  airline: { type: 'string' },
  'password-stdin': { type: 'boolean', default: false },
} as const;

const ROLES: readonly ConsoleRole[] = ['finance', 'operations', 'viewer', 'administrator'];

const WHY: Readonly<Record<ConsoleUserProblem, string>> = {
  'bad-name': 'a name begins with a letter and has 2 to 40 of a-z, 0-9, dot and dash',
  'password-too-short': `a password has at least ${PASSWORD_MIN_LENGTH.toString()} characters`,
  'unknown-airline': 'there is no such airline',
};

/** Without `--password-stdin` it makes a password up and prints it, once. Without an airline: all of them. */
export const makeConsoleUserCommand: GroundCommand = async (ground, args) => {
  const user = await readArguments(args);
  if (user === null) return cannotRun(`usage: ${MAKE_CONSOLE_USER_USAGE}`);
  const made = await makeConsoleUser(ground, user);
  if (!made.ok) return cannotRun(WHY[made.error]);
  const { name, role, airline, password } = user;
  const shown = password === null ? { password: made.value.password } : {};
  return { exitCode: 0, stdout: `${JSON.stringify({ name, role, airline, ...shown })}\n`, stderr: '' };
};

async function readArguments(args: readonly string[]): Promise<NewConsoleUser | null> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const role = ROLES.find((known) => known === values.role);
  if (values.name === undefined || role === undefined) return null;
  const password = values['password-stdin'] ? (await text(process.stdin)).replace(/\r?\n$/, '') : null;
  return { name: values.name, role, airline: values.airline ?? null, password };
}
