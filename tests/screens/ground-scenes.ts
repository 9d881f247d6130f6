// The money's way after the gate: every state of ground and of bills, as main would tell them.
import { expect } from '@playwright/test';
import type { GroundState, SettlementState } from '../../bridge/settlement-state.ts';
import type { BillStanding } from '../../domain/settlement/settlement-view.ts';
import type { Scene } from './scene.ts';

const STANDINGS: readonly BillStanding[] = [
  'must-act',
  'paid',
  'with-ground',
  'collecting',
  'lowered',
  'acknowledged',
];

type Told = { readonly ground: GroundState; readonly isHeld?: boolean; readonly isCollected?: boolean };

export async function hearFromGround(scene: Scene): Promise<void> {
  const { till, shoot } = scene;
  const { page } = till;
  const bills = await readBills(scene);
  const batchId = await openSealed(scene);
  const tell = async (told: Told): Promise<void> => {
    const state = compose(bills, batchId, told);
    await till.app.evaluate(({ webContents }, sent) => {
      webContents.getAllWebContents()[0]?.send('till:settlement', sent);
    }, state);
    await expect(page.getByTestId('ground-state')).toHaveAttribute('data-state', told.ground.kind);
  };
  const soon = (): number => Date.now() + 40_000;
  await tell({ ground: { kind: 'unreachable', why: 'no-network', nextTryAtMs: soon() } });
  await shoot('ground-no-network');
  await tell({ ground: { kind: 'sending', sentBytes: 51_000, totalBytes: 83_188 } });
  await shoot('ground-sending');
  await tell({ ground: { kind: 'unreachable', why: 'clock-differs', nextTryAtMs: Date.now() + 240_000 } });
  await shoot('ground-clock-differs');
  await tell({ ground: { kind: 'stopped', why: 'batch-totals' } });
  await shoot('ground-refused');
  await tell({ ground: { kind: 'waiting', nextTryAtMs: soon() }, isHeld: true });
  await shoot('ground-has-it');
  await page.getByTestId('import-results').click();
  await page.getByTestId('import-now').click();
  await page.getByTestId('refusal').waitFor();
  await shoot('import-results');
  await page.getByTestId('close-import').click();
  await tell({ ground: { kind: 'waiting', nextTryAtMs: soon() }, isHeld: true, isCollected: true });
  await page.getByTestId('result-notice').waitFor();
  await shoot('results-arrived');
  await page.getByTestId('see-results').click();
  await shoot('bills-with-results');
  for (const standing of ['must-act', 'paid', 'with-ground']) {
    await page.locator(`.bill-row:has([data-standing="${standing}"])`).first().click();
    await shoot(`bill-${standing}`);
  }
}

type BillRow = { readonly bill: string; readonly amountMinor: number };

async function readBills({ till: { page } }: Scene): Promise<readonly BillRow[]> {
  await page.getByTestId('nav-bills').click();
  const rows = page.locator('.bill-row');
  await rows.first().waitFor();
  return rows.evaluateAll((all) =>
    all.map((row) => ({
      bill: row.getAttribute('data-testid')?.slice('bill-'.length) ?? '',
      amountMinor: Number((row.querySelector('.bill-row-amount')?.textContent ?? '').replace(/[^0-9]/g, '')),
    })),
  );
}

async function openSealed({ till: { page } }: Scene): Promise<string> {
  await page.getByTestId('nav-flight').click();
  return (await page.getByTestId('batch-id').innerText()).trim();
}

function compose(bills: readonly BillRow[], batchId: string, told: Told): SettlementState {
  const { isHeld = false, isCollected = false } = told;
  const sold = bills.filter(({ amountMinor }) => amountMinor > 0);
  const standingOf = (bill: BillRow): BillStanding => {
    if (!isHeld) return 'sealed';
    if (!isCollected) return 'collecting';
    return STANDINGS[sold.indexOf(bill) % STANDINGS.length] ?? 'paid';
  };
  return {
    ground: told.ground,
    batches: [
      {
        batchId,
        leg: '9C8835',
        from: 1,
        to: 44,
        status: isHeld ? 'acknowledged' : told.ground.kind === 'stopped' ? 'refused' : 'sealed',
        answeredAtMs: isHeld ? Date.now() : null,
      },
    ],
    bills: Object.fromEntries(
      bills.map((bill) => [
        bill.bill,
        {
          status: standingOf(bill),
          amountMinor: bill.amountMinor,
          currency: 'CNY',
          code: standingOf(bill) === 'must-act' ? '271316574' : '',
        },
      ]),
    ),
    unsent: isHeld
      ? { count: 0, minor: 0 }
      : { count: sold.length, minor: sold.reduce((sum, bill) => sum + bill.amountMinor, 0) },
  };
}
