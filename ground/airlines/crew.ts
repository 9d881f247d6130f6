// Crew on record: who may sell, and the PIN by which a terminal knows them (trust.md 3.7).
import { randomBytes, scrypt } from 'node:crypto';
import * as v from 'valibot';
import { encodeBase64url } from '../../domain/encoding/base64url.ts';
import { crewSchema, type CrewMember } from '../../domain/flight-pack/manifest.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { findTextFault } from '../../domain/text/clean-text.ts';
import type { Ground } from '../ground.ts';
import { writeAudit } from './audit.ts';

const SCRYPT = { N: 65_536, r: 8, p: 1 } as const;
const HASH_BYTES = 32;
// 128 * N * r is what scrypt needs; Node's own ceiling lies below.
const MAX_MEMORY_BYTES = 128 * 1024 * 1024;

export type CrewProblem = 'crew-id' | 'crew-name' | 'pin-too-short' | 'pin-too-easy';

/** Why a PIN may not be used: six digits or more, no runs such as 123456 and no single repeated digit. */
export function findPinFault(pin: string): 'pin-too-short' | 'pin-too-easy' | null {
  if (!/^\d{6,12}$/.test(pin)) return 'pin-too-short';
  const steps = new Set([...pin].slice(1).map((digit, i) => Number(digit) - Number(pin[i])));
  const isRun = steps.size === 1 && [...steps].every((step) => Math.abs(step) <= 1);
  return isRun ? 'pin-too-easy' : null;
}

/** The scrypt form in which a PIN travels in the signed pack; takes about 0.2 s. */
export async function hashPin(pin: string): Promise<NonNullable<CrewMember['pin']>> {
  const salt = randomBytes(16);
  const hash = await new Promise<Buffer>((resolve, reject) => {
    scrypt(pin, salt, HASH_BYTES, { ...SCRYPT, maxmem: MAX_MEMORY_BYTES }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
  return { kdf: 'scrypt', ...SCRYPT, salt: encodeBase64url(salt), hash: encodeBase64url(hash) };
}

/** The first thing wrong with a member, or null. */
export function findCrewFault({
  id,
  name,
  pin,
}: {
  readonly id: string;
  readonly name: string;
  readonly pin?: string | undefined;
}): CrewProblem | null {
  if (!/^[A-Z0-9]{2,12}$/.test(id)) return 'crew-id';
  if (findTextFault(name, 30) !== null) return 'crew-name';
  return pin === undefined ? null : findPinFault(pin);
}

/** Keeps a crew member, or changes name, role and (where one is given) PIN. */
export async function saveCrewMember(
  ground: Pick<Ground, 'db' | 'nowMs'>,
  airline: string,
  member: {
    readonly id: string;
    readonly name: string;
    readonly role: CrewMember['role'];
    readonly pin?: string;
    readonly by: string;
  },
): Promise<Result<null, CrewProblem>> {
  const { id, name, role, pin, by } = member;
  const fault = findCrewFault(member);
  if (fault !== null) return fail(fault);
  const hashed = pin === undefined ? null : JSON.stringify(await hashPin(pin));
  await ground.db
    .insertInto('crew')
    .values({ airline, crew_id: id, name, role, pin: hashed })
    .onConflict((conflict) =>
      conflict
        .columns(['airline', 'crew_id'])
        .doUpdateSet({ name, role, ...(hashed === null ? {} : { pin: hashed }) }),
    )
    .execute();
  await writeAudit(ground, { who: by, airline, what: 'crew-saved', detail: { id, role } });
  return ok(null);
}

/** These crew members as a pack lists them, in the order asked for. */
export async function crewOf(
  { db }: Pick<Ground, 'db'>,
  airline: string,
  ids: readonly string[],
): Promise<readonly CrewMember[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('crew')
    .select(['crew_id', 'name', 'role', 'pin'])
    .where('airline', '=', airline)
    .where('crew_id', 'in', ids)
    .execute();
  const known = new Map(rows.map((row) => [row.crew_id, row]));
  const crew = ids.flatMap((id) => {
    const row = known.get(id);
    if (row === undefined) return [];
    return [{ id, name: row.name, role: row.role, ...(row.pin === null ? {} : { pin: row.pin }) }];
  });
  return v.parse(crewSchema, { v: 1, crew }).crew;
}
