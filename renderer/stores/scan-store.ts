// Camera, keyboard wedge and serial scanner all end here as one `scan` intent.
import { defineStore } from 'pinia';
import { inject, onScopeDispose, shallowRef } from 'vue';
import { SCAN } from '../../domain/limits.ts';
import { createRepeatFilter } from '../scanning/repeat-filter.ts';
import { SCAN_SOUNDS, SILENT } from '../scanning/scan-sounds.ts';
import { useScreenStore } from './screen-store.ts';
import { useSellStore } from './sell-store.ts';
import { useSessionStore } from './session-store.ts';

export type ScanState = 'idle' | 'checking' | 'accepted' | 'refused';

export const useScanStore = defineStore('scan', () => {
  const session = useSessionStore();
  const sell = useSellStore();
  const screens = useScreenStore();
  const sounds = inject(SCAN_SOUNDS, SILENT);
  const filter = createRepeatFilter();
  const state = shallowRef<ScanState>('idle');
  /** Grows with every answered scan: what the colour sweep starts from. */
  const answered = shallowRef(0);
  let isBusy = false;

  /** What a camera or a scanner saw. A text in view during a check is seen again; nothing has to wait in a row. */
  async function see(text: string): Promise<void> {
    if (isBusy || sell.isConfirming) return;
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
      state.value = 'refused';
      answered.value += 1;
      sounds.refused();
      sell.refuse(answer.error, 'scan');
      screens.go('sell');
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

  onScopeDispose(
    session.till.on('scannerText', (text) => {
      void see(text);
    }),
  );

  return {
    state,
    answered,
    see,
    /** The crew asked for another scan: the next sighting counts, also of the same code. */
    rescan: () => {
      filter.forget();
      state.value = 'idle';
    },
  };
});
