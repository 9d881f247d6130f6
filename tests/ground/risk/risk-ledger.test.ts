import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crewShares } from '../../../ground/risk/crew-shares.ts';
import { riskLedger, type RiskLedger } from '../../../ground/risk/risk-ledger.ts';
import { openSettlementScene, type SettlementScene } from '../../support/settlement-scene.ts';

describe('the risk ledger of a flight', () => {
  let flight: SettlementScene;
  let ledger: RiskLedger;

  beforeAll(async () => {
    flight = await openSettlementScene({ capMinor: 60_000 });
    const [till] = flight.terminals;
    if (till === undefined) throw new Error('no terminal');
    const over = await flight.enrol(undefined, 50_000);
    const capped = await flight.enrol(undefined, 50_000);
    const owing = await flight.enrol('p-720-301-never');
    const disputed = await flight.enrol();
    till.sell(over, 55_000);
    till.sell(capped, 70_000);
    till.sell(owing, 900);
    till.sellUnproved(disputed, 4000);
    till.close();
    await flight.deliver(till);
    await flight.workUntilState(over, 'PAID');
    await flight.workUntilState(capped, 'PAID');
    await flight.workUntilState(owing, 'UNPAID_RETRY');
    await flight.workUntilState(disputed, 'MANUAL');
    const range = { airline: flight.airline, from: 0, to: flight.sta * 1000 };
    ledger = await riskLedger(flight.ground, range);
  });
  afterAll(() => flight.close());

  it('says what was sold, charged, over the limit, unpaid and disputed', () => {
    expect(ledger.legs).toEqual([
      expect.objectContaining({
        leg: flight.leg,
        orders: 4,
        authorisedMinor: 125_900,
        chargedMinor: 105_000,
        overLimitCollectedMinor: 5000,
        overLimitUncollectedMinor: 20_000,
        unpaidMinor: 900,
        disputedMinor: 4000,
        refundedMinor: 0,
      }),
    ]);
  });

  it('tells the ways passengers were known apart', () => {
    expect(ledger.byMode['without-phone']).toEqual({ sales: 3, minor: 125_900 });
    expect(ledger.byMode.unknown).toEqual({ sales: 1, minor: 4000 });
    expect(ledger.byHolderClass).toMatchObject([{ holderClass: 1, orders: 4, chargedMinor: 105_000 }]);
    expect(ledger.byListed).toMatchObject([{ isListed: false, orders: 4 }]);
  });

  it('leaves other times and airlines out', async () => {
    const before = { airline: flight.airline, from: 0, to: 1 };
    expect((await riskLedger(flight.ground, before)).legs).toEqual([]);
    const other = { airline: 'XX', from: 0, to: flight.sta * 1000 };
    expect((await riskLedger(flight.ground, other)).legs).toEqual([]);
  });
});

describe('crew members who sell without a phone (threats.md 53)', () => {
  const sales = (crew: string, withPhone: number, without: number) => [
    ...Array.from({ length: withPhone }, () => ({ crew, mode: 'dynamic' as const })),
    ...Array.from({ length: without }, () => ({ crew, mode: 'without-phone' as const })),
  ];

  it('are listed when they do it far more often than the others', () => {
    const shares = crewShares([...sales('C1', 40, 2), ...sales('C2', 38, 1), ...sales('C3', 10, 12)]);
    expect(shares.map(({ crew, isUnusual }) => [crew, isUnusual])).toEqual([
      ['C3', true],
      ['C1', false],
      ['C2', false],
    ]);
  });

  it('are not judged by a handful of sales, nor alone', () => {
    expect(crewShares([...sales('C1', 40, 2), ...sales('C2', 0, 3)]).some((one) => one.isUnusual)).toBe(
      false,
    );
    expect(crewShares(sales('C1', 5, 20))[0]?.isUnusual).toBe(false);
  });
});
