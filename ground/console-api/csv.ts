// Lists as CSV: RFC 4180, with the mark by which spreadsheets know UTF-8, and safe to open in one.
import type { CsvColumn, CsvSight, CsvValue } from './list-source.ts';

const BYTE_ORDER_MARK = '\uFEFF';

/** What a spreadsheet would run as a formula. */
const FORMULA = /^\s*[=+\-@\t\r＝＋－＠]/;
/** A spreadsheet keeps 15 digits of a number; the wallets' numbers have up to 32. */
const LONG_NUMBER = /^\d{16,}$/;

export function csvHead<Row>(columns: readonly CsvColumn<Row>[], sight: CsvSight): string {
  return BYTE_ORDER_MARK + csvLine(columns.map(({ head }) => head(sight.words)));
}

export function csvRow<Row>(columns: readonly CsvColumn<Row>[], row: Row, sight: CsvSight): string {
  return csvLine(columns.map(({ cell }) => cell(row, sight)));
}

/** One record with its CRLF. Text that a spreadsheet would calculate or round gets an apostrophe in front. */
export function csvLine(values: readonly CsvValue[]): string {
  return `${values.map(csvField).join(',')}\r\n`;
}

function csvField(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value === 'number') return value.toString();
  const safe = FORMULA.test(value) || LONG_NUMBER.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** `89.90` of 8990: a number to a spreadsheet, exact to us. */
export function csvAmount(minor: number | null): CsvValue {
  if (minor === null) return null;
  const digits = Math.abs(minor).toString().padStart(3, '0');
  return Number(`${minor < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`);
}
