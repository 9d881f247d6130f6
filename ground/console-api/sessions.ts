// Who is signed in to the console. A session is a random cookie; the database knows only its SHA-256.
import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { ConsoleRole } from '../database/tables.ts';
import type { Ground } from '../ground.ts';
import type { ConsoleProblem } from '../web/console-api.ts';
import { isPassword } from './passwords.ts';
import { noteInAudit } from './audit.ts';

export type ConsoleUser = {
  readonly name: string;
  readonly role: ConsoleRole;
  /** Null: all airlines. */
  readonly airline: string | null;
};

export const SESSION_MS = 8 * 3_600_000;
export const IDLE_MS = 30 * 60_000;
/** The idle limit is written back only when it has moved this far: not one write per request. */
const TOUCH_MS = 60_000;

const WRONG_BEFORE_PAUSE = 5;
const PAUSE_MS = 30_000;
const WRONG_BEFORE_LOCK = 10;
const LOCK_MS = 15 * 60_000;

type Desk = Pick<Ground, 'db' | 'nowMs'>;

/** The session's secret for the cookie. `locked` says in `why` how many seconds to wait. */
export async function signIn(
  ground: Desk,
  asked: { readonly name: string; readonly password: string },
): Promise<Result<{ readonly token: string; readonly user: ConsoleUser }, ConsoleProblem>> {
  const { db, nowMs } = ground;
  const found = await db
    .selectFrom('console_user')
    .selectAll()
    .where('name', '=', asked.name)
    .executeTakeFirst();
  const lockedUntil = found?.locked_until_ms ?? 0;
  if (lockedUntil > nowMs()) return fail(lockedFor(lockedUntil - nowMs()));
  const user = found?.disabled_at_ms === null ? found : null;
  if (!(await isPassword(asked.password, user?.password ?? null)) || user === null)
    return fail(await countWrong(ground, asked.name));
  await db
    .updateTable('console_user')
    .set({ failed_attempts: 0, locked_until_ms: null })
    .where('name', '=', user.name)
    .execute();
  const signedIn = { name: user.name, role: user.role, airline: user.airline };
  const token = randomBytes(32).toString('base64url');
  const now = nowMs();
  await db.deleteFrom('console_session').where('expires_at_ms', '<', now).execute();
  await db
    .insertInto('console_session')
    .values({
      token_hash: hashOf(token),
      name: user.name,
      created_at_ms: now,
      expires_at_ms: now + IDLE_MS,
    })
    .execute();
  await noteInAudit(ground, { who: user.name, airline: user.airline, what: 'sign-in', detail: null });
  return ok({ token, user: signedIn });
}

/** Counted in the database, so that guesses side by side all count. */
async function countWrong(ground: Desk, name: string): Promise<ConsoleProblem> {
  const counted = await ground.db
    .updateTable('console_user')
    .set({ failed_attempts: sql<number>`failed_attempts + 1` })
    .where('name', '=', name)
    .returning(['failed_attempts', 'airline'])
    .executeTakeFirst();
  if (counted === undefined) return { kind: 'wrong-password' };
  const wrong = counted.failed_attempts;
  const pause = wrong >= WRONG_BEFORE_LOCK ? LOCK_MS : wrong >= WRONG_BEFORE_PAUSE ? PAUSE_MS : 0;
  await noteInAudit(ground, {
    who: name,
    airline: counted.airline,
    what: 'wrong-password',
    detail: { inARow: wrong },
  });
  if (pause === 0) return { kind: 'wrong-password' };
  await ground.db
    .updateTable('console_user')
    .set({ locked_until_ms: ground.nowMs() + pause })
    .where('name', '=', name)
    .execute();
  return lockedFor(pause);
}

function lockedFor(ms: number): ConsoleProblem {
  return { kind: 'locked', why: Math.ceil(ms / 1000).toString() };
}

/** The user of a cookie, or null: unknown, eight hours old, thirty minutes idle, or a user disabled since. */
export async function userOf({ db, nowMs }: Desk, token: string | undefined): Promise<ConsoleUser | null> {
  if (token === undefined || token.length > 100) return null;
  const token_hash = hashOf(token);
  const now = nowMs();
  const session = await db
    .selectFrom('console_session')
    .innerJoin('console_user', 'console_user.name', 'console_session.name')
    .select(['console_user.name', 'role', 'airline', 'created_at_ms', 'expires_at_ms'])
    .where('token_hash', '=', token_hash)
    .where('expires_at_ms', '>', now)
    .where('created_at_ms', '>', now - SESSION_MS)
    .where('disabled_at_ms', 'is', null)
    .executeTakeFirst();
  if (session === undefined) return null;
  const expires = Math.min(session.created_at_ms + SESSION_MS, now + IDLE_MS);
  if (expires - session.expires_at_ms > TOUCH_MS)
    await db
      .updateTable('console_session')
      .set({ expires_at_ms: expires })
      .where('token_hash', '=', token_hash)
      .execute();
  return { name: session.name, role: session.role, airline: session.airline };
}

export async function signOut(ground: Desk, token: string | undefined, user: ConsoleUser): Promise<void> {
  if (token === undefined) return;
  await ground.db.deleteFrom('console_session').where('token_hash', '=', hashOf(token)).execute();
  await noteInAudit(ground, { who: user.name, airline: user.airline, what: 'sign-out', detail: null });
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
