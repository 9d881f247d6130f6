// A wallet's statement of a day against our books (settlement.md 6.6): kept row by row, and what differs is listed.
// Importing it again changes nothing but what has become known since.
import { fail, ok, type Result } from '../../domain/result.ts';
import { inTransaction } from '../database/in-transaction.ts';
import type { Ground } from '../ground.ts';
import { enqueue } from '../jobs/jobs.ts';
import type { StatementRow } from '../wallets/wallet.ts';
import { findDifferences, type Difference } from './match-statement.ts';
import { readBooks, type StatementDay } from './read-books.ts';

export type StatementProblem =
  | { readonly kind: 'no-merchant' }
  | { readonly kind: 'bad-day' }
  | { readonly kind: 'unreadable'; readonly why: string }
  /** The wallet has none yet (it comes the next day after 10:00), or does not answer. */
  | { readonly kind: 'not-available'; readonly why: string };

export type Imported = { readonly rows: number; readonly differences: number };

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** In one statement of SQL. */
const ROWS_AT_ONCE = 1000;

/** `day` as the wallet counts it, `2026-11-22`. All or nothing: a row that cannot be read refuses the whole file. */
export async function importStatement(
  ground: Ground,
  airline: string,
  wallet: number,
  text: string,
  day: string,
): Promise<Result<Imported, StatementProblem>> {
  if (!DAY.test(day) || Number.isNaN(Date.parse(day))) return fail({ kind: 'bad-day' });
  const adapter = await ground.wallets(airline, wallet);
  if (adapter === null) return fail({ kind: 'no-merchant' });
  const parsed = adapter.parseStatement(text);
  if (!parsed.ok) return fail({ kind: 'unreadable', why: parsed.error });
  const rows = parsed.value;
  const name = { airline, wallet, day };
  return await inTransaction(ground, async (inside) => {
    await keepRows(inside, name, rows);
    const differences = findDifferences(rows, await readBooks(inside, name, rows));
    const open = await replaceDifferences(inside, name, differences);
    await settleOlder(inside, name, rows);
    await askForUnpaid(inside, differences);
    return ok({ rows: rows.length, differences: open });
  });
}

/** Asks the wallet for its statement and imports it. */
export async function fetchStatement(
  ground: Ground,
  airline: string,
  wallet: number,
  day: string,
): Promise<Result<Imported, StatementProblem>> {
  const adapter = await ground.wallets(airline, wallet);
  if (adapter === null) return fail({ kind: 'no-merchant' });
  const text = await adapter.fetchStatement(day);
  if (!text.ok) return fail({ kind: 'not-available', why: `${text.error.kind} ${text.error.code}` });
  return await importStatement(ground, airline, wallet, text.value, day);
}

async function keepRows(
  { db, nowMs }: Ground,
  { airline, wallet, day }: StatementDay,
  rows: readonly StatementRow[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    await db
      .insertInto('statement_row')
      .values(
        rows.slice(at, at + ROWS_AT_ONCE).map(({ transactionId, orderNumber, kind, amountMinor }) => ({
          airline,
          wallet,
          day,
          transaction_id: transactionId,
          order_number: orderNumber,
          kind,
          amount_minor: amountMinor,
          imported_at_ms: nowMs(),
        })),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** What a person has resolved stays resolved; the rest is as this import found it. Answers how many are open. */
async function replaceDifferences(
  { db, nowMs }: Ground,
  { airline, wallet, day }: StatementDay,
  differences: readonly Difference[],
): Promise<number> {
  const ofDay = db
    .selectFrom('difference')
    .select(['kind', 'order_number', 'transaction_id', 'ours_minor', 'theirs_minor'])
    .where('airline', '=', airline)
    .where('wallet', '=', wallet)
    .where('day', '=', day);
  const resolved = new Set((await ofDay.where('resolved_at_ms', 'is not', null).execute()).map(nameOf));
  await db
    .deleteFrom('difference')
    .where('airline', '=', airline)
    .where('wallet', '=', wallet)
    .where('day', '=', day)
    .where('resolved_at_ms', 'is', null)
    .execute();
  const open = differences.filter((difference) => !resolved.has(nameOf(difference)));
  for (let at = 0; at < open.length; at += ROWS_AT_ONCE) {
    await db
      .insertInto('difference')
      .values(
        open
          .slice(at, at + ROWS_AT_ONCE)
          .map((difference) => ({ airline, wallet, day, ...difference, created_at_ms: nowMs() })),
      )
      .execute();
  }
  return open.length;
}

function nameOf({ kind, order_number, transaction_id, ours_minor, theirs_minor }: Difference): string {
  return JSON.stringify([kind, order_number, transaction_id, ours_minor, theirs_minor]);
}

/** A payment we missed on one day may stand in the next day's statement. */
async function settleOlder(
  { db, nowMs }: Ground,
  { airline, wallet, day }: StatementDay,
  rows: readonly StatementRow[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const ids = rows.slice(at, at + ROWS_AT_ONCE).map(({ transactionId }) => transactionId);
    await db
      .updateTable('difference')
      .set({ resolved_at_ms: nowMs() })
      .where('airline', '=', airline)
      .where('wallet', '=', wallet)
      .where('day', '!=', day)
      .where('kind', '=', 'missing-at-wallet')
      .where('transaction_id', 'in', ids)
      .where('resolved_at_ms', 'is', null)
      .execute();
  }
}

/** The wallet took money for an order we do not know as paid: it is asked at once where that order stands. */
async function askForUnpaid({ db, nowMs }: Ground, differences: readonly Difference[]): Promise<void> {
  for (const { kind, order_number: orderNumber, ours_minor: oursMinor } of differences) {
    if (kind !== 'amount' || orderNumber === null || oursMinor !== 0) continue;
    await enqueue(db, { kind: 'watch-order', key: orderNumber, payload: {}, runAtMs: nowMs() });
  }
}
