import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSettlementScene, type SettlementScene } from '../../support/settlement-scene.ts';
import type { Customer } from '../../support/cabin-terminal.ts';

describe('notices of a wallet', () => {
  let flight: SettlementScene;
  beforeAll(async () => {
    flight = await openSettlementScene({ terminals: 1 });
  });
  afterAll(() => flight.close());

  /** Sells to a passenger on a leg that is already released, and settles up to the completion. */
  async function collect(account: string): Promise<Customer> {
    const customer = await flight.enrol(account);
    const [till] = flight.terminals;
    if (till === undefined) throw new Error('no terminal');
    await flight.handIn(customer, [till.lineOf(till.sell(customer, 2500))]);
    return customer;
  }

  const noticesOf = async ({ orderNumber }: Customer): Promise<number> => {
    const rows = await flight.ground.db
      .selectFrom('wallet_notice')
      .select('notice_id')
      .where('order_number', '=', orderNumber)
      .execute();
    return rows.length;
  };

  it('count once when they come twice', async () => {
    const anna = await collect('p-720-201');
    await releaseFlight(flight);
    flight.wechat.control.addFault({ on: 'notice', kind: 'duplicate' });
    await flight.workUntilState(anna, 'PAID');
    await flight.wechat.control.whenNoticesRest();
    expect(await noticesOf(anna)).toBe(1);
    const paid = await flight.ground.db
      .selectFrom('order_transition')
      .select('id')
      .where('order_number', '=', anna.orderNumber)
      .where('to_state', '=', 'PAID')
      .execute();
    expect(paid).toHaveLength(1);
  });

  it('change nothing when their signature is not the wallet’s', async () => {
    const ben = await collect('p-720-202-never');
    await flight.workUntilState(ben, 'USER_PAYING', 'UNPAID_RETRY');
    const before = await flight.stateOf(ben);
    for (const kind of ['bad-signature', 'altered', 'old-timestamp'] as const) {
      flight.wechat.control.addFault({ on: 'notice', kind, times: 1 });
    }
    // Three bad ones, then the genuine one: only that counts.
    flight.wechat.control.payInWallet(ben.orderNumber);
    await flight.workUntilState(ben, 'PAID');
    expect(['USER_PAYING', 'UNPAID_RETRY']).toContain(before);
    expect(await noticesOf(ben)).toBeLessThanOrEqual(1);
  });

  it('that are made up are refused with 401', async () => {
    const answer = await post(flight.merchant.noticeAddress, '{"id":"1","event_type":"PAYSCORE.USER_PAID"}');
    expect(answer).toEqual({ status: 401, body: '{"problem":{"kind":"bad-signature"}}' });
  });

  it('for an airline or wallet without a merchant find nothing', async () => {
    const unknown = flight.merchant.noticeAddress.replace(/1$/, '9');
    expect((await post(unknown, '{}')).status).toBe(404);
  });

  it('that come late, after a query has told, change nothing', async () => {
    flight.wechat.control.addFault({ on: 'notice', kind: 'delay', ms: 4000 });
    const carl = await collect('p-720-203');
    await flight.workUntilState(carl, 'PAID');
    await flight.wechat.control.whenNoticesRest();
    expect(await flight.stateOf(carl)).toBe('PAID');
    expect(flight.bookOf(carl)).toMatchObject({ chargedMinor: 2500, completes: 1 });
  });
});

/** Nothing more is expected from the terminals: every passenger who comes is settled at once. */
async function releaseFlight({ ground, leg }: SettlementScene): Promise<void> {
  await ground.db
    .updateTable('leg_terminal')
    .set({ status: 'released', cause: 'the test' })
    .where('leg', '=', leg)
    .execute();
}

function post(address: string, body: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(
      address,
      { method: 'POST', headers: { 'content-type': 'application/json' } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: text });
        });
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}
