// Brings late sign-ups to the tablet: until the flight's first bill, ground is asked for newer packs. One is kept as soon
// as it is verified, and taken into use when nobody is at the terminal, or else at the next start (decision 13).
import type { FlightPack } from '../../domain/flight-pack/flight-pack.ts';
import { UPLINK } from '../../domain/limits.ts';
import { systemTimers } from '../clock/timers.ts';
import { createWaiter } from '../clock/waiter.ts';
import { dropOtherFlights, keepPack, packsFolder } from '../provisioning/pack-store.ts';
import { createBackOff } from '../uplink/back-off.ts';
import { fetchPack, type PackFetch } from '../uplink/fetch-pack.ts';
import { createGroundClient } from '../uplink/ground-client.ts';
import { tokenOf } from './ground-token.ts';
import type { Session } from './open-session.ts';
import type { TillPorts } from './ports.ts';

export type PackDesk = {
  /** This machine has come onto another network: what went wrong before is tried again. */
  readonly noteNetwork: () => void;
  readonly stop: () => Promise<void>;
};

/** @param takeIntoUse the till starts anew with what is kept; asked for at most once */
export function createPackDesk(ports: TillPorts, session: Session, takeIntoUse: () => void): PackDesk | null {
  const { terminal } = session;
  const dir = packsFolder(ports.dataDir);
  dropOtherFlights(dir, terminal.pack.manifest.leg);
  if (terminal.ground === null) return null;
  const { uplinkPace: pace, log } = ports;
  const client = createGroundClient(terminal.ground, () => tokenOf(session, ports), pace);
  const waiter = createWaiter(systemTimers);
  const retry = createBackOff(pace.firstRetryMs, pace.mostRetryMs);
  let newest = terminal.pack;
  let refused = 0;
  let isWoken = false;
  let isOver = false;

  const keep = (pack: FlightPack, archive: Uint8Array): boolean => keepPack(dir, pack.manifest, archive);
  const verify = (archive: Uint8Array): ReturnType<typeof terminal.verifyPack> =>
    terminal.verifyPack(archive, ports.clock.nowMs());

  /** How long to wait now, in ms. */
  const follow = (fetched: PackFetch): number => {
    if (fetched.kind !== 'refused') refused = 0;
    switch (fetched.kind) {
      case 'none':
        retry.reset();
        return pace.packMs;
      case 'kept':
        newest = fetched.pack;
        log('pack-kept', { n: newest.manifest.n });
        return isCalm(session, ports) ? 0 : pace.packMs;
      case 'refused':
        refused += 1;
        log('pack-refused', { why: fetched.why });
        return pace.packMs;
      case 'not-kept':
        log('pack-not-kept');
        return retry.next();
      case 'unreachable':
        return Math.max(retry.next(), fetched.retryAfterMs ?? 0);
    }
  };

  const run = async (): Promise<void> => {
    while (!isOver && isWanted(session)) {
      if (newest !== terminal.pack && isCalm(session, ports)) {
        takeIntoUse();
        return;
      }
      const isGivenUp = refused >= UPLINK.mostRefusedPacks;
      const waitMs = isGivenUp ? pace.packMs : follow(await fetchPack(newest, { client, verify, keep }));
      await waiter.until(() => isWoken || isOver, waitMs);
      isWoken = false;
    }
  };
  const running = run().catch((error: unknown) => {
    log('pack-desk-broken', { why: error instanceof Error ? error.name : 'unknown' });
  });

  return {
    noteNetwork: () => {
      refused = 0;
      retry.reset();
      isWoken = true;
      waiter.wake();
    },
    stop: async () => {
      isOver = true;
      client.close();
      waiter.wake();
      await running;
    },
  };
}

/** Later it would change prices and people under bills that are there. */
function isWanted({ terminal, recorder }: Session): boolean {
  const { leg } = terminal.pack.manifest;
  const { bills, flightClosedAt } = recorder.state;
  return !flightClosedAt.has(leg) && ![...bills.values()].some((bill) => bill.leg === leg);
}

/** Nobody is at the terminal, and no slip of an earlier flight is on its way to the printer. */
function isCalm({ recorder }: Session, { untouchedMs, uplinkPace }: TillPorts): boolean {
  return untouchedMs() >= uplinkPace.untouchedMs && recorder.state.unprinted.size === 0;
}
