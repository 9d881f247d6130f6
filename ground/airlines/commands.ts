// Airlines on the command line: thin shells over the functions; whoever registers them opens ground.
import { publicJwkSchema } from '../../domain/trust/trust-list.ts';
import { BY_COMMAND, must, onlyOptions, optionsAndFile, readFileAs, runWith } from '../data-command.ts';
import { inTransaction } from '../database/in-transaction.ts';
import { readAssortment, saveAssortment } from '../flights/catalogues.ts';
import { flightPlanSchema } from '../flights/flight-plan.ts';
import { addFlight, changeFlight } from '../flights/flights.ts';
import type { GroundCommand } from '../on-ground.ts';
import { addMemberByOrder } from '../members/members.ts';
import { refreshPack } from '../packs/refresh-pack.ts';
import { airlineFileSchema } from './airline-file.ts';
import { addAirline } from './airlines.ts';
import { saveCrewMember } from './crew.ts';
import { issueDeviceCertificate } from './devices.ts';
import { makeAirlineKeys } from './keys.ts';
import { saveMerchant } from './merchants.ts';
import { publishTrustList } from './trust-lists.ts';

/** Makes an airline out of one file: its keys, trust list, merchants, crew and first catalogue. All of it, or nothing. */
export const makeAirlineCommand: GroundCommand = async (ground, args) =>
  await runWith('make-airline', optionsAndFile(args), async ({ file: path }) => {
    const file = await readFileAs(airlineFileSchema, path);
    const { airline } = file.airline;
    return await inTransaction(ground, async (inside) => {
      must((await addAirline(inside, file.airline)).ok, `airline ${airline} exists`);
      const wallets = file.merchants.map(({ wallet }) => wallet);
      await makeAirlineKeys(inside, airline, { wallets, maxCum: file.maxCum });
      for (const merchant of file.merchants) {
        const saved = await saveMerchant(inside, { ...merchant, airline, by: BY_COMMAND });
        must(saved.ok, `merchant ${merchant.wallet.toString()}: name`);
      }
      for (const { pin, ...member } of file.crew) {
        const withPin = { ...member, by: BY_COMMAND, ...(pin === undefined ? {} : { pin }) };
        const saved = await saveCrewMember(inside, airline, withPin);
        if (!saved.ok) throw new Error(`crew ${member.id}: ${saved.error}`);
      }
      const assortment = readAssortment(file);
      if (!assortment.ok) throw new Error(`${assortment.error.file}: ${assortment.error.why}`);
      const catalogueVersion = await saveAssortment(inside, airline, assortment.value, BY_COMMAND);
      const { version } = await publishTrustList(inside, airline);
      return { airline, wallets, catalogueVersion, trustVersion: version };
    });
  });

/** Plans a flight, or changes the one of that leg. */
export const makeFlightCommand: GroundCommand = async (ground, args) =>
  await runWith('make-flight', optionsAndFile(args), async ({ file: path }) => {
    const plan = await readFileAs(flightPlanSchema, path);
    const added = await addFlight(ground, plan, BY_COMMAND);
    const isKnown = !added.ok && added.error.kind === 'flight-exists';
    const done = isKnown ? await changeFlight(ground, plan, BY_COMMAND) : added;
    if (!done.ok) throw new Error(JSON.stringify(done.error));
    return { leg: plan.leg, changed: isKnown };
  });

/** Makes the flight's next pack where it would be different from its newest. */
export const makePackCommand: GroundCommand = async (ground, args) =>
  await runWith('make-pack', onlyOptions(args, ['leg']), async ({ leg }) => {
    const made = await refreshPack(ground, leg);
    if (!made.ok) throw new Error(JSON.stringify(made.error));
    return { leg, ...made.value };
  });

/** Certifies a terminal's public key under its next epoch; the certificate is in the answer. */
export const enrollDeviceCommand: GroundCommand = async (ground, args) =>
  await runWith(
    'enroll-device',
    onlyOptions(args, ['airline', 'dev', 'key']),
    async ({ airline, dev, key }) => {
      const jwk = await readFileAs(publicJwkSchema, key);
      const issued = await issueDeviceCertificate(ground, airline, { dev, jwk, by: BY_COMMAND });
      if (!issued.ok) throw new Error(issued.error);
      return issued.value;
    },
  );

/** Makes the passenger behind an order number a member. */
export const addMemberCommand: GroundCommand = async (ground, args) =>
  await runWith('add-member', onlyOptions(args, ['airline', 'order', 'tier', 'label']), async (values) => {
    const { airline, order, tier, label } = values;
    const member = { orderNumber: order, label, tier: Number(tier), by: BY_COMMAND };
    const added = await addMemberByOrder(ground, airline, member);
    if (!added.ok) throw new Error(added.error.kind);
    return { airline, wallet: added.value.wallet, tier: member.tier };
  });
