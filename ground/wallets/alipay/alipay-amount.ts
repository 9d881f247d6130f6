// Amounts as Alipay writes them: yuan with two decimals, read and written without a detour through binary fractions.
import * as v from 'valibot';

export const yuanSchema = v.pipe(
  v.string(),
  v.regex(/^-?[0-9]{1,12}(\.[0-9]{1,2})?$/),
  v.transform((text) => {
    const [whole = '0', cents = ''] = text.replace('-', '').split('.');
    const minor = Number(whole) * 100 + Number(cents.padEnd(2, '0'));
    return text.startsWith('-') ? -minor : minor;
  }),
);

/** `minor` is a whole number of fen, 0 or more. */
export function writeYuan(minor: number): string {
  const digits = minor.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
