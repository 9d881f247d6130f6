// How loud each state is. Quiet: nothing to do. Busy: on its way. Warn: a person may have to look. Stop: must look.
import type { BatchStatusWord, FlightStatus, LegTerminalTable, OrderState } from '../../database/tables.ts';
import type { BillStatus } from '../../../domain/settlement/result-file.ts';
import type { TerminalRow } from '../../web/console-rows.ts';
import type { TerminalState } from '../../web/console-words/words.ts';

export type Tone = 'quiet' | 'ok' | 'busy' | 'warn' | 'stop';

export const ORDER_TONES: Readonly<Record<OrderState, Tone>> = {
  ENROLLED: 'quiet',
  OPEN: 'busy',
  AGGREGATING: 'busy',
  READY: 'busy',
  COMPLETE_SENT: 'busy',
  USER_PAYING: 'busy',
  PAID: 'ok',
  LOWERED: 'ok',
  UNPAID_RETRY: 'warn',
  WRITTEN_OFF: 'quiet',
  CANCELLED: 'quiet',
  LATE_EXCESS: 'warn',
  MANUAL: 'stop',
};

export const BATCH_TONES: Readonly<Record<BatchStatusWord, Tone>> = {
  RECEIVED: 'busy',
  ACCEPTED: 'ok',
  PARTIAL: 'warn',
  DUPLICATE: 'quiet',
  DAMAGED: 'warn',
  GAP: 'warn',
  FORK: 'stop',
  FORGED: 'stop',
  TOTALS: 'stop',
  UNKNOWN_DEVICE: 'stop',
};

export const BILL_TONES: Readonly<Record<BillStatus, Tone>> = {
  PENDING: 'busy',
  CHARGED: 'ok',
  LOWERED: 'ok',
  FAILED: 'warn',
  EXCESS: 'warn',
  MANUAL: 'stop',
};

export const FLIGHT_TONES: Readonly<Record<FlightStatus, Tone>> = {
  planned: 'quiet',
  closed: 'busy',
  cancelled: 'quiet',
  settled: 'ok',
};

export const LEG_TERMINAL_TONES: Readonly<Record<LegTerminalTable['status'], Tone>> = {
  expected: 'busy',
  closed: 'ok',
  unused: 'quiet',
  lost: 'stop',
  released: 'quiet',
};

export const TERMINAL_TONES: Readonly<Record<TerminalState, Tone>> = {
  'in-use': 'ok',
  unsent: 'busy',
  expiring: 'warn',
  revoked: 'quiet',
  lost: 'stop',
  quarantined: 'stop',
};

const EXPIRING_MS = 30 * 86_400_000;

/** The most urgent of a terminal's states. */
export function terminalState(row: TerminalRow, nowMs: number): TerminalState {
  if (row.lostAtMs !== null) return 'lost';
  if (row.quarantinedAtMs !== null) return 'quarantined';
  if (row.revokedAtMs !== null) return 'revoked';
  if (row.certificateUntilMs < nowMs + EXPIRING_MS) return 'expiring';
  return (row.unsentCount ?? 0) > 0 ? 'unsent' : 'in-use';
}
