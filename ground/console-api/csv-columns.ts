// Cells that several lists share.
import { formatLocalMinute } from '../../domain/instant.ts';
import type { ConsoleWords } from '../web/console-words/words.ts';
import { csvAmount } from './csv.ts';
import type { CsvColumn, CsvSight, CsvValue } from './list-source.ts';

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

export function amountColumn<Row>(name: ColumnName, of: (row: Row) => number | null): CsvColumn<Row> {
  return column(name, (row) => csvAmount(of(row)));
}

export function walletName(wallet: number, words: ConsoleWords): string {
  return words.wallet[wallet.toString()] ?? wallet.toString();
}
