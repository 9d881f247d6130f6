// @vitest-environment happy-dom
// First of all: Dexie looks for IndexedDB while it is loaded.
import 'fake-indexeddb/auto';
import { writeFileSync } from 'node:fs';
import { screen, waitFor } from '@testing-library/vue';
import { describe, expect, it } from 'vitest';
import type { SettlementState } from '../../../bridge/settlement-state.ts';
import type { BillSettlement } from '../../../domain/settlement/settlement-view.ts';
import { makeDemo } from '../../../ground/demo/make-demo.ts';
import { useBillsStore } from '../../../renderer/stores/bills-store.ts';
import { RICE, scan, sell, tap, WATER, withPassenger } from '../support/crew-hands.ts';
import { ordinaryPassenger } from '../../support/demo-passengers.ts';
import { openMainTillIn, type MainTill } from '../../support/main-till.ts';
import { openPackPress } from '../../support/pack-press.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openTestWindow, type TestWindow } from '../support/open-screen.ts';

const NOTHING: SettlementState = {
  ground: { kind: 'up-to-date' },
  batches: [],
  bills: {},
  unsent: { count: 0, minor: 0 },
};

function told(status: BillSettlement['status'], change: Partial<BillSettlement> = {}): BillSettlement {
  return { status, amountMinor: 4800, currency: 'CNY', code: '', ...change };
}

async function onlyBill(): Promise<string> {
  await waitFor(() => {
    expect(useBillsStore().bills).toHaveLength(1);
  });
  return useBillsStore().bills[0]?.bill ?? '';
}

async function withSale(): Promise<{ window: TestWindow; bill: string }> {
  const { window } = await withPassenger();
  await sell(RICE);
  return { window, bill: await onlyBill() };
}

describe('what is unsent', () => {
  it('stands in the bar from the first sale on, with its amount, and leads to the flight', async () => {
    const { window } = await withPassenger();
    expect(screen.queryByTestId('unsent')).toBeNull();
    await sell(RICE);
    await waitFor(() => {
      const last = window.main.pushed.settlement.at(-1);
      if (last === undefined) throw new Error('main has not said anything yet');
      window.push('settlement', last);
      expect(screen.getByTestId('unsent').textContent).toContain('1 张未交 ￥48.00');
    });
    await tap('unsent');
    expect((await screen.findByTestId('unsent-amount')).textContent).toBe('￥48.00');
  });

  it('stays in the bar for a batch without a sale that ground has not acknowledged', async () => {
    const window = await openTestWindow();
    window.show();
    const batch = { batchId: 'b'.repeat(26), leg: 'x', from: 1, to: 9, status: 'sealed' as const };
    window.push('settlement', { ...NOTHING, batches: [{ ...batch, answeredAtMs: null }] });
    expect((await screen.findByTestId('unsent')).textContent).toContain('批次未交');
  });
});

describe('the way to ground', () => {
  it('says why nothing is sent, when it is tried again, and lets the crew send now', async () => {
    const window = await openTestWindow();
    window.show();
    await tap('nav-flight');
    window.push('settlement', {
      ...NOTHING,
      ground: { kind: 'unreachable', why: 'no-network', nextTryAtMs: Date.now() + 29_000 },
    });
    await waitFor(() => {
      expect(screen.getByTestId('ground-state').textContent).toContain('现在没有网络');
    });
    expect(screen.getByTestId('ground-state').textContent).toContain('约 30 秒后自动再试');
    await tap('send-now');
    await waitFor(() => {
      expect(window.calls).toContain('sendNow');
    });
  });

  it('shows how far the upload is', async () => {
    const window = await openTestWindow();
    window.show();
    await tap('nav-flight');
    window.push('settlement', { ...NOTHING, ground: { kind: 'sending', sentBytes: 30, totalBytes: 120 } });
    expect((await screen.findByRole('progressbar')).getAttribute('aria-valuenow')).toBe('25');
    expect(screen.queryByTestId('send-now')).toBeNull();
  });

  it('says in words when ground has refused', async () => {
    const window = await openTestWindow();
    window.show();
    await tap('nav-flight');
    window.push('settlement', { ...NOTHING, ground: { kind: 'stopped', why: 'batch-totals' } });
    await waitFor(() => {
      expect(screen.getByTestId('ground-state').textContent).toContain('地面没接受：金额不符');
    });
  });

  it('says so when a storage has no results', async () => {
    const window = await openTestWindow();
    window.show();
    await tap('nav-flight');
    await tap('import-results');
    const button = await screen.findByTestId<HTMLButtonElement>('import-now');
    await waitFor(() => {
      expect(button.disabled).toBe(false);
    });
    await tap('import-now');
    expect((await screen.findByTestId('refusal')).dataset['kind']).toBe('results-not-found');
  });
});

describe('a bill', () => {
  it('says what the passenger can do when the wallet could not collect', async () => {
    const { window, bill } = await withSale();
    await tap('nav-bills');
    await tap(`bill-${bill}`);
    expect(screen.queryByTestId('bill-standing')).toBeNull();
    window.push('settlement', { ...NOTHING, bills: { [bill]: told('must-act', { code: '271316574' }) } });
    const standing = await screen.findByTestId('bill-standing');
    expect(standing.textContent).toContain('我 → 钱包 → 支付分 → 待支付');
    await tap('language-toggle');
    expect(standing.textContent).toContain('Me → Wallet → Pay Score');
  });

  it('says what was collected where ground lowered it', async () => {
    const { window, bill } = await withSale();
    await tap('nav-bills');
    await tap(`bill-${bill}`);
    window.push('settlement', { ...NOTHING, bills: { [bill]: told('lowered', { amountMinor: 3000 }) } });
    expect((await screen.findByTestId('bill-standing')).textContent).toContain('￥30.00');
  });
});

describe('results that arrive', () => {
  it('are one line that can be dismissed and counts what is new only', async () => {
    const { window, bill } = await withSale();
    window.push('settlement', { ...NOTHING, bills: { [bill]: told('collecting') } });
    expect(screen.queryByTestId('result-notice')).toBeNull();
    const arrived = { [bill]: told('paid'), 'T-0001.1.99': told('must-act') };
    window.push('settlement', { ...NOTHING, bills: arrived });
    expect((await screen.findByTestId('result-notice')).textContent).toContain(
      '1 张账单已收款，1 张需旅客处理',
    );
    await tap('dismiss-results');
    window.push('settlement', { ...NOTHING, bills: { ...arrived } });
    expect(screen.queryByTestId('result-notice')).toBeNull();
  });

  it('lead to the bills', async () => {
    const { window, bill } = await withSale();
    window.push('settlement', { ...NOTHING, bills: { [bill]: told('paid') } });
    await tap('see-results');
    expect((await screen.findByTestId(`bill-${bill}`)).textContent).toContain('已收款');
  });
});

describe('closing a flight with several terminals', () => {
  async function twoTerminals(): Promise<MainTill> {
    const [dir, nowMs] = [temporaryFolder(), Date.now()];
    await makeDemo({ out: dir, nowMs });
    const press = await openPackPress(dir);
    const devices = [
      { dev: 'T-0001', zone: { fromRow: 1, toRow: 15 } },
      { dev: 'T-0002', zone: { fromRow: 16, toRow: 33 } },
    ];
    writeFileSync(press.path, await press.reissued({ devices }));
    return openMainTillIn(dir, nowMs);
  }

  it('names to main those the purser marks as never used', async () => {
    const window = await openTestWindow({ main: await twoTerminals() });
    window.show();
    await scan(window, window.codeOf(ordinaryPassenger(window.main.people)));
    await sell(WATER);
    await tap('nav-flight');
    await tap('unused-T-0002');
    expect(screen.getByTestId('unused-T-0002').getAttribute('aria-checked')).toBe('true');
    expect(screen.queryByTestId('unused-T-0001')).toBeNull();
    await tap('close-flight');
    await tap('close-anyway');
    await screen.findByTestId('export-batch');
    expect(window.main.events().find(({ ty }) => ty === 'FLIGHT_CLOSE')).toMatchObject({
      b: { unused: ['T-0002'] },
    });
  });
});
