// What the demo flight's pack says; `packs/compose-pack.ts` makes the file, as for any airline.
import * as nodeCrypto from 'node:crypto';
import type { PackFault } from '../../domain/flight-pack/flight-pack.ts';
import type { CrewMember, ListedPassenger } from '../../domain/flight-pack/manifest.ts';
import { signerFromJwk } from '../../domain/crypto/node-crypto.ts';
import { encodeHex } from '../../domain/encoding/hex.ts';
import { WALLET_OFFSET_MINUTES } from '../../domain/instant.ts';
import { DEFAULT_FLIGHT_LIMITS } from '../../domain/limits.ts';
import type { Result } from '../../domain/result.ts';
import { composePack, type ComposedPack, type PackContents } from '../packs/compose-pack.ts';
import { demoCatalogue, demoPromotions } from './demo-catalogue.ts';
import type { DemoFlight } from './demo-flight.ts';
import { DEMO_TERMINAL, publicPart, type DemoKeys } from './demo-keys.ts';
import type { DemoPerson } from './demo-people.ts';

const PACK_NUMBER = 1;
const MADE_BEFORE_DEPARTURE_SECONDS = 20 * 60;
const DENY_VERSION = 9001;
const ALLOW_VERSION = 1;
const STRANGERS_DENIED = 4;

export const DEMO_AIRLINE_NAME = { zh: '春秋航空', en: 'Spring Airlines' } as const;
export const DEMO_MERCHANT = '春秋航空机上商城';
export const DEMO_CITIES = {
  SHA: { zh: '上海虹桥', en: 'Shanghai Hongqiao' },
  CTU: { zh: '成都', en: 'Chengdu' },
} as const;

export const DEMO_CREW: readonly CrewMember[] = [
  { id: 'P0117', name: '王敏', role: 'purser' },
  { id: 'C0123', name: '李佳', role: 'attendant' },
];

export const DEMO_CABIN = { aircraft: 'A320', rows: { from: 1, to: 32 }, columns: ['ABC', 'DEF'] } as const;

export const DEMO_ROSTER = [{ dev: DEMO_TERMINAL.dev, zone: { fromRow: 1, toRow: 32 } }];

export async function makeDemoPack(
  flight: DemoFlight,
  people: readonly DemoPerson[],
  trustJws: string,
  keys: DemoKeys,
): Promise<Result<ComposedPack, PackFault>> {
  const contents = composeContents(flight, people, trustJws);
  return await composePack(contents, signerFromJwk(nodeCrypto, keys.ops), [publicPart(keys.root1)]);
}

function composeContents(
  { legId, std, sta }: DemoFlight,
  people: readonly DemoPerson[],
  trustJws: string,
): PackContents {
  const allowed = people.filter((one) => one.isListed && !one.isDenied);
  return {
    airline: DEMO_TERMINAL.airline,
    airlineName: DEMO_AIRLINE_NAME,
    utcOffsetMinutes: WALLET_OFFSET_MINUTES,
    leg: legId,
    std,
    sta,
    n: PACK_NUMBER,
    issuedAt: std - MADE_BEFORE_DEPARTURE_SECONDS,
    merchants: { 1: DEMO_MERCHANT, 2: DEMO_MERCHANT },
    cities: DEMO_CITIES,
    devices: DEMO_ROSTER,
    limits: { ...DEFAULT_FLIGHT_LIMITS },
    isDemo: true,
    trustJws,
    deny: { version: DENY_VERSION, ctis: deniedCtis(people) },
    allow: { version: ALLOW_VERSION, ctis: allowed.map((one) => one.claims.cti) },
    catalogue: demoCatalogue(),
    promotions: demoPromotions(),
    passengers: people.filter((one) => one.isListed).map(listPassenger),
    crew: DEMO_CREW,
    stock: demoLoading(),
    cabin: DEMO_CABIN,
  };
}

function deniedCtis(people: readonly DemoPerson[]): string[] {
  const strangers = Array.from({ length: STRANGERS_DENIED }, () => encodeHex(nodeCrypto.randomBytes(8)));
  return [...people.filter((person) => person.isDenied).map((one) => one.claims.cti), ...strangers];
}

function listPassenger({ claims }: DemoPerson): ListedPassenger {
  const { cti, seat, sequence, maskedName, wallet, tier } = claims;
  return { cti, seat, seq: sequence, name: maskedName ?? '', wallet, tier };
}

type Drawer = { readonly id: string; readonly items: { readonly sku: string; readonly loaded: number }[] };
type Trolley = { readonly id: string; readonly zone: 'front' | 'rear'; readonly drawers: Drawer[] };

/** Food and drink in the first trolley, everything else in the second; services are never loaded. */
export function demoLoading(): { readonly trolleys: Trolley[] } {
  const { items } = demoCatalogue();
  const loaded = items.filter((item) => item.category !== 'comfort' || item.ean !== undefined);
  const isFood = (item: { category: string }): boolean => !['souvenirs', 'comfort'].includes(item.category);
  const drawer = (id: string, contents: typeof loaded, quantity: number): Drawer => ({
    id,
    items: contents.map((item) => ({ sku: item.sku, loaded: quantity })),
  });
  const food = loaded.filter(isFood);
  const goods = loaded.filter((item) => !isFood(item));
  return {
    trolleys: [
      { id: 'M1', zone: 'front', drawers: [drawer('M1-1', food, 24)] },
      { id: 'S1', zone: 'rear', drawers: [drawer('S1-1', goods, 8)] },
    ],
  };
}
