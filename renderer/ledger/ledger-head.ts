// Where the ledger stands, as main wants to hear it at start.
import { describeBills, type Bill } from '../../domain/bill/bill.ts';
import { encodeBase64url } from '../../domain/encoding/base64url.ts';
import { encodeUtf8 } from '../../domain/encoding/utf8.ts';
import type { EventRow } from './ledger-tables.ts';
import type { Ledger } from './open-ledger.ts';

export type LedgerHead = { readonly seq: number; readonly line: string; readonly billsDigest: string };

/** The last line of the unbroken run from 1, with a digest of all bills; null for an empty ledger. */
export async function readLedgerHead({ tables }: Ledger): Promise<LedgerHead | null> {
  const [last, head, bills] = await tables.transaction(
    'r',
    [tables.events, tables.bills, tables.meta],
    // Side by side: each question is a journey to another process.
    () => Promise.all([endOfUnbrokenRun(tables.events), tables.meta.get('head'), tables.bills.toArray()]),
  );
  // IndexedDB can come back cut short and without a word (journal.md 5.4): the head row is not believed, but set.
  if (last === undefined) {
    if (head !== undefined) await tables.meta.clear();
    return null;
  }
  if (last.seq !== head?.seq) await tables.meta.put({ key: 'head', seq: last.seq });
  return { seq: last.seq, line: last.line, billsDigest: await digestBills(bills) };
}

/** The last row before which no number is missing. */
async function endOfUnbrokenRun(events: Ledger['tables']['events']): Promise<EventRow | undefined> {
  const [count, last] = await Promise.all([events.count(), events.orderBy('seq').last()]);
  if (last?.seq === count) return last;
  const seqs = await events.orderBy('seq').primaryKeys();
  return await events.get(seqs.findIndex((seq, i) => seq !== i + 1));
}

async function digestBills(bills: readonly Bill[]): Promise<string> {
  const text = encodeUtf8(describeBills(bills));
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(text));
  return encodeBase64url(new Uint8Array(digest));
}

/** Lines from `from` on, verbatim, at most `most`. */
export async function readLines({ tables }: Ledger, from: number, most: number): Promise<readonly string[]> {
  const rows = await tables.events.where('seq').aboveOrEqual(from).limit(most).sortBy('seq');
  return rows.map((row) => row.line);
}

/** Empties what can be fetched again from the journal; baskets not confirmed stay. */
export async function clearRecorded({ tables }: Ledger): Promise<void> {
  await tables.transaction('rw', [tables.events, tables.bills, tables.meta], async () => {
    await tables.events.clear();
    await tables.bills.clear();
    await tables.meta.clear();
  });
}

export async function readHeadSeq({ tables }: Ledger): Promise<number> {
  return (await tables.meta.get('head'))?.seq ?? 0;
}
