import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitIncludedVat } from '../../../domain/receipt/included-vat.ts';

const amounts = fc.array(
  fc.record({ rate: fc.constantFrom(0, 300, 600, 900, 1300), amountMinor: fc.nat(990_000_000) }),
  { minLength: 1, maxLength: 40 },
);

describe('the VAT contained in a total', () => {
  it('is the tax share of a price that includes it, rounded half up', () => {
    expect(splitIncludedVat([{ rate: 1300, amountMinor: 11_300 }], 11_300)).toEqual([
      { rate: 1300, chargedMinor: 11_300, vatMinor: 1300 },
    ]);
    expect(splitIncludedVat([{ rate: 600, amountMinor: 53 }], 53)).toEqual([
      { rate: 600, chargedMinor: 53, vatMinor: 3 },
    ]);
    expect(splitIncludedVat([{ rate: 10_000, amountMinor: 3 }], 3)).toMatchObject([{ vatMinor: 2 }]);
  });

  it('is told per rate, lowest first, the discount spread in proportion', () => {
    const lines = [
      { rate: 1300, amountMinor: 7000 },
      { rate: 600, amountMinor: 8800 },
      { rate: 1300, amountMinor: 3000 },
    ];
    expect(splitIncludedVat(lines, 17_860)).toEqual([
      { rate: 600, chargedMinor: 8360, vatMinor: 473 },
      { rate: 1300, chargedMinor: 9500, vatMinor: 1093 },
    ]);
  });

  it('adds up to the total exactly, each share within one fen of its proportion', () => {
    fc.assert(
      fc.property(amounts, fc.double({ min: 0, max: 1, noNaN: true }), (lines, part) => {
        const gross = lines.reduce((sum, line) => sum + line.amountMinor, 0);
        const total = Math.floor(gross * part);
        const shares = splitIncludedVat(lines, total);
        expect(shares.reduce((sum, share) => sum + share.chargedMinor, 0)).toBe(total);
        for (const { rate, chargedMinor, vatMinor } of shares) {
          const grossOfRate = lines
            .filter((line) => line.rate === rate)
            .reduce((sum, line) => sum + line.amountMinor, 0);
          expect(chargedMinor).toBeLessThanOrEqual(grossOfRate);
          // In whole numbers: |charged * gross - grossOfRate * total| < gross.
          const off = BigInt(chargedMinor) * BigInt(gross) - BigInt(grossOfRate) * BigInt(total);
          expect(off < 0n ? -off <= BigInt(gross) : off <= BigInt(gross)).toBe(true);
          expect(vatMinor).toBeGreaterThanOrEqual(0);
          expect(vatMinor).toBeLessThanOrEqual(chargedMinor);
        }
      }),
    );
  });

  it('of a void is the negative of that of the sale', () => {
    fc.assert(
      fc.property(amounts, (lines) => {
        const gross = lines.reduce((sum, line) => sum + line.amountMinor, 0);
        const sold = splitIncludedVat(lines, gross);
        const negated = sold.map(({ rate, chargedMinor, vatMinor }) => ({
          rate,
          chargedMinor: -chargedMinor,
          vatMinor: -vatMinor,
        }));
        expect(splitIncludedVat(lines, -gross)).toEqual(negated);
      }),
    );
  });

  it('is nothing for a comped sale', () => {
    expect(splitIncludedVat([{ rate: 1300, amountMinor: 3500 }], 0)).toEqual([
      { rate: 1300, chargedMinor: 0, vatMinor: 0 },
    ]);
  });
});
