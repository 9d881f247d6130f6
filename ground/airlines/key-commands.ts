// Keys and certificates on the command line, once something has happened to one.
import * as v from 'valibot';
import { findTextFault } from '../../domain/text/clean-text.ts';
import { publicJwkSchema } from '../../domain/trust/trust-list.ts';
import {
  BY_COMMAND,
  must,
  needAirline,
  onlyOptions,
  optionsAndFile,
  readFileAs,
  runWith,
} from '../data-command.ts';
import { replaceIssuer } from '../enrolment/replace-issuer.ts';
import type { GroundCommand } from '../on-ground.ts';
import { maxCumSchema, walletSchema } from './airline-file.ts';
import { revokeDevice } from './devices.ts';
import { importPartnerIssuer } from './partners.ts';

const seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const partnerFileSchema = v.pipe(
  v.strictObject({
    /** A private half (`d`) is refused: a partner's key that came with it is no secret any more. */
    jwk: v.strictObject(publicJwkSchema.entries),
    scope: v.strictObject({
      iss: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,8}$/)),
      wallets: v.pipe(v.array(walletSchema), v.minLength(1)),
      carriers: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[A-Z0-9]{2,3}$/))), v.minLength(1)),
      maxCum: maxCumSchema,
    }),
    nbf: seconds,
    exp: seconds,
  }),
  v.check(({ nbf, exp }) => nbf < exp, 'the key ends before it begins'),
);

/** Takes a terminal's certificate back. */
export const revokeDeviceCommand: GroundCommand = async (ground, args) =>
  await runWith(
    'revoke-device',
    onlyOptions(args, ['airline', 'dev', 'ep', 'why'], ['lost-since']),
    async ({ airline, dev, ep, why, 'lost-since': lostSince }) => {
      await needAirline(ground, airline);
      must(/^[1-9]\d{0,8}$/.test(ep), `--ep: '${ep}' is no epoch`);
      must(findTextFault(why, 80) === null, '--why: text is empty, too long or has forbidden characters');
      const lostAtMs = lostSince === undefined ? null : Date.parse(lostSince);
      const isPast = lostAtMs === null || lostAtMs <= ground.nowMs();
      must(isPast, `--lost-since: '${lostSince ?? ''}' is no moment in the past`);
      const device = { dev, ep: Number(ep), lostAtMs, why, by: BY_COMMAND };
      const revoked = await revokeDevice(ground, airline, device);
      if (!revoked.ok) throw new Error(`there is no terminal ${dev} with epoch ${ep}`);
      return { airline, dev, ep: device.ep, trustVersion: revoked.value.trustVersion };
    },
  );

/** A stolen issuer key (threats.md 12). */
export const replaceIssuerCommand: GroundCommand = async (ground, args) =>
  await runWith('replace-issuer', onlyOptions(args, ['airline', 'wallet']), async ({ airline, wallet }) => {
    await needAirline(ground, airline);
    const replaced = await replaceIssuer(ground, airline, Number(wallet), BY_COMMAND);
    if (!replaced.ok) throw new Error(`${airline} has no issuer key for a wallet ${wallet}`);
    return { airline, wallet: Number(wallet), ...replaced.value };
  });

const PARTNER_FAULTS = {
  'own-name': 'scope.iss: that is this airline itself',
  'scope-empty': 'scope: it may sign nothing',
  'key-known': 'jwk: this key is on record already',
} as const;

/** Another airline's issuer onto this airline's own list. */
export const importPartnerCommand: GroundCommand = async (ground, args) =>
  await runWith('import-partner', optionsAndFile(args, ['airline']), async ({ airline, file }) => {
    await needAirline(ground, airline);
    const partner = await readFileAs(partnerFileSchema, file);
    must(partner.exp * 1000 > ground.nowMs(), 'exp: the key has ended');
    const imported = await importPartnerIssuer(ground, airline, partner, BY_COMMAND);
    if (!imported.ok) throw new Error(PARTNER_FAULTS[imported.error]);
    return { airline, ...imported.value };
  });
