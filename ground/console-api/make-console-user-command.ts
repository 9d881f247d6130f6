import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { cannotRun, describeError, type Command, type CommandResult } from '../command.ts';
import type { ConsoleRole } from '../database/tables.ts';
import { openGround } from '../server/open-ground.ts';
import { createLog } from '../server/log.ts';
import { readMasterKey } from '../secrets/master-key.ts';
import { makeConsoleUser, type ConsoleUserProblem, type NewConsoleUser } from './console-users.ts';
import { PASSWORD_MIN_LENGTH } from './passwords.ts';

export const MAKE_CONSOLE_USER_USAGE =
  'make-console-user --name NAME --role finance|operations|viewer|administrator [--airline CODE] [--password-stdin] [--data DIR] [--database-url URL]';

const OPTIONS = {
  name: { type: 'string' },
  role: { type: 'string' },
  airline: { type: 'string' },
  'password-stdin': { type: 'boolean', default: false },
  data: { type: 'string', default: '.ground' },
  'database-url': { type: 'string' },
} as const;

const ROLES: readonly ConsoleRole[] = ['finance', 'operations', 'viewer', 'administrator'];

const WHY: Readonly<Record<ConsoleUserProblem, string>> = {
  'bad-name': 'a name begins with a letter and has 2 to 40 of a-z, 0-9, dot and dash',
  'password-too-short': `a password has at least ${PASSWORD_MIN_LENGTH.toString()} characters`,
  'unknown-airline': 'there is no such airline',
};

type Asked = {
  readonly user: NewConsoleUser;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
};

/** Without a password on its standard input it makes one up and prints it, once. */
export const makeConsoleUserCommand: Command = async (args) => {
  try {
    const asked = await readArguments(args);
    if (asked === null) return cannotRun(`usage: ${MAKE_CONSOLE_USER_USAGE}`);
    return await makeIn(asked);
  } catch (error) {
    return cannotRun(describeError(error));
  }
};

async function readArguments(args: readonly string[]): Promise<Asked | null> {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const role = ROLES.find((known) => known === values.role);
  if (values.name === undefined || role === undefined) return null;
  const password = values['password-stdin'] ? (await text(process.stdin)).replace(/\r?\n$/, '') : null;
  return {
    user: { name: values.name, role, airline: values.airline ?? null, password },
    dataDir: resolve(values.data),
    databaseUrl: values['database-url'] ?? null,
  };
}

async function makeIn({ user, dataDir, databaseUrl }: Asked): Promise<CommandResult> {
  const masterKey = await readMasterKey(dataDir, process.env);
  if (!masterKey.ok) return cannotRun(`master key: ${masterKey.error.kind} (${masterKey.error.where})`);
  const opened = await openGround({
    database:
      databaseUrl === null
        ? { kind: 'embedded', dir: join(dataDir, 'database') }
        : { kind: 'postgres', url: databaseUrl },
    // It receives no batches.
    spoolFolder: null,
    masterKey: masterKey.value,
    publicAddress: 'http://localhost',
    nowMs: Date.now,
    log: createLog(),
  });
  if (!opened.ok) return cannotRun(opened.error.kind);
  try {
    const made = await makeConsoleUser(opened.value.ground, user);
    if (!made.ok) return cannotRun(WHY[made.error]);
    const { name, role, airline, password } = user;
    const shown = password === null ? { password: made.value.password } : {};
    return { exitCode: 0, stdout: `${JSON.stringify({ name, role, airline, ...shown })}\n`, stderr: '' };
  } finally {
    await opened.value.close();
  }
}
