// Cells that several lists share.
import { formatLocalMinute } from '../../domain/instant.ts';
import type { ConsoleWords } from '../web/console-words/words.ts';
import { csvAmount } from './csv.ts';
import type { CsvColumn, CsvSight, CsvValue } from './list-source.ts';
import { sayReason } from '../web/console-words/say-reason.ts';

type ColumnName = keyof ConsoleWords['columns'];

export function column<Row>(name: ColumnName, cell: (row: Row, sight: CsvSight) => CsvValue): CsvColumn<Row> {
  return { head: (words) => words.columns[name], cell };
}

export function timeColumn<Row>(name: ColumnName, of: (row: Row) => number | null): CsvColumn<Row> {
  return column(name, (row, { utcOffsetMinutes }) => {
    const ms = of(row);
    return ms === null ? null : formatLocalMinute(ms, utcOffsetMinutes);
  });
}

/** In the words of the list's language; what the verification says stays as it is. */
export function reasonColumn<Row>(name: ColumnName, of: (row: Row) => string | null): CsvColumn<Row> {
  return column(name, (row, { words }) => {
    const stored = of(row);
    const said = stored === null ? null : sayReason(words, stored);
    if (said === null) return stored;
    return said.detail === null ? said.text : `${said.text}: ${said.detail}`;
  });
}

export function amountColumn<Row>(name: ColumnName, of: (row: Row) => number | null): CsvColumn<Row> {
  return column(name, (row) => csvAmount(of(row)));
}

export function walletName(wallet: number, words: ConsoleWords): string {
  return words.wallet[wallet.toString()] ?? wallet.toString();
}
