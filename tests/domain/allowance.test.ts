import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Credential, PresentationMode } from '../../domain/cabin-code/cabin-code.ts';
import { DEFAULT_FLIGHT_LIMITS } from '../../domain/limits.ts';
import { allowanceOf, isHome, limitOf, type RiskContext, type Spent } from '../../domain/risk/allowance.ts';

const credential: Credential = {
  iss: '9C',
  exp: 0,
  nbf: 0,
  iat: 0,
  cti: 'a1294c5f98589702',
  holderKey: null,
  version: 1,
  wallet: 1,
  flight: { carrier: '9C', number: 8835, departureDay: 20779, origin: 'SHA', destination: 'CTU' },
  seat: '12C',
  sequence: 45,
  limits: { currencyNumeric: 156, cumMinor: 100_000, perSaleMinor: 50_000, maxSales: 30 },
  staticCumMinor: 20_000,
  tier: 0,
  gate: 1,
  holderClass: 2,
  maskedName: null,
};
const roster = (count: number): RiskContext['roster'] =>
  Array.from({ length: count }, (_, i) => ({
    dev: `T-000${(i + 1).toString()}`,
    zone: { fromRow: i * 10 + 1, toRow: i * 10 + 10 },
  }));
const context: RiskContext = {
  dev: 'T-0002',
  roster: roster(1),
  limits: DEFAULT_FLIGHT_LIMITS,
  isListed: true,
  packAgeMs: 0,
  isClockBad: false,
};
const nothing: Spent = { creditMinor: 0, sales: 0, terminalMinor: 0, unlistedMinor: 0 };
const left = (
  mode: PresentationMode,
  changes: Partial<RiskContext> = {},
  spent: Partial<Spent> = {},
): number => allowanceOf(credential, mode, { ...nothing, ...spent }, { ...context, ...changes }).leftMinor;

describe('the allowance', () => {
  it.each([
    ['a hardware key', 'dynamic', {}, {}, 50_000],
    ['what was spent is gone', 'dynamic', {}, { creditMinor: 12_345 }, 37_655],
    ['never below zero', 'dynamic', {}, { creditMinor: 60_000 }, 0],
    ['a printed code', 'static', {}, {}, 20_000],
    ['a late sign-up', 'dynamic', { isListed: false }, {}, 20_000],
    [
      'late sign-ups together have a cap of their own',
      'dynamic',
      { isListed: false },
      { unlistedMinor: 195_000 },
      5000,
    ],
    ['the terminal has a cap', 'dynamic', {}, { terminalMinor: 1_999_000 }, 1000],
    ['a pack a day old halves it', 'dynamic', { packAgeMs: 25 * 3_600_000 }, {}, 25_000],
    ['a clock nobody can believe leaves the static limit', 'dynamic', { isClockBad: true }, {}, 20_000],
    [
      'away from home an equal share of one more',
      'dynamic',
      { roster: roster(5), dev: 'T-0001' },
      {},
      12_500,
    ],
    ['at home the whole', 'dynamic', { roster: roster(5), dev: 'T-0002' }, {}, 50_000],
  ] as const)('%s', (_name, mode, changes, spent, expected) => {
    expect(left(mode, changes, spent)).toBe(expected);
  });

  it('of a stripped proof is never above that of the proof', () => {
    fc.assert(
      fc.property(
        fc.record({
          cumMinor: fc.integer({ min: 0, max: 200_000 }),
          perSaleMinor: fc.integer({ min: 0, max: 100_000 }),
          maxSales: fc.integer({ min: 0, max: 40 }),
        }),
        fc.nat(100),
        fc.constantFrom(0, 1, 2),
        (limits, staticPercent, holderClass) => {
          const shown = {
            ...credential,
            holderClass,
            limits: { currencyNumeric: 156, ...limits },
            staticCumMinor: Math.floor((limits.cumMinor * staticPercent) / 100),
          };
          const [proved, stripped] = [limitOf(shown, 'dynamic', context), limitOf(shown, 'static', context)];
          expect(stripped.cumMinor).toBeLessThanOrEqual(proved.cumMinor);
          expect(stripped.perSaleMinor).toBeLessThanOrEqual(proved.perSaleMinor);
          expect(stripped.maxSales).toBeLessThanOrEqual(proved.maxSales);
        },
      ),
    );
  });

  it('over all terminals, none of which knows of the others, is at most twice the limit', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9 }), (count) => {
        const all = roster(count);
        const sum = all.reduce((total, { dev }) => total + left('dynamic', { roster: all, dev }), 0);
        expect(sum).toBeLessThanOrEqual(100_000);
      }),
    );
  });

  it('of a passenger without a seat has exactly one home', () => {
    const all = roster(4);
    const homes = all.filter(({ dev }) => isHome({ seat: '', cti: 'ffffffffffffffff' }, dev, all));
    expect(homes).toHaveLength(1);
  });
});
