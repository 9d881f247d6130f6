import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { cannotRun, describeError, type CommandResult } from '../command.ts';
import type { ConsoleRole } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import type { GroundCommand } from '../on-ground.ts';
import { USAGES } from '../usages.ts';
import {
  disableConsoleUser,
  makeConsoleUser,
  type ConsoleUserProblem,
  type NewConsoleUser,
} from './console-users.ts';
import { PASSWORD_MIN_LENGTH } from './passwords.ts';

const OPTIONS = {
  name: { type: 'string' },
  role: { type: 'string' },
  airline: { type: 'string' },
  'password-stdin': { type: 'boolean', default: false },
  disable: { type: 'boolean', default: false },
} as const;

const ROLES: readonly ConsoleRole[] = ['finance', 'operations', 'viewer', 'administrator'];

const WHY: Readonly<Record<ConsoleUserProblem, string>> = {
  'bad-name': 'a name begins with a letter and has 2 to 40 of a-z, 0-9, dot and dash',
  'password-too-short': `a password has at least ${PASSWORD_MIN_LENGTH.toString()} characters`,
  'unknown-airline': 'there is no such airline',
};

type Asked = { readonly disable: string } | { readonly make: NewConsoleUser };

/**
 * Without `--password-stdin` it makes a password up and prints it, once. Without an airline: all of them. With `--disable`
 * the user is signed out and cannot sign in until made again.
 */
export const makeConsoleUserCommand: GroundCommand = async (ground, args) => {
  try {
    const asked = await readArguments(args);
    if (asked === null) return cannotRun(`usage: ${USAGES['make-console-user']}`);
    return 'disable' in asked ? await disable(ground, asked.disable) : await make(ground, asked.make);
  } catch (error) {
    return cannotRun(describeError(error));
  }
};

async function make(ground: Ground, user: NewConsoleUser): Promise<CommandResult> {
  const made = await makeConsoleUser(ground, user);
  if (!made.ok) return cannotRun(WHY[made.error]);
  const { name, role, airline, password } = user;
  return done({ name, role, airline, ...(password === null ? { password: made.value.password } : {}) });
}

async function disable(ground: Ground, name: string): Promise<CommandResult> {
  const disabled = await disableConsoleUser(ground, name);
  return disabled.ok ? done({ name, disabled: true }) : cannotRun(`there is no user '${name}'`);
}

function done(answer: object): CommandResult {
  return { exitCode: 0, stdout: `${JSON.stringify(answer)}\n`, stderr: '' };
}

async function readArguments(args: readonly string[]): Promise<Asked | null> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const { name, airline, 'password-stdin': isOnStdin } = values;
  if (name === undefined) return null;
  if (values.disable)
    return values.role === undefined && airline === undefined && !isOnStdin ? { disable: name } : null;
  const role = ROLES.find((known) => known === values.role);
  if (role === undefined) return null;
  const password = isOnStdin ? (await text(process.stdin)).replace(/\r?\n$/, '') : null;
  return { make: { name, role, airline: airline ?? null, password } };
}
