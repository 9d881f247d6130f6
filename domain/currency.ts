/** ISO 4217 numeric codes the product can charge in, and how their amounts are written. */
const CURRENCIES = {
  156: { code: 'CNY', symbol: '￥', digits: 2 },
  344: { code: 'HKD', symbol: 'HK$', digits: 2 },
  392: { code: 'JPY', symbol: 'JP￥', digits: 0 },
} as const;

export type CurrencyCode = (typeof CURRENCIES)[keyof typeof CURRENCIES]['code'];

/** The alphabetic code of a numeric one, or null for a currency no wallet of ours settles in. */
export function currencyOfNumeric(numeric: number): CurrencyCode | null {
  return (CURRENCIES as Record<number, { code: CurrencyCode } | undefined>)[numeric]?.code ?? null;
}

/** The numeric code of an alphabetic one, or null for a currency no wallet of ours settles in. */
export function numericOfCurrency(code: string): number | null {
  const found = Object.entries(CURRENCIES).find(([, currency]) => currency.code === code);
  return found === undefined ? null : Number(found[0]);
}

function currencyNamed(code: string): { code: string; symbol: string; digits: number } {
  return (
    Object.values(CURRENCIES).find((currency) => currency.code === code) ?? {
      code,
      symbol: `${code} `,
      digits: 2,
    }
  );
}

/**
 * `￥1,846.00`, minus as U+2212 before the symbol (ui/README.md, rule 6). The full-width U+FFE5 is two bytes in
 * GB18030, where U+00A5 would be four.
 */
export function formatMinor(amountMinor: number, currencyCode: string): string {
  const { symbol, digits } = currencyNamed(currencyCode);
  const all = Math.abs(amountMinor)
    .toString()
    .padStart(digits + 1, '0');
  const whole = all.slice(0, all.length - digits).replace(/\B(?=(\d{3})+$)/g, ',');
  const fraction = digits === 0 ? '' : `.${all.slice(-digits)}`;
  return `${amountMinor < 0 ? '−' : ''}${symbol}${whole}${fraction}`;
}
