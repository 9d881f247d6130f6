// Works whatever page the till's window holds now: looks, taps, and a scanner's burst of keys.
import { expect } from '@playwright/test';
import { LOOK_AGAIN, type TillProcess } from './till-process.ts';

export type WindowHand = {
  /** What the page answers now; null while there is no page to ask. */
  readonly ask: <A, T>(question: (about: A) => T | Promise<T>, about: A) => Promise<T | null>;
  readonly count: (testId: string) => Promise<number>;
  readonly text: (testId: string) => Promise<string | null>;
  readonly attribute: (testId: string, name: string) => Promise<string | null>;
  /** Clicks what is there and enabled; false when there is nothing of the kind. */
  readonly tap: (testId: string) => Promise<boolean>;
  /** Waits until it can be clicked, then does. */
  readonly mustTap: (testId: string) => Promise<void>;
  /** A scanner's burst of keys, Enter at the end. */
  readonly wedge: (text: string) => Promise<void>;
  /** Waits until the page answers what is wanted. */
  readonly until: <T>(look: () => Promise<T>, wanted: T, timeoutMs?: number) => Promise<void>;
  /** Lets go: whatever is still being waited for with this hand fails now, and does nothing any more. */
  readonly letGo: () => void;
};

export function createWindowHand(till: TillProcess): WindowHand {
  let hasLetGo = false;

  const ask: WindowHand['ask'] = async <A, T>(question: (about: A) => T | Promise<T>, about: A) => {
    if (hasLetGo) throw new Error('the window is gone');
    const script = `(${question.toString()})(${JSON.stringify(about)})`;
    return (await till.ask({ ask: 'page', script })) as T | null;
  };

  const tap: WindowHand['tap'] = async (testId) =>
    (await ask((id) => {
      const found = document.querySelector<HTMLButtonElement>(`[data-testid="${id}"]`);
      if (found === null || found.disabled) return false;
      found.click();
      return true;
    }, testId)) ?? false;

  const until: WindowHand['until'] = async (look, wanted, timeoutMs = 30_000) => {
    await expect.poll(look, { timeout: timeoutMs, ...LOOK_AGAIN }).toEqual(wanted);
  };

  return {
    ask,
    tap,
    until,
    count: async (testId) =>
      (await ask((id) => document.querySelectorAll(`[data-testid="${id}"]`).length, testId)) ?? 0,
    text: (testId) =>
      ask((id) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`)?.innerText ?? null, testId),
    attribute: (testId, name) =>
      ask(([id, of]) => document.querySelector(`[data-testid="${id}"]`)?.getAttribute(of) ?? null, [
        testId,
        name,
      ] as const),
    mustTap: async (testId) => {
      await expect.poll(() => tap(testId), { message: `tap ${testId}`, ...LOOK_AGAIN }).toBe(true);
    },
    wedge: async (text) => {
      await ask((keys) => {
        const press = (key: string): void => {
          document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        };
        for (const key of keys) press(key);
        press('Enter');
      }, text);
    },
    letGo: () => {
      hasLetGo = true;
    },
  };
}
