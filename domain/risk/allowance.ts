// How much may still be charged to a credential at this terminal (risk.md 4.1, policy D of 4.2: the home terminal
// grants the whole limit, every other one an equal share of one more).
import type { Credential, PresentationMode } from '../cabin-code/cabin-code.ts';
import type { FlightLimits, ModeLimits } from '../limits.ts';
import { PACK_AGE } from '../limits.ts';

export type Roster = readonly {
  readonly dev: string;
  readonly zone: { readonly fromRow: number; readonly toRow: number };
}[];

export type RiskContext = {
  readonly dev: string;
  readonly roster: Roster;
  readonly limits: FlightLimits;
  readonly isListed: boolean;
  readonly packAgeMs: number;
  readonly isClockBad: boolean;
};

/** What this terminal has charged so far; minor units. */
export type Spent = {
  readonly creditMinor: number;
  readonly sales: number;
  readonly terminalMinor: number;
  readonly unlistedMinor: number;
};

export type Allowance = {
  readonly leftMinor: number;
  readonly perSaleMinor: number;
  readonly salesLeft: number;
  readonly terminalLeftMinor: number;
  readonly unlistedLeftMinor: number;
};

const HARDWARE_KEY = 2;

function modeLimits(credential: Credential, mode: PresentationMode, context: RiskContext): ModeLimits {
  if (mode === 'static' || context.isClockBad) return context.limits.static;
  if (mode === 'confirmed') return context.limits.confirmed;
  return credential.holderClass === HARDWARE_KEY ? context.limits.hardwareKey : context.limits.softwareKey;
}

/** The credential's whole limit in this mode, before anything was spent. */
export function limitOf(credential: Credential, mode: PresentationMode, context: RiskContext): ModeLimits {
  const byMode = modeLimits(credential, mode, context);
  const ceilings = [credential.limits.cumMinor, byMode.cumMinor];
  if (mode === 'static') ceilings.push(credential.staticCumMinor);
  if (!context.isListed) ceilings.push(context.limits.unlistedPerPassengerMinor);
  if (context.packAgeMs > PACK_AGE.oldMs) ceilings.push(PACK_AGE.oldCapMinor);
  const cumMinor = Math.min(...ceilings);
  return {
    cumMinor: context.packAgeMs > PACK_AGE.agingMs ? Math.floor(cumMinor / 2) : cumMinor,
    perSaleMinor: Math.min(credential.limits.perSaleMinor, byMode.perSaleMinor),
    maxSales: Math.min(credential.limits.maxSales, byMode.maxSales),
  };
}

/** Whether this terminal is home to the seat; a passenger without a seat is at home where the cti falls. */
export function isHome(credential: Pick<Credential, 'seat' | 'cti'>, dev: string, roster: Roster): boolean {
  if (roster.length <= 1) return true;
  const row = Number.parseInt(credential.seat, 10);
  const home = Number.isNaN(row)
    ? roster[Number(BigInt(`0x${credential.cti}`) % BigInt(roster.length))]
    : roster.find(({ zone }) => row >= zone.fromRow && row <= zone.toRow);
  return home?.dev === dev;
}

export function allowanceOf(
  credential: Credential,
  mode: PresentationMode,
  spent: Spent,
  context: RiskContext,
): Allowance {
  const limit = limitOf(credential, mode, context);
  const share = isHome(credential, context.dev, context.roster)
    ? limit.cumMinor
    : Math.floor(limit.cumMinor / Math.max(1, context.roster.length - 1));
  const terminalLeftMinor = Math.max(0, context.limits.terminalCapMinor - spent.terminalMinor);
  const unlistedLeftMinor = context.isListed
    ? Number.MAX_SAFE_INTEGER
    : Math.max(0, context.limits.unlistedPerTerminalMinor - spent.unlistedMinor);
  return {
    leftMinor: Math.max(0, Math.min(share - spent.creditMinor, terminalLeftMinor, unlistedLeftMinor)),
    perSaleMinor: limit.perSaleMinor,
    salesLeft: Math.max(0, limit.maxSales - spent.sales),
    terminalLeftMinor,
    unlistedLeftMinor,
  };
}
