import { afterEach, describe, expect, it } from 'vitest';
import { refundOrder } from '../../../ground/orders/refund-order.ts';
import { fetchStatement, importStatement } from '../../../ground/statements/import-statement.ts';
import { statementDay } from '../../../ground/statements/statement-jobs.ts';
import { openSettlementScene, WECHAT, type SettlementScene } from '../../support/settlement-scene.ts';

let open: SettlementScene | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

const dayOf = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);

async function settledFlight() {
  const flight = await openSettlementScene();
  open = flight;
  const [till] = flight.terminals;
  if (till === undefined) throw new Error('no terminal');
  const [anna, ben] = [await flight.enrol(), await flight.enrol()];
  till.sell(anna, 2500);
  till.sell(ben, 800);
  till.close();
  await flight.deliver(till);
  await flight.workUntilState(anna, 'PAID');
  await flight.workUntilState(ben, 'PAID');
  return { flight, anna, ben, day: dayOf(flight.ground.nowMs()) };
}

async function differencesOf({ ground }: SettlementScene) {
  return await ground.db
    .selectFrom('difference')
    .select(['kind', 'order_number', 'ours_minor', 'theirs_minor'])
    .where('resolved_at_ms', 'is', null)
    .orderBy('id')
    .execute();
}

describe('a statement', () => {
  it('that agrees lists nothing, however often it is imported, refunds included', async () => {
    const { flight, anna, day } = await settledFlight();
    const { ground, airline } = flight;
    const act = { who: 'finance', airline, orderNumber: anna.orderNumber, amountMinor: 500, why: 'spilt' };
    expect((await refundOrder(ground, act)).ok).toBe(true);
    for (let i = 0; i < 2; i++) {
      expect(await fetchStatement(ground, airline, WECHAT, day)).toEqual({
        ok: true,
        value: { rows: 3, differences: 0 },
      });
    }
    const rows = await ground.db.selectFrom('statement_row').selectAll().execute();
    expect(rows.map(({ kind, amount_minor }) => [kind, amount_minor]).sort()).toEqual([
      ['charge', 2500],
      ['charge', 800],
      ['refund', 500],
    ]);
    expect(rows.every(({ order_number }) => order_number?.startsWith('CP9C') === true)).toBe(true);
  });

  it('lists what is missing, what differs, what is unknown and what has no number', async () => {
    const { flight, anna, ben, day } = await settledFlight();
    const { ground, airline } = flight;
    const adapter = await ground.wallets(airline, WECHAT);
    const text = await adapter?.fetchStatement(day);
    if (text?.ok !== true) throw new Error('no statement');
    const altered = text.value
      .replaceAll('25.00', '24.00')
      .replace(`wxzff|serviceOrder|${ben.orderNumber}`, '');
    const imported = await importStatement(ground, airline, WECHAT, altered, day);
    expect(imported).toMatchObject({ ok: true });
    const found = await differencesOf(flight);
    expect(found).toContainEqual({
      kind: 'amount',
      order_number: anna.orderNumber,
      ours_minor: 2500,
      theirs_minor: 2400,
    });
    expect(found).toContainEqual({
      kind: 'no-order-number',
      order_number: null,
      ours_minor: null,
      theirs_minor: 800,
    });
    // The genuine one puts it right.
    await importStatement(ground, airline, WECHAT, text.value, day);
    expect(await differencesOf(flight)).toEqual([]);
  });

  it('that lacks a payment of ours says so until a later one has it', async () => {
    const { flight, anna, ben, day } = await settledFlight();
    const { ground, airline } = flight;
    const adapter = await ground.wallets(airline, WECHAT);
    const text = await adapter?.fetchStatement(day);
    const empty = await adapter?.fetchStatement('2020-01-01');
    if (text?.ok !== true || empty?.ok !== true) throw new Error('no statement');
    await importStatement(ground, airline, WECHAT, empty.value, day);
    const missing = await differencesOf(flight);
    expect(missing.map(({ kind, order_number }) => [kind, order_number]).sort()).toEqual(
      [anna, ben].map(({ orderNumber }) => ['missing-at-wallet', orderNumber]).sort(),
    );
    const next = dayOf(ground.nowMs() + 86_400_000);
    await importStatement(ground, airline, WECHAT, text.value, next);
    expect(await differencesOf(flight)).toEqual([]);
  });

  it('that cannot be read changes nothing', async () => {
    const { flight, day } = await settledFlight();
    const { ground, airline } = flight;
    const refused = await importStatement(ground, airline, WECHAT, 'no statement at all', day);
    expect(refused).toMatchObject({ ok: false, error: { kind: 'unreadable' } });
    expect(await importStatement(ground, airline, WECHAT, '', 'yesterday')).toMatchObject({ ok: false });
    expect(await ground.db.selectFrom('statement_row').selectAll().execute()).toEqual([]);
  });
});

describe('the day whose statement is there', () => {
  it('is yesterday after half past ten in China, and the day before until then', () => {
    const noon = Date.parse('2026-11-23T04:00:00Z');
    expect(statementDay(noon)).toEqual({ day: '2026-11-22', nextMs: Date.parse('2026-11-24T02:30:00Z') });
    expect(statementDay(noon - 2 * 3_600_000)).toEqual({
      day: '2026-11-21',
      nextMs: Date.parse('2026-11-23T02:30:00Z'),
    });
  });
});
