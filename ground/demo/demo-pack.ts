// The demo flight's pack: the same members, signatures and shapes as any airline's (trust.md 3.3).
import * as nodeCrypto from 'node:crypto';
import { pack as createTar } from 'tar-stream';
import { signJsonJws } from '../../domain/crypto/compact-jws.ts';
import { cryptoFromNode, signerFromJwk } from '../../domain/crypto/node-crypto.ts';
import { concatBytes } from '../../domain/encoding/bytes.ts';
import { encodeBase64url } from '../../domain/encoding/base64url.ts';
import { decodeHex } from '../../domain/encoding/hex.ts';
import { encodeUtf8 } from '../../domain/encoding/utf8.ts';
import { composeIdList } from '../../domain/flight-pack/id-list.ts';
import type { CrewMember, ListedPassenger, PackManifest } from '../../domain/flight-pack/manifest.ts';
import { WALLET_OFFSET_MINUTES } from '../../domain/instant.ts';
import { DEFAULT_FLIGHT_LIMITS, FLIGHT_PACK } from '../../domain/limits.ts';
import { demoCatalogue, demoPromotions } from './demo-catalogue.ts';
import type { DemoFlight } from './demo-flight.ts';
import { DEMO_TERMINAL, type DemoKeys } from './demo-keys.ts';
import type { DemoPerson } from './demo-people.ts';

const crypto = cryptoFromNode(nodeCrypto);
const PACK_NUMBER = 1;
const MADE_BEFORE_DEPARTURE_SECONDS = 20 * 60;
const DENY_VERSION = 9001;
const ALLOW_VERSION = 1;
const STRANGERS_DENIED = 4;

const MERCHANT = '春秋航空机上商城';

export const DEMO_CREW: readonly CrewMember[] = [
  { id: 'P0117', name: '王敏', role: 'purser' },
  { id: 'C0123', name: '李佳', role: 'attendant' },
];

export type DemoPack = { readonly fileName: string; readonly packId: string; readonly bytes: Uint8Array };

export async function makeDemoPack(
  flight: DemoFlight,
  people: readonly DemoPerson[],
  trustJws: string,
  keys: DemoKeys,
): Promise<DemoPack> {
  const members = composeMembers(people, trustJws);
  const manifest = composeManifest(flight, members);
  const manifestJws = signJsonJws('cpk+jws', manifest, signerFromJwk(nodeCrypto, keys.ops), crypto);
  const files = [['manifest.jws', encodeUtf8(manifestJws)] as const, ...members];
  return {
    fileName: `pack-${flight.legId}-${PACK_NUMBER.toString()}.cpk`,
    packId: manifest.packId,
    bytes: await writeTar(files, manifest.issuedAt),
  };
}

function composeMembers(people: readonly DemoPerson[], trustJws: string): (readonly [string, Uint8Array])[] {
  const catalogue = demoCatalogue();
  return [
    ['trust.jws', encodeUtf8(trustJws)],
    ['deny.bin', composeIdList(DENY_VERSION, deniedIds(people))],
    [
      'allow.bin',
      composeIdList(ALLOW_VERSION, people.filter((one) => one.isListed && !one.isDenied).map(idOf)),
    ],
    ['catalog.json', json(catalogue)],
    ['promotions.json', json({ v: 1, promotions: demoPromotions() })],
    ['passengers.json', json({ v: 1, passengers: people.filter((one) => one.isListed).map(listPassenger) })],
    ['crew.json', json({ v: 1, crew: DEMO_CREW })],
    ['stock.json', json({ v: 1, trolleys: loadTrolleys(catalogue.items) })],
    ['cabin.json', json({ v: 1, aircraft: 'A320', rows: { from: 1, to: 32 }, columns: ['ABC', 'DEF'] })],
  ];
}

function json(value: unknown): Uint8Array {
  return encodeUtf8(JSON.stringify(value));
}

function idOf(person: DemoPerson): Uint8Array {
  const id = decodeHex(person.claims.cti);
  if (id === null) throw new Error('a cti is hexadecimal');
  return id;
}

function deniedIds(people: readonly DemoPerson[]): Uint8Array[] {
  const strangers = Array.from({ length: STRANGERS_DENIED }, () => new Uint8Array(nodeCrypto.randomBytes(8)));
  return [...people.filter((person) => person.isDenied).map(idOf), ...strangers];
}

function listPassenger({ claims }: DemoPerson): ListedPassenger {
  const { cti, seat, sequence, maskedName, wallet, tier } = claims;
  return { cti, seat, seq: sequence, name: maskedName ?? '', wallet, tier };
}

/** Food and drink in the first trolley, everything else in the second; services are never loaded. */
function loadTrolleys(
  items: readonly { sku: string; category: string; ean?: string | undefined }[],
): unknown[] {
  const loaded = items.filter((item) => item.category !== 'comfort' || item.ean !== undefined);
  const isFood = (item: { category: string }): boolean => !['souvenirs', 'comfort'].includes(item.category);
  const drawer = (id: string, contents: typeof loaded, quantity: number): unknown => ({
    id,
    items: contents.map((item) => ({ sku: item.sku, loaded: quantity })),
  });
  return [
    { id: 'M1', zone: 'front', drawers: [drawer('M1-1', loaded.filter(isFood), 24)] },
    {
      id: 'S1',
      zone: 'rear',
      drawers: [
        drawer(
          'S1-1',
          loaded.filter((item) => !isFood(item)),
          8,
        ),
      ],
    },
  ];
}

function composeManifest(
  { legId, std, sta }: DemoFlight,
  members: readonly (readonly [string, Uint8Array])[],
): PackManifest {
  return {
    v: 1,
    airline: DEMO_TERMINAL.airline,
    packId: `${legId}-${PACK_NUMBER.toString()}`,
    leg: legId,
    std,
    sta,
    n: PACK_NUMBER,
    issuedAt: std - MADE_BEFORE_DEPARTURE_SECONDS,
    validTo: sta + FLIGHT_PACK.validAfterArrivalSeconds,
    utcOffsetMinutes: WALLET_OFFSET_MINUTES,
    airlineName: { zh: '春秋航空', en: 'Spring Airlines' },
    merchants: { 1: MERCHANT, 2: MERCHANT },
    cities: {
      SHA: { zh: '上海虹桥', en: 'Shanghai Hongqiao' },
      CTU: { zh: '成都', en: 'Chengdu' },
    },
    devices: [{ dev: DEMO_TERMINAL.dev, zone: { fromRow: 1, toRow: 32 } }],
    files: members.map(([name, bytes]) => ({
      name,
      sha256: encodeBase64url(crypto.sha256(bytes)),
      size: bytes.length,
    })),
    limits: { ...DEFAULT_FLIGHT_LIMITS },
    demo: true,
  };
}

async function writeTar(
  files: readonly (readonly [string, Uint8Array])[],
  mtimeSeconds: number,
): Promise<Uint8Array> {
  const tar = createTar();
  for (const [name, bytes] of files) {
    tar.entry({ name, mtime: new Date(mtimeSeconds * 1000), mode: 0o644 }, Buffer.from(bytes));
  }
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return concatBytes(...chunks);
}
