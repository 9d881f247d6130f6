// An airline and its flights as the files of which the command line makes them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FlightPlan } from '../../../ground/flights/flight-plan.ts';
import { demoCatalogue, demoPromotions } from '../../../ground/demo/demo-catalogue.ts';

const OFFSET_SECONDS = 8 * 3600;

export const PURSER = 'P1';
export const ATTENDANT = 'C1';

export function airlineFile() {
  return {
    airline: { airline: '9C', nameZh: '春秋航空', nameEn: 'Spring Airlines', utcOffsetMinutes: 480 },
    merchants: [{ wallet: 1, name: '春秋机上商城', config: {}, secrets: { key: 'K' } }],
    crew: [
      { id: PURSER, name: '陈静', role: 'purser', pin: '314159' },
      { id: ATTENDANT, name: '李佳', role: 'attendant', pin: '271828' },
    ],
    catalogue: demoCatalogue(),
    promotions: demoPromotions(),
  };
}

/** A flight that departs so many hours from now; its date is Shanghai's. */
export function flightFile(number: string, nowMs: number, inHours: number): FlightPlan {
  const stdSeconds = Math.floor(nowMs / 1000) + inHours * 3600;
  const day = new Date((stdSeconds + OFFSET_SECONDS) * 1000).toISOString().slice(0, 10).replaceAll('-', '');
  return {
    airline: '9C',
    leg: `9C${number}-${day}-SHA-CTU`,
    stdSeconds,
    staSeconds: stdSeconds + 9000,
    aircraft: 'A320',
    cabin: { rows: { from: 1, to: 30 }, columns: ['ABC', 'DEF'] },
    loading: {
      trolleys: [
        { id: 'F1', zone: 'front', drawers: [{ id: 'D1', items: [{ sku: 'ML-001', loaded: 10 }] }] },
      ],
    },
    crew: [PURSER, ATTENDANT],
    roster: [{ dev: 'T-0001', zone: { fromRow: 1, toRow: 30 } }],
    cities: { SHA: { zh: '上海', en: 'Shanghai' }, CTU: { zh: '成都', en: 'Chengdu' } },
    limits: {},
    catalogueVersion: 1,
    isDemo: false,
  };
}

/** Writes JSON files into a folder and answers their paths. */
export function fileWriter(folder: string): (name: string, content: unknown) => string {
  return (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
}
