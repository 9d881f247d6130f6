// The demo airline as rows of ground's database: everything `make-demo` puts into a folder, but open for enrolment.
import * as nodeCrypto from 'node:crypto';
import type { EcPrivateJwk, EcPublicJwk } from '../../domain/crypto/crypto.ts';
import { generatePrivateJwk } from '../../domain/crypto/node-crypto.ts';
import { legId } from '../../domain/flight.ts';
import { WALLET_OFFSET_MINUTES } from '../../domain/instant.ts';
import { DEFAULT_FLIGHT_LIMITS } from '../../domain/limits.ts';
import { addAirline } from '../airlines/airlines.ts';
import { saveCrewMember } from '../airlines/crew.ts';
import { issueDeviceCertificate } from '../airlines/devices.ts';
import { makeAirlineKeys } from '../airlines/keys.ts';
import { saveMerchant } from '../airlines/merchants.ts';
import { publishTrustList } from '../airlines/trust-lists.ts';
import { inTransaction } from '../database/in-transaction.ts';
import { newestCatalogueVersion, saveAssortment } from '../flights/catalogues.ts';
import { addFlight } from '../flights/flights.ts';
import type { Ground } from '../ground.ts';
import { demoCatalogue, demoPromotions } from './demo-catalogue.ts';
import { DEPARTED_SECONDS_AGO, demoFlight } from './demo-flight.ts';
import { DEMO_TERMINAL } from './demo-keys.ts';
import {
  DEMO_AIRLINE_NAME,
  DEMO_CABIN,
  DEMO_CITIES,
  DEMO_CREW,
  DEMO_MERCHANT,
  DEMO_ROSTER,
  demoLoading,
} from './demo-pack.ts';

const BY = 'demo';
const MAX_CUM = { 156: 100_000 };
const ENROLMENT_OPEN_FOR_SECONDS = 15 * 60;

export type DemoTerminal = {
  readonly dev: string;
  readonly zone: { readonly fromRow: number; readonly toRow: number };
};

export type DemoSeed = {
  /** Wallets with what their adapters need; the name is the demo's own unless one is given. */
  readonly merchants: readonly {
    readonly wallet: number;
    readonly name?: string;
    readonly config: Readonly<Record<string, unknown>>;
    readonly secrets: unknown;
  }[];
  /** `T-0001` for all rows where nothing is said. */
  readonly terminals?: readonly DemoTerminal[];
  /** Epoch ms; a quarter of an hour from now where nothing is said. */
  readonly enrolmentUntilMs?: number;
  /** When this flight took off, epoch ms: three quarters of an hour ago where nothing is said. */
  readonly departedMs?: number;
};

export type SeededDemo = {
  readonly airline: string;
  readonly leg: string;
  readonly std: number;
  readonly sta: number;
  readonly catalogueVersion: number;
  /** The terminals' own keys, which in life never leave the tablet: for `exportTerminalFolder`. */
  readonly deviceKeys: ReadonlyMap<string, EcPrivateJwk>;
};

/**
 * Makes the demo airline where it is missing, and one more flight of it that one can enrol for although it is in the air:
 * the terminals' clock is never touched. The day's second flight gets the next odd number, and so on.
 */
export async function seedDemo(ground: Ground, seed: DemoSeed): Promise<SeededDemo> {
  return await inTransaction(ground, async (inside) => {
    await seedAirline(inside, seed);
    const airline = DEMO_TERMINAL.airline;
    const roster = seed.terminals ?? DEMO_ROSTER;
    const deviceKeys = new Map<string, EcPrivateJwk>();
    for (const { dev } of roster) deviceKeys.set(dev, await certifyNew(inside, airline, dev));
    await publishTrustList(inside, airline);
    const catalogueVersion =
      (await newestCatalogueVersion(inside, airline)) ??
      (await saveAssortment(
        inside,
        airline,
        { catalogue: demoCatalogue(), promotions: demoPromotions() },
        BY,
      ));
    const flight = await seedFlight(inside, seed, roster, catalogueVersion);
    return { airline, ...flight, catalogueVersion, deviceKeys };
  });
}

async function seedAirline(ground: Ground, { merchants }: DemoSeed): Promise<void> {
  const airline = DEMO_TERMINAL.airline;
  const added = await addAirline(ground, {
    airline,
    nameZh: DEMO_AIRLINE_NAME.zh,
    nameEn: DEMO_AIRLINE_NAME.en,
    utcOffsetMinutes: WALLET_OFFSET_MINUTES,
  });
  if (added.ok) {
    const wallets = merchants.map(({ wallet }) => wallet);
    await makeAirlineKeys(ground, airline, { wallets, maxCum: MAX_CUM });
    for (const { id, name, role } of DEMO_CREW)
      await saveCrewMember(ground, airline, { id, name, role, by: BY });
  }
  for (const { wallet, name, config, secrets } of merchants) {
    await saveMerchant(ground, { airline, wallet, name: name ?? DEMO_MERCHANT, config, secrets, by: BY });
  }
}

/** The demo's terminals are new each time, under their next epoch. */
async function certifyNew(ground: Ground, airline: string, dev: string): Promise<EcPrivateJwk> {
  const key = generatePrivateJwk(nodeCrypto);
  const { kty, crv, x, y } = key;
  const jwk: EcPublicJwk = { kty, crv, x, y };
  const issued = await issueDeviceCertificate(ground, airline, { dev, jwk, by: BY });
  if (!issued.ok) throw new Error(`the demo's terminal ${dev}: ${issued.error}`);
  return key;
}

async function seedFlight(
  ground: Ground,
  { enrolmentUntilMs, departedMs }: DemoSeed,
  roster: readonly DemoTerminal[],
  catalogueVersion: number,
): Promise<{ readonly leg: string; readonly std: number; readonly sta: number }> {
  const nowMs = ground.nowMs();
  const {
    std,
    sta,
    leg: usual,
  } = demoFlight(departedMs === undefined ? nowMs : departedMs + DEPARTED_SECONDS_AGO * 1000);
  const { rows, columns, aircraft } = DEMO_CABIN;
  for (let number = usual.number; ; number += 2) {
    const leg = legId({ ...usual, number });
    const added = await addFlight(
      ground,
      {
        airline: DEMO_TERMINAL.airline,
        leg,
        stdSeconds: std,
        staSeconds: sta,
        aircraft,
        cabin: { rows, columns: [...columns] },
        loading: demoLoading(),
        crew: DEMO_CREW.map(({ id }) => id),
        roster: [...roster],
        cities: DEMO_CITIES,
        limits: { ...DEFAULT_FLIGHT_LIMITS },
        catalogueVersion,
        enrolmentUntilSeconds:
          enrolmentUntilMs === undefined
            ? Math.floor(nowMs / 1000) + ENROLMENT_OPEN_FOR_SECONDS
            : Math.floor(enrolmentUntilMs / 1000),
        isDemo: true,
      },
      BY,
    );
    if (added.ok) return { leg, std, sta };
    if (added.error.kind !== 'flight-exists')
      throw new Error(`the demo's flight: ${JSON.stringify(added.error)}`);
  }
}
