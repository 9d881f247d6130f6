// Apart from the contract so that the preload carries no schemas.
import type { CallName, PushName } from './contract.ts';

export const PUSH_NAMES = [
  'lines',
  'devices',
  'settlement',
  'scannerText',
] as const satisfies readonly PushName[];

/** IPC channel of a call or a push. */
export function channelOf(name: CallName | PushName): string {
  return `till:${name}`;
}
