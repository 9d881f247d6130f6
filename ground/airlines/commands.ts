// Airlines on the command line: thin shells over the functions; whoever registers them opens ground.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { publicJwkSchema } from '../../domain/trust/trust-list.ts';
import { cannotRun, describeError, type CommandResult } from '../command.ts';
import { inTransaction } from '../database/in-transaction.ts';
import { readAssortment, saveAssortment } from '../flights/catalogues.ts';
import { flightPlanSchema } from '../flights/flight-plan.ts';
import { addFlight, changeFlight } from '../flights/flights.ts';
import type { GroundCommand } from '../on-ground.ts';
import { addMemberByOrder } from '../members/members.ts';
import { refreshPack } from '../packs/refresh-pack.ts';
import { addAirline, airlineSchema } from './airlines.ts';
import { saveCrewMember } from './crew.ts';
import { issueDeviceCertificate } from './devices.ts';
import { makeAirlineKeys } from './keys.ts';
import { saveMerchant } from './merchants.ts';
import { publishTrustList } from './trust-lists.ts';

const BY = 'command';

export const MAKE_AIRLINE_USAGE = 'make-airline FILE.json';
export const MAKE_FLIGHT_USAGE = 'make-flight FILE.json';
export const MAKE_PACK_USAGE = 'make-pack --leg LEG';
export const ENROLL_DEVICE_USAGE = 'enroll-device --airline CODE --dev ID --key PUBLIC.jwk.json';
export const ADD_MEMBER_USAGE = 'add-member --airline CODE --order NUMBER --tier N --label TEXT';

const airlineFileSchema = v.strictObject({
  airline: airlineSchema,
  merchants: v.pipe(
    v.array(
      v.strictObject({
        wallet: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(255)),
        name: v.string(),
        config: v.record(v.string(), v.unknown()),
        secrets: v.unknown(),
      }),
    ),
    v.minLength(1),
  ),
  crew: v.array(
    v.strictObject({
      id: v.string(),
      name: v.string(),
      role: v.picklist(['attendant', 'purser', 'technician']),
      pin: v.optional(v.string()),
    }),
  ),
  catalogue: v.unknown(),
  promotions: v.unknown(),
  /** Largest cumulative limit an issuer key may sign, by currency number. */
  maxCum: v.optional(v.record(v.string(), v.pipe(v.number(), v.safeInteger(), v.minValue(1))), {
    156: 100_000,
  }),
});

/** Makes an airline out of one file: its keys, trust list, merchants, crew and first catalogue. All of it, or nothing. */
export const makeAirlineCommand: GroundCommand = async (ground, args) =>
  await run(MAKE_AIRLINE_USAGE, onlyFile(args), async (path) => {
    const file = v.parse(airlineFileSchema, await readJsonFile(path));
    const { airline } = file.airline;
    return await inTransaction(ground, async (inside) => {
      must((await addAirline(inside, file.airline)).ok, `airline ${airline} exists`);
      const wallets = file.merchants.map(({ wallet }) => wallet);
      await makeAirlineKeys(inside, airline, { wallets, maxCum: file.maxCum });
      for (const merchant of file.merchants) {
        const saved = await saveMerchant(inside, { ...merchant, airline, by: BY });
        must(saved.ok, `merchant ${merchant.wallet.toString()}: name`);
      }
      for (const { pin, ...member } of file.crew) {
        const withPin = { ...member, by: BY, ...(pin === undefined ? {} : { pin }) };
        const saved = await saveCrewMember(inside, airline, withPin);
        if (!saved.ok) throw new Error(`crew ${member.id}: ${saved.error}`);
      }
      const assortment = readAssortment(file);
      if (!assortment.ok) throw new Error(`${assortment.error.file}: ${assortment.error.why}`);
      const catalogueVersion = await saveAssortment(inside, airline, assortment.value, BY);
      const { version } = await publishTrustList(inside, airline);
      return { airline, wallets, catalogueVersion, trustVersion: version };
    });
  });

/** Plans a flight, or changes the one of that leg. */
export const makeFlightCommand: GroundCommand = async (ground, args) =>
  await run(MAKE_FLIGHT_USAGE, onlyFile(args), async (path) => {
    const plan = v.parse(flightPlanSchema, await readJsonFile(path));
    const added = await addFlight(ground, plan, BY);
    const isKnown = !added.ok && added.error.kind === 'flight-exists';
    const done = isKnown ? await changeFlight(ground, plan, BY) : added;
    if (!done.ok) throw new Error(JSON.stringify(done.error));
    return { leg: plan.leg, changed: isKnown };
  });

/** Makes the flight's next pack where it would be different from its newest. */
export const makePackCommand: GroundCommand = async (ground, args) =>
  await run(MAKE_PACK_USAGE, given(args, ['leg']), async ({ leg }) => {
    const made = await refreshPack(ground, leg);
    if (!made.ok) throw new Error(JSON.stringify(made.error));
    return { leg, ...made.value };
  });

/** Certifies a terminal's public key under its next epoch; the certificate is in the answer. */
export const enrollDeviceCommand: GroundCommand = async (ground, args) =>
  await run(ENROLL_DEVICE_USAGE, given(args, ['airline', 'dev', 'key']), async ({ airline, dev, key }) => {
    const jwk = v.parse(publicJwkSchema, await readJsonFile(key));
    const issued = await issueDeviceCertificate(ground, airline, { dev, jwk, by: BY });
    if (!issued.ok) throw new Error(issued.error);
    return issued.value;
  });

/** Makes the passenger behind an order number a member. */
export const addMemberCommand: GroundCommand = async (ground, args) =>
  await run(ADD_MEMBER_USAGE, given(args, ['airline', 'order', 'tier', 'label']), async (values) => {
    const { airline, order, tier, label } = values;
    const member = { orderNumber: order, label, tier: Number(tier), by: BY };
    const added = await addMemberByOrder(ground, airline, member);
    if (!added.ok) throw new Error(added.error.kind);
    return { airline, wallet: added.value.wallet, tier: member.tier };
  });

/** `input` null: the arguments are not those the command takes. */
async function run<Input>(
  usage: string,
  input: Input | null,
  work: (input: Input) => Promise<unknown>,
): Promise<CommandResult> {
  if (input === null) return cannotRun(`usage: ${usage}`);
  try {
    return { exitCode: 0, stdout: `${JSON.stringify(await work(input))}\n`, stderr: '' };
  } catch (error) {
    return cannotRun(v.isValiError(error) ? describeIssues(error.issues) : describeError(error));
  }
}

function describeIssues([issue]: readonly v.BaseIssue<unknown>[]): string {
  return issue === undefined ? 'shape' : `${v.getDotPath(issue) ?? 'whole file'}: ${issue.message}`;
}

function must(isDone: boolean, otherwise: string): void {
  if (!isDone) throw new Error(otherwise);
}

function onlyFile([path, ...others]: readonly string[]): string | null {
  return path === undefined || others.length > 0 ? null : path;
}

/** All of these options, and no others. */
function given<Name extends string>(
  args: readonly string[],
  names: readonly Name[],
): Readonly<Record<Name, string>> | null {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    const { values } = parseArgs({ args: [...args], options });
    return v.parse(v.object(v.entriesFromList(names, v.string())), values);
  } catch {
    return null;
  }
}

async function readJsonFile(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8')) as unknown;
}
