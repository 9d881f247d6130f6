import * as v from 'valibot';

const row = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(199));

/** The seat map: rows without gaps, and the seat letters of a row, one group a block between the aisles. */
export const cabinSchema = v.pipe(
  v.strictObject({
    rows: v.strictObject({ from: row, to: row }),
    columns: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[A-Z]{1,5}$/))), v.minLength(1), v.maxLength(4)),
    /** Rows that do not exist, such as 13. */
    without: v.optional(v.pipe(v.array(row), v.maxLength(20))),
  }),
  v.check(({ rows }) => rows.from <= rows.to, 'the last row comes before the first'),
);

export type Cabin = v.InferOutput<typeof cabinSchema>;

/** Whether `12C` is a seat of this cabin. */
export function hasSeat({ rows, columns, without }: Cabin, seat: string): boolean {
  const [, rowText = '', letter = ''] = /^(\d{1,3})([A-Z])$/.exec(seat) ?? [];
  const number = Number(rowText);
  if (number < rows.from || number > rows.to || without?.includes(number) === true) return false;
  return letter !== '' && columns.some((group) => group.includes(letter));
}
