// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import { useWedgeScanner } from '../../../renderer/composables/use-wedge-scanner.ts';

const CODE = 'CP1:6BF HW$%*+./:0A';
let scope: EffectScope | null = null;

function listen(): { readonly scans: string[]; readonly cutShort: string[] } {
  const heard = { scans: [] as string[], cutShort: [] as string[] };
  scope = effectScope();
  scope.run(() => {
    useWedgeScanner(
      (text) => heard.scans.push(text),
      () => heard.cutShort.push('cut short'),
    );
  });
  return heard;
}

afterEach(() => {
  scope?.stop();
  document.body.innerHTML = '';
});

/** Presses a key as a browser does: a character reaches the focused field unless somebody holds the key back. */
function press(key: string, atMs: number, init: KeyboardEventInit = {}): boolean {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init });
  Object.defineProperty(event, 'timeStamp', { value: atMs });
  const target = document.activeElement ?? document.body;
  const isLetThrough = target.dispatchEvent(event);
  if (isLetThrough && key.length === 1 && target instanceof HTMLInputElement) {
    target.setRangeText(key, target.selectionStart ?? 0, target.selectionEnd ?? 0, 'end');
    target.dispatchEvent(new Event('input', { bubbles: true }));
  }
  return isLetThrough;
}

function scan(text: string, startMs: number, gapMs = 8): void {
  [...text, 'Enter'].forEach((key, i) => press(key, startMs + i * gapMs));
}

function focusedField(value: string): HTMLInputElement {
  const field = document.createElement('input');
  field.value = value;
  document.body.append(field);
  field.focus();
  field.setSelectionRange(value.length, value.length);
  return field;
}

describe('a wedge scanner', () => {
  it('is heard whatever has the focus', () => {
    const heard = listen();
    scan(CODE, 1000);
    focusedField('');
    scan(CODE, 9000);
    expect(heard.scans).toEqual([CODE, CODE]);
  });

  it('leaves nothing in a focused field, and what was typed there before stays', () => {
    const heard = listen();
    const field = focusedField('茶 tea');
    const inputs: string[] = [];
    field.addEventListener('input', () => inputs.push(field.value));
    scan(CODE, 1000);
    expect(heard.scans).toEqual([CODE]);
    expect(field.value).toBe('茶 tea');
    expect(inputs.at(-1)).toBe('茶 tea');
  });

  it('presses no button with the Enter that ends the code', () => {
    listen();
    [...CODE].forEach((key, i) => press(key, 1000 + i * 8));
    expect(press('Enter', 1000 + CODE.length * 8)).toBe(false);
  });

  it('does not disturb a person who types', () => {
    const heard = listen();
    const field = focusedField('');
    [...'CP1:COLA'].forEach((key, i) => press(key, 1000 + i * 140));
    expect(press('Enter', 3000)).toBe(true);
    expect(field.value).toBe('CP1:COLA');
    expect(heard.scans).toEqual([]);
  });

  it('ignores keys of an input method and shortcuts', () => {
    const heard = listen();
    [...CODE, 'Enter'].forEach((key, i) => press(key, 1000 + i * 8, { isComposing: true }));
    [...CODE, 'Enter'].forEach((key, i) => press(key, 5000 + i * 8, { ctrlKey: true }));
    expect(heard.scans).toEqual([]);
  });

  it('is not confused by the Shift keys its colon needs', () => {
    const heard = listen();
    const keys = [...CODE].flatMap((key) => (key === ':' ? ['Shift', key] : [key]));
    [...keys, 'Enter'].forEach((key, i) => press(key, 1000 + i * 8));
    expect(heard.scans).toEqual([CODE]);
  });

  it('says so when a code breaks off in the middle', () => {
    const heard = listen();
    scan('CP1:', 1000);
    [...CODE].forEach((key, i) => press(key, 5000 + i * (i < 4 ? 8 : 90)));
    press('Enter', 5000 + CODE.length * 90);
    expect(heard.cutShort).toHaveLength(1);
  });

  it('stops listening with its screen', () => {
    const heard = listen();
    scope?.stop();
    scan(CODE, 1000);
    expect(heard.scans).toEqual([]);
  });
});
