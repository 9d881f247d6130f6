// All of a database as a thief would read it: every table, every column, bytes both as hexadecimal and as text.
import { sql } from 'kysely';
import { decodeBase64url } from '../../../domain/encoding/base64url.ts';
import { decryptionKeys } from '../../../ground/airlines/keys.ts';
import type { Ground } from '../../../ground/ground.ts';
import { gunzip } from '../../../ground/gzip.ts';
import { CREDENTIAL_SEAL, ACCOUNT_SEAL, NAME_SEAL } from '../../../ground/enrolment/personal-data.ts';
import { LINE_SEAL } from '../../../ground/ingest/event-line.ts';
import { openEnvelope } from '../../../domain/settlement/envelope.ts';

export async function dumpDatabase({ db }: Pick<Ground, 'db'>): Promise<string> {
  const rows = await everyRow({ db });
  return rows.map((row) => JSON.stringify(row, (_key, value: unknown) => textOf(value))).join('\n');
}

const SEALS = [NAME_SEAL, ACCOUNT_SEAL, CREDENTIAL_SEAL, LINE_SEAL, 'flight-pack', 'member-label'];

/** As somebody reads it who has the master key as well, and with it the airline's own: unsealed and decrypted. */
export async function dumpWithKeys(ground: Ground, airline: string): Promise<string> {
  const keys = await decryptionKeys(ground, airline);
  const found = [await dumpDatabase(ground)];
  for (const row of await everyRow(ground)) {
    for (const value of Object.values(row)) {
      if (typeof value === 'string') found.push(insideOfJws(value));
      if (!(value instanceof Uint8Array)) continue;
      for (const purpose of SEALS) {
        const opened = ground.seal.open(purpose, value);
        if (opened === null) continue;
        const text = Buffer.from(opened).toString('utf8');
        found.push(text, insideOfJws(text));
      }
      const batch = await openEnvelope(value, keys, { gunzip });
      if (!batch.ok) continue;
      const text = Buffer.from(batch.value).toString('utf8');
      found.push(text, ...text.split('\n').map(insideOfJws));
    }
  }
  return found.join('\n');
}

/** What a signed text says: nothing in it is secret, only encoded. */
function insideOfJws(text: string): string {
  const parts = text.split('.').map((part) => decodeBase64url(part));
  return parts.map((part) => (part === null ? '' : Buffer.from(part).toString('utf8'))).join(' ');
}

async function everyRow({ db }: Pick<Ground, 'db'>): Promise<readonly Record<string, unknown>[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = 'public'`.execute(db);
  const all: Record<string, unknown>[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(db);
    all.push(...rows);
  }
  return all;
}

function textOf(value: unknown): unknown {
  if (typeof value === 'string') return `${value} ${insideOfJws(value)}`;
  if (!(value instanceof Uint8Array)) return value;
  const bytes = Buffer.from(value);
  return `${bytes.toString('hex')} ${bytes.toString('latin1')}`;
}
