// Every command of ground: how it is called, what it does, and where it is. Each is loaded when it is wanted: judging a
// file needs no server and no database.
import type { Command } from './command.ts';
import type { GroundCommand } from './on-ground.ts';
import { USAGES } from './usages.ts';

type Described = { readonly usage: string; readonly what: string };

/** Opens what it needs by itself. */
type OwnCommand = Described & { readonly load: () => Promise<Command> };

/** Works on ground's data, opened for it where `--data` or `--database-url` say. */
type DataCommand = Described & { readonly loadOnGround: () => Promise<GroundCommand> };

export type ListedCommand = OwnCommand | DataCommand;

const airlines = () => import('./airlines/commands.ts');
const keys = () => import('./airlines/key-commands.ts');
const upkeep = () => import('./airlines/upkeep-commands.ts');

export const COMMANDS: Readonly<Record<string, ListedCommand>> = {
  serve: {
    usage:
      'serve [--demo] [--data DIR] [--database-url URL] [--port 8443] [--http-port 8080] [--host ADDRESS]\n        [--name NAME]... [--public-address URL] [--certificate FILE --key FILE] [--workers N] [--calls-per-minute N] [--behind-proxy]',
    what: 'the whole of ground: sign-up, passengers’ page, terminals, settlement, console; --demo brings an airline to try it with',
    load: async () => (await import('./server/serve-command.ts')).serveCommand,
  },
  work: {
    usage: 'work --database-url URL [--workers N]',
    what: 'settlement workers alone, as many processes as wanted over one PostgreSQL',
    load: async () => (await import('./server/serve-command.ts')).workCommand,
  },
  receive: {
    usage: USAGES.receive,
    what: 'takes settlement batches that came on a stick; of a folder, each file is moved to taken/ or refused/',
    loadOnGround: async () => (await import('./receive-command.ts')).receiveCommand,
  },
  result: {
    usage: USAGES.result,
    what: 'the newest result of a batch as a file for a stick, encrypted to the batch’s terminal',
    loadOnGround: async () => (await import('./result-command.ts')).resultCommand,
  },
  'make-airline': {
    usage: USAGES['make-airline'],
    what: 'an airline out of one file: keys, trust list, merchants, crew, first catalogue (docs/ground-guide.md)',
    loadOnGround: async () => (await airlines()).makeAirlineCommand,
  },
  'make-flight': {
    usage: USAGES['make-flight'],
    what: 'plans a flight, or changes the one of that leg',
    loadOnGround: async () => (await airlines()).makeFlightCommand,
  },
  'make-pack': {
    usage: USAGES['make-pack'],
    what: 'makes the flight’s next pack where it would differ from its newest',
    loadOnGround: async () => (await airlines()).makePackCommand,
  },
  'enroll-device': {
    usage: USAGES['enroll-device'],
    what: 'certifies a terminal’s public key under its next epoch',
    loadOnGround: async () => (await airlines()).enrollDeviceCommand,
  },
  'revoke-device': {
    usage: USAGES['revoke-device'],
    what: 'takes a terminal’s certificate back; --lost-since 2026-11-25T06:30Z: since when nobody knows where it is',
    loadOnGround: async () => (await keys()).revokeDeviceCommand,
  },
  'add-member': {
    usage: USAGES['add-member'],
    what: 'makes somebody who flew before a regular of the airline',
    loadOnGround: async () => (await airlines()).addMemberCommand,
  },
  'add-preorder': {
    usage: USAGES['add-preorder'],
    what: 'what passengers of a flight ordered before it: in the file once more replaces theirs, with no lines takes it back',
    loadOnGround: async () => (await upkeep()).addPreorderCommand,
  },
  'save-catalogue': {
    usage: USAGES['save-catalogue'],
    what: 'the next version of catalogue and deals, for all flights that have not departed (--from: of that day or later)',
    loadOnGround: async () => (await upkeep()).saveCatalogueCommand,
  },
  'save-crew': {
    usage: USAGES['save-crew'],
    what: 'adds, changes and removes crew; a PIN in the file is their new one',
    loadOnGround: async () => (await upkeep()).saveCrewCommand,
  },
  'save-merchant': {
    usage: USAGES['save-merchant'],
    what: 'the airline’s contract with a wallet, new or changed; a new wallet gets an issuer key',
    loadOnGround: async () => (await upkeep()).saveMerchantCommand,
  },
  'replace-issuer': {
    usage: USAGES['replace-issuer'],
    what: 'an issuer’s key was stolen: revokes it, makes another, and signs the codes of all coming flights anew',
    loadOnGround: async () => (await keys()).replaceIssuerCommand,
  },
  'import-partner': {
    usage: USAGES['import-partner'],
    what: 'another airline’s issuer, whose passengers may buy here',
    loadOnGround: async () => (await keys()).importPartnerCommand,
  },
  'import-statement': {
    usage: USAGES['import-statement'],
    what: 'a wallet’s statement against our books, from a file or from the wallet; 1 when something differs',
    loadOnGround: async () =>
      (await import('./statements/import-statement-command.ts')).importStatementCommand,
  },
  'make-console-user': {
    usage: USAGES['make-console-user'],
    what: 'lets somebody sign in to the console; prints the password it made up unless one comes on standard input',
    loadOnGround: async () =>
      (await import('./console-api/make-console-user-command.ts')).makeConsoleUserCommand,
  },
  simulate: {
    usage: 'simulate wechat|alipay [--port P] [--keys DIR] [--deduct-after-ms MS]',
    what: 'a wallet’s simulator, until it is stopped',
    load: async () => (await import('./simulators/simulate-command.ts')).simulateCommand,
  },
  'make-demo': {
    usage: 'make-demo --out DIR',
    what: 'makes a demo airline with a flight in the air: keys, trust list, flight pack, passengers',
    load: async () => (await import('./make-demo-command.ts')).makeDemoCommand,
  },
  'check-codes': {
    usage: 'check-codes FILE.json',
    what: 'judges cabin codes; one line each: name, TAB, accepted mode or error code',
    load: async () => (await import('./check-codes-command.ts')).checkCodesCommand,
  },
  'verify-batch': {
    usage: 'verify-batch FILE.cpb --keys DIR [--after EARLIER.cpb]...',
    what: 'judges a settlement batch and prints what is in it as JSON',
    load: async () => (await import('./verify-batch-command.ts')).verifyBatchCommand,
  },
};
