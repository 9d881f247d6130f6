import { computed, onScopeDispose, ref, type ComputedRef, type Ref } from 'vue';
import { isSignedByMe } from '../fly-mode/check-code.ts';
import { isPageKept } from '../fly-mode/service-worker-link.ts';
import { usePhone } from '../stores/phone-store.ts';

export const FLY_MODE_TICKS = ['page', 'data', 'code', 'offline', 'reload'] as const;
export type FlyModeTick = (typeof FLY_MODE_TICKS)[number];

/** Marks the one reload the test asks for; it must not outlive the tab. */
const MARK = 'fly-mode-reload';
const LOOK_EVERY_MS = 2000;

/** The test at the end of sign-up: everything the code needs in the air, tried on the ground. */
export function useFlyModeTest(id: string): {
  readonly ticks: Readonly<Ref<Readonly<Record<FlyModeTick, boolean>>>>;
  readonly isPassed: ComputedRef<boolean>;
  readonly canReload: ComputedRef<boolean>;
  readonly reload: () => void;
} {
  const store = usePhone();
  const ticks = ref<Record<FlyModeTick, boolean>>({
    page: false,
    data: false,
    code: false,
    offline: false,
    reload: false,
  });
  // The page came up by the test's own reload; whether without network is found out below.
  const wasReloaded = sessionStorage.getItem(MARK) === id;
  sessionStorage.removeItem(MARK);

  async function look(): Promise<void> {
    const flight = store.flight(id);
    if (flight?.state.kind !== 'enrolled') return;
    const isOffline = await isWithoutNetwork();
    const code = await store.phone().code(id, Math.floor(Date.now() / 1000));
    const now = {
      page: await isPageKept(),
      data: flight.state.flight.catalogue.items.length > 0,
      code: code.ok && (await isSignedByMe(code.value, flight, globalThis.crypto)),
      offline: isOffline || ticks.value.reload,
      reload: ticks.value.reload || (wasReloaded && isOffline),
    };
    ticks.value = now;
    if (Object.values(now).every((done) => done) && flight.flyModeTestedMs === null) {
      await store.phone().change(id, (kept) => ({ ...kept, flyModeTestedMs: Date.now() }));
      await store.reload();
    }
  }

  let timer: ReturnType<typeof setTimeout> | null = null;
  let isOver = false;
  async function goOn(): Promise<void> {
    await look();
    if (!isOver) timer = setTimeout(() => void goOn(), LOOK_EVERY_MS);
  }
  void goOn();
  onScopeDispose(() => {
    isOver = true;
    if (timer !== null) clearTimeout(timer);
  });

  const isPassed = computed(() => Object.values(ticks.value).every((done) => done));
  return {
    ticks,
    isPassed,
    canReload: computed(() => {
      const { page, data, code, offline } = ticks.value;
      return page && data && code && offline;
    }),
    reload: () => {
      sessionStorage.setItem(MARK, id);
      window.location.reload();
    },
  };
}

/** Asks the network itself: browsers call any connection "online". */
async function isWithoutNetwork(): Promise<boolean> {
  if (!navigator.onLine) return true;
  try {
    await fetch('/v1/flights', { cache: 'no-store', signal: AbortSignal.timeout(LOOK_EVERY_MS * 5) });
    return false;
  } catch {
    return true;
  }
}
