// What the crew does at the till, with the taps and scans of the test's window.
import { configure, fireEvent, screen, waitFor } from '@testing-library/vue';
import { expect } from 'vitest';
import { ordinaryPassenger, pickPassenger, type DemoPassenger } from '../../support/demo-passengers.ts';
import { openTestWindow, type TestWindow } from './open-screen.ts';

// The machine may be busy with other tests: a condition is waited for, not a time.
configure({ asyncUtilTimeout: 10_000 });

export const RICE = 'ML-001';
export const WATER = 'DR-001';

export async function tap(testId: string | RegExp): Promise<void> {
  await fireEvent.click(await screen.findByTestId(testId));
}

/** Lets the serial scanner read a text, and waits for the till's answer. */
export async function scan(window: TestWindow, text: string): Promise<void> {
  const scansSoFar = (): number => window.calls.filter((name) => name === 'scan').length;
  const before = scansSoFar();
  window.push('scannerText', text);
  await waitFor(() => {
    expect(scansSoFar()).toBeGreaterThan(before);
    expect(['accepted', 'refused']).toContain(screen.getByTestId('scan-state').dataset['state']);
  });
}

/** A till with one ordinary passenger in front of the crew. */
export async function withPassenger(): Promise<{ window: TestWindow; seat: string }> {
  const window = await openTestWindow();
  window.show();
  const passenger = ordinaryPassenger(window.main.people);
  await scan(window, window.codeOf(passenger));
  return { window, seat: passenger.seat };
}

/** Someone whose code is printed on paper. */
export function paperPassenger({ main }: TestWindow): DemoPassenger {
  return pickPassenger(
    main.people,
    (one) => one.holder === null && one.listed && !one.denied && one.staticMinor > 0,
  );
}

/** Taps the items, confirms, and answers the number of the recorded sale. */
export async function sell(...skus: string[]): Promise<number> {
  for (const sku of skus) await tap(`item-${sku}`);
  await tap('confirm');
  return Number((await screen.findByTestId('confirmed')).dataset['seq']);
}
