// What every wallet's adapter must do, whatever its API looks like: run over each of them with its simulator.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WalletOrderStatus } from '../../../ground/wallets/wallet.ts';
import { mandateFor, settlementFor, valueOf, type WalletBench } from './wallet-bench.ts';

let lastPerson = 0;
function newPerson(score = 700, more = ''): string {
  lastPerson += 1;
  return `p-${score.toString()}-${lastPerson.toString()}${more}`;
}

/** Where wallets truly differ. */
export type WalletTraits = {
  /** Takes a lower amount while it is collecting; else the difference is refunded after the payment. */
  readonly canLower: boolean;
  /** A code that came back from the sign-in page works once. */
  readonly codesWorkOnce: boolean;
};

export function describeWallet(name: string, start: () => Promise<WalletBench>, traits: WalletTraits): void {
  describe(`${name}: what every wallet does`, () => {
    let bench: WalletBench;
    beforeAll(async () => {
      bench = await start();
    });
    afterAll(() => bench.stop());

    async function openOrder(account = newPerson()): Promise<string> {
      const request = mandateFor(account);
      const status = valueOf(await bench.adapter.createMandate(request));
      expect(status).toMatchObject({ state: 'open', totalMinor: null, paidMinor: null, transactionId: null });
      return request.orderNumber;
    }

    async function settle(orderNumber: string): Promise<WalletOrderStatus> {
      const body = bench.adapter.composeSettlement(settlementFor(orderNumber));
      return valueOf(await bench.adapter.settleOnce(orderNumber, body));
    }

    const booked = (orderNumber: string) =>
      bench.simulator.books().orders.find((order) => order.orderNumber === orderNumber);

    async function statusOf(orderNumber: string): Promise<WalletOrderStatus> {
      return valueOf(await bench.adapter.confirmStatus(orderNumber));
    }

    it('opens, completes, collects and says paid with the transaction', async () => {
      const orderNumber = await openOrder();
      expect(await settle(orderNumber)).toMatchObject({ state: 'collecting', totalMinor: 5000 });
      bench.advance(2000);
      const paid = await statusOf(orderNumber);
      expect(paid).toMatchObject({ state: 'paid', totalMinor: 5000, paidMinor: 5000, mustActCode: null });
      expect(booked(orderNumber)).toMatchObject({
        chargedMinor: 5000,
        completes: 1,
        transactionId: paid.transactionId,
      });
    });

    it('tells of the payment by a notice that verifies', async () => {
      const orderNumber = await openOrder();
      await settle(orderNumber);
      bench.advance(2000);
      await bench.simulator.control.whenNoticesRest();
      const notices = await bench.readNotices();
      const ours = notices.filter((notice) => notice.ok && notice.value.orderNumber === orderNumber);
      expect(ours).toHaveLength(1);
      expect(valueOf(ours[0] ?? { ok: false, error: 'none' }).status).toMatchObject({
        state: 'paid',
        paidMinor: 5000,
      });
    });

    it('creates the same order twice as one, and refuses other data under its number', async () => {
      const request = mandateFor(newPerson());
      const first = valueOf(await bench.adapter.createMandate(request));
      expect(valueOf(await bench.adapter.createMandate(request))).toEqual(first);
      const other = await bench.adapter.createMandate({ ...request, capMinor: request.capMinor + 1 });
      expect(other).toMatchObject({ ok: false, error: { kind: 'repeated-with-other-data' } });
    });

    it('composes the same settlement into the same bytes', () => {
      const request = settlementFor('CP9C2611230000000000000');
      expect(bench.adapter.composeSettlement(request)).toBe(bench.adapter.composeSettlement(request));
    });

    it('releases an order nobody bought on, and never one that was completed', async () => {
      const empty = await openOrder();
      expect(valueOf(await bench.adapter.cancel(empty, '未消费'))).toMatchObject({ state: 'released' });
      expect(await statusOf(empty)).toMatchObject({ state: 'released' });
      const sold = await openOrder();
      await settle(sold);
      expect(await bench.adapter.cancel(sold, '未消费')).toMatchObject({
        ok: false,
        error: { kind: 'wrong-state' },
      });
    });

    it('refuses a total that is not payments less discounts before anything is sent', async () => {
      const orderNumber = await openOrder();
      const body = bench.adapter.composeSettlement(settlementFor(orderNumber, { totalMinor: 5001 }));
      expect(await bench.adapter.settleOnce(orderNumber, body)).toMatchObject({
        ok: false,
        error: { kind: 'rejected', code: 'rule total' },
      });
      expect(booked(orderNumber)).toMatchObject({ completeCalls: 0, completes: 0 });
    });

    it('refuses a settlement over the cap of the service before anything is sent', async () => {
      const orderNumber = await openOrder();
      const payments = [{ name: '商品信息', description: '金表', count: 1, amountMinor: 100_001 }];
      const request = settlementFor(orderNumber, { payments, discounts: [], totalMinor: 100_001 });
      expect(
        await bench.adapter.settleOnce(orderNumber, bench.adapter.composeSettlement(request)),
      ).toMatchObject({ ok: false, error: { kind: 'over-cap' } });
      expect(booked(orderNumber)).toMatchObject({ completeCalls: 0 });
    });

    it('charges once when the answer to a completion is lost: the query tells', async () => {
      const orderNumber = await openOrder();
      bench.simulator.control.addFault({ on: 'complete', kind: 'drop-after' });
      const body = bench.adapter.composeSettlement(settlementFor(orderNumber));
      expect(await bench.adapter.settleOnce(orderNumber, body)).toMatchObject({
        ok: false,
        error: { kind: 'no-answer' },
      });
      expect(await statusOf(orderNumber)).toMatchObject({ state: 'collecting', totalMinor: 5000 });
      await bench.adapter.settleOnce(orderNumber, body);
      bench.advance(2000);
      expect(await statusOf(orderNumber)).toMatchObject({ state: 'paid' });
      expect(booked(orderNumber)).toMatchObject({ completes: 1, chargedMinor: 5000 });
    });

    it('leaves no trace of a completion that was lost on its way there', async () => {
      const orderNumber = await openOrder();
      bench.simulator.control.addFault({ on: 'complete', kind: 'drop-before' });
      const body = bench.adapter.composeSettlement(settlementFor(orderNumber));
      expect(await bench.adapter.settleOnce(orderNumber, body)).toMatchObject({ ok: false });
      expect(await statusOf(orderNumber)).toMatchObject({ state: 'open' });
      expect(valueOf(await bench.adapter.settleOnce(orderNumber, body))).toMatchObject({
        state: 'collecting',
      });
    });

    it.each([500, 502, 503, 429])('calls %i no answer, whatever stands in it', async (status) => {
      const orderNumber = await openOrder();
      bench.simulator.control.addFault({ on: 'query', kind: 'status', status });
      expect(await bench.adapter.confirmStatus(orderNumber)).toMatchObject({
        ok: false,
        error: { kind: 'no-answer' },
      });
    });

    it('gives up on an answer that does not come', async () => {
      const orderNumber = await openOrder();
      const hasty = bench.otherAdapter({ timeoutMs: 150 });
      bench.simulator.control.addFault({ on: 'query', kind: 'hang-after' });
      expect(await hasty.confirmStatus(orderNumber)).toMatchObject({
        ok: false,
        error: { kind: 'no-answer' },
      });
    });

    it.each(['bad-signature', 'altered'] as const)('believes nothing in an answer with %s', async (kind) => {
      const orderNumber = await openOrder();
      bench.simulator.control.addFault({ on: 'query', kind });
      expect(await bench.adapter.confirmStatus(orderNumber)).toMatchObject({
        ok: false,
        error: { kind: 'bad-signature' },
      });
    });

    it('knows no order that was never created', async () => {
      expect(await bench.adapter.confirmStatus('CP9C2611239999999999999')).toMatchObject({
        ok: false,
        error: { kind: 'unknown-order' },
      });
    });

    it('accepts 551 and refuses 550, and shows neither number anywhere', async () => {
      const accepted = await bench.adapter.createMandate(mandateFor(newPerson(551)));
      expect(accepted.ok).toBe(true);
      const refused = await bench.adapter.createMandate(mandateFor(newPerson(550)));
      expect(refused).toMatchObject({ ok: false, error: { kind: 'not-accepted' } });
      bench.simulator.control.addPerson({ account: 'somebody', score: 549 });
      const named = await bench.adapter.createMandate(mandateFor('somebody'));
      expect(JSON.stringify([accepted, refused, named])).not.toMatch(/\bscore|55[01]|549/i);
      expect(JSON.stringify(bench.inbox.raw)).not.toMatch(/\bscore/i);
    });

    it.each([
      ['-youth', 'youth-mode'],
      ['-overdue', 'overdue-orders'],
      ['-open3', 'not-accepted'],
    ])('says why for a person %s', async (word, kind) => {
      const answer = await bench.adapter.createMandate(mandateFor(newPerson(700, word)));
      expect(answer).toMatchObject({ ok: false, error: { kind } });
    });

    it('refuses a fourth open order until one is released', async () => {
      const account = newPerson();
      const first = await openOrder(account);
      await openOrder(account);
      await openOrder(account);
      expect(await bench.adapter.createMandate(mandateFor(account))).toMatchObject({
        ok: false,
        error: { kind: 'not-accepted' },
      });
      await bench.adapter.cancel(first, '未消费');
      await openOrder(account);
    });

    it('refuses a person who did not permit, and one who took it back', async () => {
      bench.simulator.control.addPerson({ account: 'never-asked', score: 700, hasPermitted: false });
      expect(await bench.adapter.createMandate(mandateFor('never-asked'))).toMatchObject({
        ok: false,
        error: { kind: 'not-permitted' },
      });
      const account = newPerson();
      await openOrder(account);
      bench.simulator.control.withdrawPermission(account);
      expect(await bench.adapter.createMandate(mandateFor(account))).toMatchObject({
        ok: false,
        error: { kind: 'not-permitted' },
      });
    });

    it('collects by itself until it succeeds, and says when the passenger must act', async () => {
      const orderNumber = await openOrder(newPerson(700, '-tries2'));
      await settle(orderNumber);
      bench.advance(1500);
      const waiting = await statusOf(orderNumber);
      expect(waiting.state).toBe('collecting');
      expect(waiting.mustActCode).not.toBeNull();
      bench.advance(10_000);
      expect(await statusOf(orderNumber)).toMatchObject({
        state: 'paid',
        paidMinor: 5000,
        mustActCode: null,
      });
      expect(booked(orderNumber)).toMatchObject({ completes: 1, chargedMinor: 5000 });
    });

    it('goes on collecting from one who never pays, and takes note that it was paid elsewhere', async () => {
      const orderNumber = await openOrder(newPerson(700, '-elsewhere'));
      await settle(orderNumber);
      bench.advance(60_000);
      expect(await statusOf(orderNumber)).toMatchObject({ state: 'collecting' });
      valueOf(await bench.adapter.syncPaid(orderNumber, bench.nowMs() - 1000));
      expect(await statusOf(orderNumber)).not.toMatchObject({ state: 'collecting' });
      expect(booked(orderNumber)).toMatchObject({ chargedMinor: 0 });
    });

    it('blocks a person whose order stays unpaid', async () => {
      const account = newPerson(700, '-never');
      const orderNumber = await openOrder(account);
      await settle(orderNumber);
      bench.advance(8 * 86_400_000);
      expect(await bench.adapter.createMandate(mandateFor(account))).toMatchObject({
        ok: false,
        error: { kind: 'overdue-orders' },
      });
      expect(bench.simulator.control.payInWallet(orderNumber)).toBe(true);
      expect(await statusOf(orderNumber)).toMatchObject({ state: 'paid' });
      await openOrder(account);
    });

    it('lowers what is being collected, each time further down', async () => {
      const orderNumber = await openOrder(newPerson(700, '-late'));
      await settle(orderNumber);
      if (!traits.canLower) {
        expect(await bench.adapter.lower(settlementFor(orderNumber))).toMatchObject({
          ok: false,
          error: { kind: 'wrong-state', code: 'cannot-lower' },
        });
        return;
      }
      const lowered = settlementFor(orderNumber, {
        payments: [{ name: '商品信息', description: '牛肉面', count: 1, amountMinor: 2500 }],
        discounts: [],
        totalMinor: 2500,
      });
      expect(valueOf(await bench.adapter.lower(lowered))).toMatchObject({
        state: 'collecting',
        totalMinor: 2500,
      });
      expect((await bench.adapter.lower(lowered)).ok).toBe(false);
      bench.advance(60_000);
      expect(await statusOf(orderNumber)).toMatchObject({ state: 'paid', paidMinor: 2500 });
      expect(booked(orderNumber)).toMatchObject({ chargedMinor: 2500 });
      expect(await bench.adapter.lower({ ...lowered })).toMatchObject({
        ok: false,
        error: { kind: 'wrong-state' },
      });
    });

    it('refunds by the transaction, once for each refund number', async () => {
      const orderNumber = await openOrder();
      await settle(orderNumber);
      bench.advance(2000);
      const { transactionId } = await statusOf(orderNumber);
      const wish = {
        transactionId: transactionId ?? '',
        refundNumber: `R${orderNumber}`,
        refundMinor: 1000,
        totalMinor: 5000,
        reason: '退可乐',
      };
      const first = valueOf(await bench.adapter.refund(wish));
      expect(valueOf(await bench.adapter.refund(wish))).toEqual(first);
      expect(booked(orderNumber)).toMatchObject({ refundedMinor: 1000 });
      const tooMuch = await bench.adapter.refund({ ...wish, refundNumber: 'R2', refundMinor: 4001 });
      expect(tooMuch.ok).toBe(false);
    });

    it('reads the statement of a day back to what the books took', async () => {
      const orderNumber = await openOrder();
      await settle(orderNumber);
      bench.advance(2000);
      const { transactionId } = await statusOf(orderNumber);
      await bench.adapter.refund({
        transactionId: transactionId ?? '',
        refundNumber: `R${orderNumber}`,
        refundMinor: 700,
        totalMinor: 5000,
        reason: '退',
      });
      const day = new Date(bench.nowMs() + 8 * 3_600_000).toISOString().slice(0, 10);
      const text = valueOf(await bench.adapter.fetchStatement(day));
      const rows = valueOf(bench.adapter.parseStatement(text));
      const ours = rows.filter((row) => row.orderNumber === orderNumber);
      expect(ours.map(({ kind, amountMinor }) => [kind, amountMinor]).sort()).toEqual([
        ['charge', 5000],
        ['refund', 700],
      ]);
      expect(ours.find(({ kind }) => kind === 'charge')?.transactionId).toBe(transactionId);
      expect(
        valueOf(bench.adapter.parseStatement(valueOf(await bench.adapter.fetchStatement('2026-01-01')))),
      ).toEqual([]);
    });

    it('sends the passenger to a page of the wallet and learns who came back, once', async () => {
      const address = bench.adapter.signInAddress('state-1', 'https://ground.example/v1/phone/return?x=1');
      const page = await (await fetch(address)).text();
      expect(page).toContain('data-testid="allow"');
      expect(page.replace(/<style>.*<\/style>/s, '')).not.toMatch(/score["'=:]|\b[5-7][0-9]{2}\b/i);
      const person = newPerson();
      const back = await decideOnPage(page, address, { account: person, decision: 'allow' });
      expect(back.searchParams.get('state')).toBe('state-1');
      expect(back.searchParams.get('x')).toBe('1');
      const code = back.searchParams.get('code') ?? '';
      expect(valueOf(await bench.adapter.readAccount(code))).toEqual({ account: person });
      expect((await bench.adapter.readAccount(code)).ok).toBe(!traits.codesWorkOnce);
      expect(await bench.adapter.readAccount('0'.repeat(32))).toMatchObject({
        ok: false,
        error: { kind: 'not-permitted' },
      });
      const fresh = await decideOnPage(page, address, { person: 'ordinary', decision: 'allow' });
      const somebody = valueOf(await bench.adapter.readAccount(fresh.searchParams.get('code') ?? ''));
      expect(somebody.account).not.toBe(person);
      await openOrder(somebody.account);
      const refused = await decideOnPage(page, address, { account: newPerson(), decision: 'refuse' });
      expect(refused.searchParams.has('code')).toBe(false);
    });

    it('refuses settings with a part missing, and says which without its value', () => {
      expect(() => bench.otherAdapter({ capMinor: 'much' })).toThrow(/config: capMinor/);
      const broken = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----';
      expect(() => bench.otherAdapter({}, { merchantPrivateKeyPem: broken })).toThrow(/^secrets: (?!.*c2Vj)/);
    });
  });
}

/** Does what the buttons of the page do, and answers where the browser is sent. */
async function decideOnPage(
  page: string,
  address: string,
  choice: Readonly<Record<string, string>>,
): Promise<URL> {
  const action = /action="([^"]+)"/.exec(page)?.[1] ?? '';
  const form = new URLSearchParams(choice);
  for (const [, name = '', value = ''] of page.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)) {
    form.set(
      name,
      value.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))),
    );
  }
  const response = await fetch(new URL(action, address), { method: 'POST', body: form, redirect: 'manual' });
  return new URL(response.headers.get('location') ?? 'about:blank');
}
