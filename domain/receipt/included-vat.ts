/** What is charged at one VAT rate, and the tax contained in it. Minor units. */
export type VatShare = {
  /** Hundredths of a percent: 600 is 6 %. */
  readonly rate: number;
  readonly chargedMinor: number;
  readonly vatMinor: number;
};

type TaxedAmount = { readonly rate: number; readonly amountMinor: number };

/**
 * Splits a discounted total over the VAT rates of its lines, in proportion to the undiscounted amounts; prices include
 * the tax. The charged shares add up to the total exactly (largest remainder first; equal remainders: lower rate).
 * A negative total (a void) gives the negative of what the positive one gives.
 */
export function splitIncludedVat(lines: readonly TaxedAmount[], totalMinor: number): readonly VatShare[] {
  const grossByRate = new Map<number, bigint>();
  for (const { rate, amountMinor } of lines) {
    grossByRate.set(rate, (grossByRate.get(rate) ?? 0n) + BigInt(Math.abs(amountMinor)));
  }
  const rates = [...grossByRate].sort(([a], [b]) => a - b);
  const shares = allocate(
    BigInt(Math.abs(totalMinor)),
    rates.map(([, gross]) => gross),
  );
  const sign = totalMinor < 0 ? -1 : 1;
  return rates.map(([rate], i) => {
    const charged = shares[i] ?? 0n;
    return { rate, chargedMinor: sign * Number(charged), vatMinor: sign * Number(taxIn(charged, rate)) };
  });
}

/** Tax contained in an amount, rounded half up. Products exceed 2^53, hence bigint. */
function taxIn(charged: bigint, rate: number): bigint {
  const whole = 10_000n + BigInt(rate);
  return (charged * BigInt(rate) * 2n + whole) / (whole * 2n);
}

function allocate(total: bigint, weights: readonly bigint[]): readonly bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum === 0n) return weights.map((_, i) => (i === 0 ? total : 0n));
  const shares = weights.map((weight) => (weight * total) / sum);
  const left = Number(total - shares.reduce((a, b) => a + b, 0n));
  const byRemainder = weights
    .map((weight, i) => ({ i, remainder: (weight * total) % sum }))
    .sort((a, b) => (a.remainder === b.remainder ? a.i - b.i : a.remainder > b.remainder ? -1 : 1));
  const topped = new Set(byRemainder.slice(0, left).map(({ i }) => i));
  return shares.map((share, i) => (topped.has(i) ? share + 1n : share));
}
