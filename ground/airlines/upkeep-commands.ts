// What an airline changes after its first day, on the command line. A file is taken as a whole or not at all.
import * as v from 'valibot';
import { preordersSchema } from '../../domain/flight-pack/manifest.ts';
import { BY_COMMAND, must, needAirline, optionsAndFile, readFileAs, runWith } from '../data-command.ts';
import { inTransaction } from '../database/in-transaction.ts';
import { readAssortment, saveAssortment } from '../flights/catalogues.ts';
import { savePreorders } from '../flights/preorders.ts';
import { putCatalogueOnFlights } from '../flights/put-catalogue-on-flights.ts';
import type { GroundCommand } from '../on-ground.ts';
import { namePlace } from '../packs/name-place.ts';
import { assortmentFileSchema, crewFileSchema, merchantFileSchema } from './airline-file.ts';
import { changeCrew, type CrewChangeFault } from './change-crew.ts';
import { changeMerchant, type MerchantFault } from './change-merchant.ts';

/** The next version of what is sold, and all flights that have not departed with it. */
export const saveCatalogueCommand: GroundCommand = async (ground, args) =>
  await runWith('save-catalogue', optionsAndFile(args, ['airline'], ['from']), async (input) => {
    const { airline, file, from } = input;
    must(from === undefined || isDay(from), `--from: '${from ?? ''}' is no day`);
    await needAirline(ground, airline);
    const assortment = readAssortment(await readFileAs(assortmentFileSchema, file));
    if (!assortment.ok) throw new Error(`${assortment.error.file}: ${assortment.error.why}`);
    return await inTransaction(ground, async (inside) => {
      const version = await saveAssortment(inside, airline, assortment.value, BY_COMMAND);
      const moved = await putCatalogueOnFlights(inside, airline, { version, fromDay: from ?? null });
      if (!moved.ok) {
        const { leg, sku, why } = moved.error;
        throw new Error(`${leg}: ${sku} is ${why} and not in this catalogue`);
      }
      return { airline, catalogueVersion: version, flights: moved.value };
    });
  });

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** Crew on record: new ones, changed ones, and those who have left. */
export const saveCrewCommand: GroundCommand = async (ground, args) =>
  await runWith('save-crew', optionsAndFile(args, ['airline']), async ({ airline, file }) => {
    await needAirline(ground, airline);
    const change = await readFileAs(crewFileSchema, file, (place, content) => {
      const named = { catalogue: null, promotions: null, ...(content as { readonly crew?: unknown }) };
      return namePlace({ file, why: place }, named).why;
    });
    const changed = await changeCrew(ground, airline, change, BY_COMMAND);
    if (!changed.ok) throw new Error(wordsOfCrew(changed.error));
    const { crew, remove } = change;
    return { airline, saved: crew.length, removed: remove.length, flights: changed.value.legs };
  });

function wordsOfCrew(fault: CrewChangeFault): string {
  if (fault.kind === 'member') return `crew ${fault.id}: ${fault.why}`;
  if (fault.kind === 'no-purser') return `${fault.leg} would have no purser`;
  return `crew ${fault.id} is on ${fault.leg}: change that flight first`;
}

/** The contract with a wallet. */
export const saveMerchantCommand: GroundCommand = async (ground, args) =>
  await runWith('save-merchant', optionsAndFile(args, ['airline']), async ({ airline, file }) => {
    await needAirline(ground, airline);
    const merchant = await readFileAs(merchantFileSchema, file);
    const saved = await changeMerchant(ground, airline, merchant, BY_COMMAND);
    if (!saved.ok) throw new Error(`merchant ${merchant.wallet.toString()}: ${wordsOfMerchant(saved.error)}`);
    return { airline, ...saved.value };
  });

function wordsOfMerchant(fault: MerchantFault): string {
  if (fault.kind === 'settings') return fault.why;
  return fault.kind === 'name'
    ? 'name: text is empty, too long or has forbidden characters'
    : 'wallet: no adapter of that number';
}

const preorderFileSchema = v.strictObject({
  preorders: v.pipe(
    v.array(v.strictObject({ order: v.string(), items: preordersSchema })),
    v.minLength(1),
    v.maxLength(1000),
  ),
});

/** What enrolled passengers ordered before the flight, by the order number their phone shows. */
export const addPreorderCommand: GroundCommand = async (ground, args) =>
  await runWith('add-preorder', optionsAndFile(args, ['leg']), async ({ leg, file }) => {
    const { preorders } = await readFileAs(preorderFileSchema, file);
    const saved = await savePreorders(ground, leg, preorders, BY_COMMAND);
    if (saved.ok) return { leg, passengers: preorders.length };
    const { kind, place } = saved.error;
    throw new Error(place === null ? `${leg}: ${kind}` : `${place}: ${kind}`);
  });
