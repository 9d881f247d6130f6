// Notices that this machine has come onto another network: after landing a batch must not wait for the end of a pause that
// was chosen in the air.
import type { Timers } from '../clock/timers.ts';

export type NetworkWatch = { readonly stop: () => void };

/**
 * Looks every `everyMs` at the network's sign, a text that differs between networks and is empty without one, and tells
 * of each new one; never of losing it.
 */
export function watchNetwork(
  sign: () => string,
  { timers, everyMs, onNetwork }: { timers: Timers; everyMs: number; onNetwork: () => void },
): NetworkWatch {
  let known = sign();
  let cancel = (): void => undefined;
  const lookAgainLater = (): void => {
    cancel = timers.after(everyMs, () => {
      const now = sign();
      const isNew = now !== '' && now !== known;
      known = now;
      if (isNew) onNetwork();
      lookAgainLater();
    });
  };
  lookAgainLater();
  return {
    stop: () => {
      cancel();
    },
  };
}

/** The addresses this machine has, without those that are only itself. */
export function networkSign(
  interfaces: Readonly<
    Record<string, readonly { readonly address: string; readonly internal: boolean }[] | undefined>
  >,
): string {
  return Object.entries(interfaces)
    .flatMap(([name, addresses = []]) =>
      addresses.flatMap(({ address, internal }) => (internal ? [] : [`${name} ${address}`])),
    )
    .toSorted()
    .join(', ');
}
