// Camera, keyboard wedge and serial scanner all end here as one `scan` intent.
import { defineStore } from 'pinia';
import { inject, onScopeDispose, shallowRef, watch } from 'vue';
import type { OrderAnswer } from '../../bridge/contract.ts';
import { SCAN } from '../../domain/limits.ts';
import { createCodePicker } from '../scanning/code-picker.ts';
import { createRepeatFilter } from '../scanning/repeat-filter.ts';
import { SCAN_SOUNDS, SILENT } from '../scanning/scan-sounds.ts';
import { useScreenStore } from './screen-store.ts';
import { useSellStore } from './sell-store.ts';
import { useSessionStore } from './session-store.ts';
import type { CrewProblem } from '../till/crew-problem.ts';

export type ScanState = 'idle' | 'checking' | 'accepted' | 'refused';

export const useScanStore = defineStore('scan', () => {
  const session = useSessionStore();
  const sell = useSellStore();
  const screens = useScreenStore();
  const sounds = inject(SCAN_SOUNDS, SILENT);
  const filter = createRepeatFilter();
  const picker = createCodePicker();
  const state = shallowRef<ScanState>('idle');
  /** Several codes are before the camera, and none of them is taken. */
  const isCrowded = shallowRef(false);
  /** Grows with every answered scan: what the colour sweep starts from. */
  const answered = shallowRef(0);
  let isBusy = false;
  /** A scanner says a text once: during a check it waits, where the camera's is simply seen again. */
  let next: string | null = null;

  function seeOnCamera(texts: readonly string[]): void {
    const view = picker.pick(texts, Date.now());
    isCrowded.value = view.kind === 'crowd';
    if (view.kind === 'one' && !isBusy && !sell.isConfirming) void see(view.text);
  }

  async function hear(text: string): Promise<void> {
    next = text;
    if (isBusy || sell.isConfirming) return;
    while (next !== null) {
      const heard = next;
      next = null;
      await see(heard);
    }
  }

  async function see(text: string): Promise<void> {
    const sighting = filter.see(text, Date.now());
    if (sighting === 'repeat') return;
    isBusy = true;
    if (sighting === 'new') state.value = 'checking';
    try {
      await check(text.slice(0, SCAN.maxTextChars), sighting === 'changed');
    } finally {
      isBusy = false;
    }
  }

  async function check(text: string, isRenewed: boolean): Promise<void> {
    const billBefore = sell.card?.bill;
    const answer = await session.till.ask('scan', { text });
    if (!answer.ok) {
      refuse(answer.error);
      return;
    }
    if (answer.value.kind === 'order') {
      takeOrder(text, answer.value);
      return;
    }
    const { card } = answer.value;
    sell.welcome(card, isRenewed);
    state.value = 'accepted';
    screens.go('sell');
    if (isRenewed && billBefore === card.bill) return;
    answered.value += 1;
    sounds.accepted();
  }

  function takeOrder(text: string, order: OrderAnswer): void {
    const taken = sell.takeOrder(text, order);
    if (!taken.ok) {
      refuse(taken.error);
      return;
    }
    state.value = 'accepted';
    answered.value += 1;
    sounds.accepted();
    screens.go('sell');
  }

  function refuse(problem: CrewProblem): void {
    state.value = 'refused';
    answered.value += 1;
    sounds.refused();
    sell.refuse(problem, 'scan');
    screens.go('sell');
  }

  onScopeDispose(
    session.till.on('scannerText', (text) => {
      void hear(text);
    }),
  );
  watch(
    () => sell.card === null && sell.face.kind === 'basket',
    (isNobodyInFront) => {
      if (isNobodyInFront && !isBusy) state.value = 'idle';
    },
  );
  // A scan that came while a sale was being recorded has its turn afterwards.
  watch(
    () => sell.isConfirming,
    (isConfirming) => {
      if (!isConfirming && next !== null) void hear(next);
    },
  );

  return {
    state,
    isCrowded,
    answered,
    /** The codes in one frame of the camera; to be called for every frame, also without any. */
    seeOnCamera,
    /** A code a scanner has read, by keys or by its own port. */
    hear,
    cutShort: () => {
      refuse({ kind: 'scan-cut-short' });
    },
    /** The crew asked for another scan: the next sighting counts, also of the same code. */
    rescan: () => {
      filter.forget();
      state.value = 'idle';
    },
  };
});
