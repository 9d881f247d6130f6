// Whether a flight's sales are complete: nobody's order is sent before (settlement.md 6.5).
import type { FlightStatus, LegTerminalTable, RosterEntry } from '../database/tables.ts';
import { READY_TIMER_MS } from './order-timing.ts';

export type LegFacts = {
  readonly staMs: number;
  readonly status: FlightStatus;
  readonly roster: readonly RosterEntry[];
  readonly terminals: readonly Pick<LegTerminalTable, 'dev' | 'status'>[];
  /** Terminals with lines of this leg, on the roster or not. */
  readonly seen: readonly string[];
};

export type LegStanding = {
  /** Nothing more is expected: orders may be sent. */
  readonly isReady: boolean;
  /** The first terminal is in, or nothing more is expected. */
  readonly isClosing: boolean;
  /** Terminals whose FLIGHT_CLOSE is still to come. */
  readonly waitingFor: readonly string[];
};

export function legStanding(leg: LegFacts, nowMs: number): LegStanding {
  const status = new Map(leg.terminals.map((terminal) => [terminal.dev, terminal.status]));
  const all = [...new Set([...leg.roster.map(({ dev }) => dev), ...status.keys(), ...leg.seen])].sort();
  const waitingFor = all.filter((dev) => (status.get(dev) ?? 'expected') === 'expected');
  const isOver = leg.status === 'cancelled' || nowMs >= leg.staMs + READY_TIMER_MS;
  const isReady = isOver || (all.length > 0 && waitingFor.length === 0);
  return {
    isReady,
    isClosing: isReady || leg.terminals.some((terminal) => terminal.status === 'closed'),
    waitingFor,
  };
}
