import { onScopeDispose } from 'vue';

/** Keeps the screen on while a code is shown, where the browser can; it is only a comfort. */
export function useWakeLock(): void {
  const { wakeLock } = navigator as { wakeLock?: WakeLock };
  if (wakeLock === undefined) return;
  let isOver = false;
  let lock: WakeLockSentinel | null = null;

  function ask(): void {
    if (document.visibilityState !== 'visible') return;
    wakeLock?.request('screen').then(
      (sentinel) => {
        if (isOver) void sentinel.release();
        else lock = sentinel;
      },
      () => {
        // Battery saver and the like: the passenger taps the screen now and then.
      },
    );
  }
  ask();
  // The browser lets go of it whenever the page is hidden.
  document.addEventListener('visibilitychange', ask);
  onScopeDispose(() => {
    isOver = true;
    document.removeEventListener('visibilitychange', ask);
    void lock?.release();
  });
}
