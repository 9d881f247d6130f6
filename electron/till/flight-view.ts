import type { FlightView } from '../../bridge/contract.ts';
import type { Terminal } from '../provisioning/terminal.ts';

export function composeFlightView({ pack, isDemo }: Terminal): FlightView {
  const { manifest } = pack;
  return {
    leg: pack.leg,
    legId: manifest.leg,
    stdMs: manifest.std * 1000,
    staMs: manifest.sta * 1000,
    utcOffsetMinutes: manifest.utcOffsetMinutes,
    airlineName: manifest.airlineName,
    cities: manifest.cities,
    catalogue: pack.catalogue,
    promotions: pack.promotions,
    passengerCount: pack.passengers.length,
    packVersion: manifest.n,
    terminals: manifest.devices.map(({ dev, zone }) => ({ dev, ...zone })),
    isDemo,
  };
}
