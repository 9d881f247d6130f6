// Who may sign in. Users are made on ground's own machine (`make-console-user`), never over the network.
import { randomBytes } from 'node:crypto';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { ConsoleRole } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import { noteInAudit } from './audit.ts';
import { hashPassword, PASSWORD_MIN_LENGTH } from './passwords.ts';

export type NewConsoleUser = {
  readonly name: string;
  readonly role: ConsoleRole;
  /** Null: all airlines. */
  readonly airline: string | null;
  /** Null: one is made up and told once. */
  readonly password: string | null;
};

export type ConsoleUserProblem = 'bad-name' | 'password-too-short' | 'unknown-airline';

const NAME = /^[a-z][a-z0-9.-]{1,39}$/;

/** Makes a user, or gives one that is there a new password and role; whoever is signed in with it is signed out. */
export async function makeConsoleUser(
  ground: Pick<Ground, 'db' | 'nowMs'>,
  user: NewConsoleUser,
): Promise<Result<{ readonly password: string }, ConsoleUserProblem>> {
  const { name, role, airline } = user;
  const password = user.password ?? randomBytes(15).toString('base64url');
  if (!NAME.test(name)) return fail('bad-name');
  if (password.length < PASSWORD_MIN_LENGTH) return fail('password-too-short');
  if (airline !== null && !(await isAirline(ground, airline))) return fail('unknown-airline');
  const values = {
    airline,
    role,
    password: JSON.stringify(await hashPassword(password)),
    failed_attempts: 0,
    locked_until_ms: null,
    disabled_at_ms: null,
  };
  await ground.db
    .insertInto('console_user')
    .values({ name, ...values })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
    .execute();
  await ground.db.deleteFrom('console_session').where('name', '=', name).execute();
  await noteInAudit(ground, { who: 'command', airline, what: 'console-user-made', detail: { name, role } });
  return ok({ password });
}

/** Shuts a user out: signed out wherever they are, and no sign-in any more. Making the user again lets them back in. */
export async function disableConsoleUser(
  ground: Pick<Ground, 'db' | 'nowMs'>,
  name: string,
): Promise<Result<null, 'unknown-user'>> {
  const user = await ground.db
    .updateTable('console_user')
    .set({ disabled_at_ms: ground.nowMs() })
    .where('name', '=', name)
    .returning('airline')
    .executeTakeFirst();
  if (user === undefined) return fail('unknown-user');
  await ground.db.deleteFrom('console_session').where('name', '=', name).execute();
  const { airline } = user;
  await noteInAudit(ground, { who: 'command', airline, what: 'console-user-disabled', detail: { name } });
  return ok(null);
}

async function isAirline({ db }: Pick<Ground, 'db'>, airline: string): Promise<boolean> {
  const found = await db
    .selectFrom('airline')
    .select('airline')
    .where('airline', '=', airline)
    .executeTakeFirst();
  return found !== undefined;
}
