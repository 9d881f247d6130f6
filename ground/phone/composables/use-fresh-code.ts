import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import type { AmountBinding } from '../../../domain/cabin-code/cabin-code.ts';
import type { CodeFault } from '../phone.ts';
import { usePhone } from '../stores/phone-store.ts';
import { REFRESH_SECONDS } from '../wallet-code/compose-code.ts';

const TICK_MS = 1000;

/** A code that is made anew every 15 seconds while somebody looks at it. */
export function useFreshCode(
  id: string,
  binding?: AmountBinding,
): {
  readonly text: Readonly<ShallowRef<string | null>>;
  readonly fault: Readonly<ShallowRef<CodeFault | null>>;
  readonly secondsLeft: Readonly<Ref<number>>;
} {
  const { phone } = usePhone();
  const text = shallowRef<string | null>(null);
  const fault = shallowRef<CodeFault | null>(null);
  const secondsLeft = ref(REFRESH_SECONDS);
  let madeAtMs = 0;

  async function make(): Promise<void> {
    madeAtMs = Date.now();
    const code = await phone().code(id, Math.floor(madeAtMs / 1000), binding);
    text.value = code.ok ? code.value : null;
    fault.value = code.ok ? null : code.error;
  }

  function tick(): void {
    const passedSeconds = Math.floor((Date.now() - madeAtMs) / 1000);
    // A clock that was set back makes a new one as well.
    if (passedSeconds >= REFRESH_SECONDS || passedSeconds < 0) {
      secondsLeft.value = REFRESH_SECONDS;
      void make();
    } else secondsLeft.value = REFRESH_SECONDS - passedSeconds;
  }

  // Timers sleep while the page is hidden: what is shown on coming back must not be old.
  const onVisibility = (): void => {
    if (document.visibilityState === 'visible') tick();
  };
  void make();
  const timer = setInterval(tick, TICK_MS);
  document.addEventListener('visibilitychange', onVisibility);
  onScopeDispose(() => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', onVisibility);
  });
  return { text, fault, secondsLeft };
}
