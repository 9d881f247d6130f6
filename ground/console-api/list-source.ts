// How a list is read: one page at a time, from the last row of the page before (keyset), never by counting rows.
import { sql, type Kysely, type RawBuilder } from 'kysely';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { Tables } from '../database/tables.ts';
import type { Seal } from '../secrets/seal.ts';
import type { ListName, Page } from '../web/console-api.ts';
import type { Ask } from '../web/console-asks.ts';
import type { ConsoleWords } from '../web/console-words/words.ts';
import type { RowOf } from '../web/console-rows.ts';

/** The values a list is ordered by, of one row. */
export type ListKey = readonly (string | number)[];

export type CsvValue = string | number | null;

/** What a cell of the CSV needs besides the row. */
export type CsvSight = {
  readonly words: ConsoleWords;
  readonly utcOffsetMinutes: number;
  readonly language: 'zh' | 'en';
};

export type CsvColumn<Row> = {
  readonly head: (words: ConsoleWords) => string;
  readonly cell: (row: Row, sight: CsvSight) => CsvValue;
};

export type ListSource<Name extends ListName> = {
  readonly keyTypes: readonly ('string' | 'number')[];
  readonly keyOf: (row: RowOf<Name>) => ListKey;
  readonly read: (asked: {
    readonly db: Kysely<Tables>;
    readonly seal: Seal;
    readonly nowMs: number;
    readonly airline: string;
    /** The user works for all airlines: also what concerns none of them may be shown. */
    readonly isForAll: boolean;
    readonly ask: Ask<Name>;
    readonly after: ListKey | null;
    readonly limit: number;
  }) => Promise<readonly RowOf<Name>[]>;
  readonly columns: readonly CsvColumn<RowOf<Name>>[];
};

export const PAGE_ROWS = 50;

/** `where (a, b) < (x, y)`: PostgreSQL reads on from there in the index. Null (the first page) is always true. */
export function before(columns: readonly string[], after: ListKey | null): RawBuilder<boolean> {
  if (after === null) return sql<boolean>`true`;
  return sql<boolean>`(${sql.join(columns.map((name) => sql.ref(name)))}) < (${sql.join(after)})`;
}

/** Likewise for lists that run upwards. */
export function behind(columns: readonly string[], after: ListKey | null): RawBuilder<boolean> {
  if (after === null) return sql<boolean>`true`;
  return sql<boolean>`(${sql.join(columns.map((name) => sql.ref(name)))}) > (${sql.join(after)})`;
}

/** What somebody searches for, as the beginning of a text in `like`. */
export function beginning(text: string): string {
  return `${text.replace(/[\\%_]/g, '\\$&')}%`;
}

export async function readPage<Name extends ListName>(
  source: ListSource<Name>,
  asked: {
    readonly db: Kysely<Tables>;
    readonly seal: Seal;
    readonly nowMs: number;
    readonly airline: string;
    readonly isForAll: boolean;
    readonly ask: Ask<Name>;
    readonly after: string | undefined;
  },
  limit = PAGE_ROWS,
): Promise<Result<Page<RowOf<Name>>, 'bad-cursor'>> {
  const after = asked.after === undefined ? null : readCursor(asked.after, source.keyTypes);
  if (after === 'bad-cursor') return fail(after);
  const rows = await source.read({ ...asked, after, limit: limit + 1 });
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return ok({
    rows: rows.slice(0, limit),
    next: last === undefined ? null : writeCursor(source.keyOf(last)),
  });
}

function writeCursor(key: ListKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function readCursor(text: string, types: readonly ('string' | 'number')[]): ListKey | 'bad-cursor' {
  try {
    const key: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const isKey = Array.isArray(key) && key.length === types.length;
    if (!isKey) return 'bad-cursor';
    return key.every(
      (part, i) => typeof part === types[i] && (typeof part !== 'number' || Number.isSafeInteger(part)),
    )
      ? (key as ListKey)
      : 'bad-cursor';
  } catch {
    return 'bad-cursor';
  }
}
