// Works a window whose renderer may die at any time. Playwright gives a crashed page up for good, so this goes through
// main and meets whatever page is there now.
import { expect, type ElectronApplication } from '@playwright/test';

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
  readonly rendererPid: () => Promise<number>;
  /** Lets go: whatever is still being waited for with this hand fails now, and does nothing any more. */
  readonly letGo: () => void;
};

/** A page that is being loaded anew may leave a question unanswered. */
const ANSWER_WITHIN_MS = 1500;
export const LOOK_AGAIN = { intervals: [4, 4, 8, 8, 16, 32, 50] };

export function createWindowHand(app: ElectronApplication): WindowHand {
  let hasLetGo = false;

  const ask: WindowHand['ask'] = async (question, about) => {
    if (hasLetGo) throw new Error('the window is gone');
    const code = `(${question.toString()})(${JSON.stringify(about)})`;
    const answered = app.evaluate(async ({ webContents }, script) => {
      const [contents] = webContents.getAllWebContents();
      if (contents === undefined || contents.isCrashed() || contents.isLoadingMainFrame()) return null;
      try {
        return (await contents.executeJavaScript(script)) as unknown;
      } catch {
        return null;
      }
    }, code);
    const silence = new Promise<null>((resolve) => setTimeout(resolve, ANSWER_WITHIN_MS, null));
    return (await Promise.race([answered, silence])) as Awaited<ReturnType<typeof question>> | null;
  };

  const tap: WindowHand['tap'] = async (testId) =>
    (await ask((id) => {
      const found = document.querySelector<HTMLButtonElement>(`[data-testid="${id}"]`);
      if (found === null || found.disabled) return false;
      found.click();
      return true;
    }, testId)) ?? false;

  return {
    ask,
    tap,
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
    rendererPid: () =>
      app.evaluate(({ webContents }) => webContents.getAllWebContents()[0]?.getOSProcessId() ?? 0),
    letGo: () => {
      hasLetGo = true;
    },
  };
}
