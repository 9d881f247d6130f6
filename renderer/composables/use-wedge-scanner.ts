import { onScopeDispose } from 'vue';
import { feedKey, WEDGE_IDLE, type WedgeState } from '../scanning/wedge-detector.ts';

const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'Meta', 'CapsLock', 'AltGraph']);

/** What a field held before a burst of keys began, so that a scanner's first characters can be taken back. */
type FieldMemory = {
  readonly field: HTMLInputElement | HTMLTextAreaElement;
  readonly value: string;
  readonly start: number | null;
  readonly end: number | null;
};

function rememberField(): FieldMemory | null {
  const field = document.activeElement;
  const isField = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement;
  if (!isField) return null;
  return { field, value: field.value, start: field.selectionStart, end: field.selectionEnd };
}

function restoreField({ field, value, start, end }: FieldMemory): void {
  field.value = value;
  field.setSelectionRange(start, end);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Listens to the whole page, whatever has the focus; typed keys go where they always go. */
export function useWedgeScanner(onScan: (text: string) => void, onCutShort: () => void): void {
  let state: WedgeState = WEDGE_IDLE;
  let before: FieldMemory | null = null;

  function hold(event: KeyboardEvent): void {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const isShortcut = event.ctrlKey || event.altKey || event.metaKey;
    if (event.isComposing || isShortcut || MODIFIERS.has(event.key)) return;
    const step = feedKey(state, event.key, event.timeStamp);
    state = step.state;
    switch (step.verdict.kind) {
      case 'pass':
        return;
      case 'first':
        before = rememberField();
        return;
      case 'begin':
        if (before !== null) restoreField(before);
        before = null;
        hold(event);
        return;
      case 'hold':
        hold(event);
        return;
      case 'cut-short':
        hold(event);
        onCutShort();
        return;
      case 'scan':
        hold(event);
        onScan(step.verdict.text);
    }
  }

  window.addEventListener('keydown', onKeyDown, { capture: true });
  onScopeDispose(() => {
    window.removeEventListener('keydown', onKeyDown, { capture: true });
  });
}
