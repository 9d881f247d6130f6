// What a measurement answers, and how the table shows it.

export type RowName =
  | 'scan_to_card'
  | 'verify_code'
  | 'tap_to_basket'
  | 'confirm_sale'
  | 'confirm_sale_after_10000'
  | 'start'
  | 'memory'
  | 'memory_camera'
  | 'receipt_20_items'
  | 'seal_export_1000'
  | 'ingest_1000_events'
  | 'settle_200_passengers'
  | 'settle_workers_1'
  | 'settle_workers_2'
  | 'settle_workers_4'
  | 'console_page_100000';

/** Median of the till against the median of its yardstick in the same run; `ratio` is their quotient. */
export type Row = {
  readonly name: RowName;
  readonly value: number;
  readonly unit: 'ms' | 'MB';
  readonly yardstick: number;
  readonly ratio: number;
};

/** A measurement before it is rounded: single values in `unit`, at least one of each. */
export type Measured = {
  readonly name: RowName;
  readonly unit: Row['unit'];
  readonly values: readonly number[];
  readonly yardsticks: readonly number[];
};

/** What each row is measured against, and what the product wants of it. */
const MEANING: Readonly<Record<RowName, { readonly against: string; readonly wanted: string }>> = {
  scan_to_card: { against: 'the same picture in the viewfinder', wanted: '< 300 ms' },
  verify_code: { against: 'two bare P-256 verifications', wanted: '< 5 ms' },
  tap_to_basket: { against: 'a tap that changes nothing', wanted: '< 50 ms' },
  confirm_sale: { against: 'bare append + fdatasync', wanted: '< 50 ms' },
  confirm_sale_after_10000: { against: 'bare append + fdatasync', wanted: '< 50 ms, as after 10' },
  start: { against: 'blank window', wanted: '<= 1.35 x' },
  memory: { against: 'blank window', wanted: '<= 1.35 x' },
  memory_camera: { against: 'blank window', wanted: 'reported' },
  receipt_20_items: { against: "the line's own time", wanted: 'reported' },
  seal_export_1000: { against: 'bare gzip + write + fsync', wanted: 'reported' },
  ingest_1000_events: { against: 'its bare signature checks', wanted: '< 300 ms' },
  settle_200_passengers: { against: 'one bare query for each', wanted: '< 20000 ms' },
  settle_workers_1: { against: 'one bare query for each', wanted: 'reported' },
  settle_workers_2: { against: 'one bare query for each', wanted: 'reported' },
  settle_workers_4: { against: 'one bare query for each', wanted: 'reported' },
  console_page_100000: { against: 'reading all lines once', wanted: '< 500 ms' },
};

export function summarise({ name, unit, values, yardsticks }: Measured): Row {
  const value = median(values);
  const yardstick = median(yardsticks);
  return { name, value: round(value), unit, yardstick: round(yardstick), ratio: round(value / yardstick) };
}

/** The middle value; the mean of the two in the middle for an even count. Throws without values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new Error('nothing was measured');
  return (lower + upper) / 2;
}

/** Three decimals: microseconds of a millisecond. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

export function composeTable(rows: readonly Row[]): string {
  const cells = rows.map(({ name, value, unit, yardstick, ratio }) => [
    name,
    `${show(value)} ${unit}`,
    `${show(yardstick)} ${unit}`,
    `${ratio.toFixed(2)} x`,
    MEANING[name].wanted,
    MEANING[name].against,
  ]);
  const head = ['row', 'median', 'yardstick', 'ratio', 'wanted', 'the yardstick is'];
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((row) => (row[i] ?? '').length)));
  const isNumber = (i: number): boolean => i >= 1 && i <= 3;
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (isNumber(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ');
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)]
    .map((text) => text.trimEnd())
    .join('\n');
}

function show(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(3);
}
