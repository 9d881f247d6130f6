// What the web console and ground say to each other: who asks, how lists are paged, what can go wrong. Both sides import
// it; it runs in browsers as well. The rows stand in `console-rows.ts`, the questions in `console-asks.ts`.
import type { ConsoleRole } from '../database/tables.ts';

export type { ConsoleRole };

/** Why the console did not do what was asked. */
export const CONSOLE_PROBLEMS = [
  'signed-out',
  'wrong-password',
  /** Too many wrong passwords; `why` says how many seconds to wait. */
  'locked',
  /** The role may not do this. */
  'not-allowed',
  /** The user belongs to another airline. */
  'other-airline',
  /** The request came from another site. */
  'other-site',
  'bad-request',
  'not-found',
  /** What was asked does not fit how things stand; `why` names it. */
  'not-possible',
  /** The wallet said no; `why` is its own code. */
  'wallet-refused',
  /** The wallet did not answer: nothing is lost, ask again. */
  'wallet-away',
  /** No connection, or ground or its database is not there. */
  'unreachable',
] as const;
export type ConsoleProblemKind = (typeof CONSOLE_PROBLEMS)[number];
export type ConsoleProblem = { readonly kind: ConsoleProblemKind; readonly why?: string };

export const PROBLEM_STATUS: Readonly<Record<ConsoleProblemKind, number>> = {
  'signed-out': 401,
  'wrong-password': 401,
  locked: 429,
  'not-allowed': 403,
  'other-airline': 403,
  'other-site': 403,
  'bad-request': 400,
  'not-found': 404,
  'not-possible': 409,
  'wallet-refused': 409,
  'wallet-away': 503,
  unreachable: 503,
};

export type ConsoleAirline = {
  readonly airline: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly utcOffsetMinutes: number;
  /** Wallets with a merchant contract, by number. */
  readonly wallets: readonly number[];
};

export type Me = {
  readonly name: string;
  readonly role: ConsoleRole;
  /** Those this user may look at: one, or all of them. */
  readonly airlines: readonly ConsoleAirline[];
};

/** One page of a list; `next` is handed back as `after`, null at the end. */
export type Page<Row> = { readonly rows: readonly Row[]; readonly next: string | null };

const EVERYONE = ['finance', 'operations', 'viewer', 'administrator'] as const;
const MONEY = ['finance', 'administrator'] as const;
const FLYING = ['operations', 'administrator'] as const;
const WORKING = ['finance', 'operations', 'administrator'] as const;

type ConsoleRoute = {
  readonly method: 'GET' | 'POST';
  /** Below `/console/api`; what stands in braces comes out of the question. */
  readonly path: string;
  readonly roles: readonly ConsoleRole[];
  /** A list that can also be had as CSV, at the same path with `.csv`. */
  readonly isList?: true;
};

/**
 * Every route and who may use it: the one place. The server registers exactly these, the pages show only what the
 * signed-in role may do, and every GET reads while every POST changes something and is written into the audit trail.
 */
export const CONSOLE_ROUTES = {
  overview: { method: 'GET', path: '/overview', roles: EVERYONE },
  flights: { method: 'GET', path: '/flights', roles: EVERYONE, isList: true },
  flight: { method: 'GET', path: '/flights/{leg}', roles: EVERYONE },
  'lost-report': { method: 'GET', path: '/flights/{leg}/terminals/{dev}/recovery', roles: EVERYONE },
  batches: { method: 'GET', path: '/batches', roles: EVERYONE, isList: true },
  batch: { method: 'GET', path: '/batches/{id}', roles: EVERYONE },
  'batch-lines': { method: 'GET', path: '/batches/{id}/lines', roles: EVERYONE, isList: true },
  orders: { method: 'GET', path: '/orders', roles: EVERYONE, isList: true },
  order: { method: 'GET', path: '/orders/{orderNumber}', roles: EVERYONE },
  'follow-ups': { method: 'GET', path: '/follow-ups', roles: EVERYONE, isList: true },
  'set-aside': { method: 'GET', path: '/set-aside', roles: EVERYONE, isList: true },
  differences: { method: 'GET', path: '/differences', roles: EVERYONE, isList: true },
  members: { method: 'GET', path: '/members', roles: EVERYONE, isList: true },
  'deny-list': { method: 'GET', path: '/deny-list', roles: EVERYONE, isList: true },
  risk: { method: 'GET', path: '/risk', roles: EVERYONE },
  'risk-day': { method: 'GET', path: '/risk/{day}', roles: EVERYONE },
  fleet: { method: 'GET', path: '/fleet', roles: EVERYONE, isList: true },
  catalogue: { method: 'GET', path: '/catalogue', roles: EVERYONE },
  audit: { method: 'GET', path: '/audit', roles: EVERYONE, isList: true },

  'release-terminal': { method: 'POST', path: '/flights/{leg}/terminals/{dev}/release', roles: FLYING },
  'declare-lost': { method: 'POST', path: '/flights/{leg}/terminals/{dev}/lost', roles: FLYING },
  'cancel-flight': { method: 'POST', path: '/flights/{leg}/cancel', roles: FLYING },
  'release-leg': { method: 'POST', path: '/flights/{leg}/release', roles: FLYING },
  'upload-batch': { method: 'POST', path: '/batches/upload', roles: WORKING },
  'write-off': { method: 'POST', path: '/orders/{orderNumber}/write-off', roles: MONEY },
  refund: { method: 'POST', path: '/orders/{orderNumber}/refund', roles: MONEY },
  'send-on': { method: 'POST', path: '/orders/{orderNumber}/send-on', roles: MONEY },
  'no-show': { method: 'POST', path: '/orders/{orderNumber}/no-show', roles: WORKING },
  'paid-elsewhere': { method: 'POST', path: '/orders/{orderNumber}/paid-elsewhere', roles: MONEY },
  'resolve-follow-up': { method: 'POST', path: '/follow-ups/{id}/resolve', roles: WORKING },
  'decide-set-aside': { method: 'POST', path: '/set-aside/decide', roles: MONEY },
  'import-statement': { method: 'POST', path: '/statements/import', roles: MONEY },
  'fetch-statement': { method: 'POST', path: '/statements/fetch', roles: MONEY },
  'resolve-difference': { method: 'POST', path: '/differences/{id}/resolve', roles: MONEY },
  'add-member': { method: 'POST', path: '/members/add', roles: FLYING },
  'set-tier': { method: 'POST', path: '/members/tier', roles: FLYING },
  'remove-member': { method: 'POST', path: '/members/remove', roles: FLYING },
  'add-deny': { method: 'POST', path: '/deny-list/add', roles: FLYING },
  'remove-deny': { method: 'POST', path: '/deny-list/remove', roles: FLYING },
  'revoke-terminal': { method: 'POST', path: '/fleet/{dev}/revoke', roles: FLYING },
  'report-lost': { method: 'POST', path: '/fleet/{dev}/lost', roles: FLYING },
  'save-catalogue': { method: 'POST', path: '/catalogue/save', roles: FLYING },
  'lift-quarantine': { method: 'POST', path: '/fleet/{dev}/lift-quarantine', roles: FLYING },
} as const satisfies Readonly<Record<string, ConsoleRoute>>;

export type RouteName = keyof typeof CONSOLE_ROUTES;

type NamesOf<Part> = {
  [Name in RouteName]: (typeof CONSOLE_ROUTES)[Name] extends Part ? Name : never;
}[RouteName];
export type ReadName = NamesOf<{ readonly method: 'GET' }>;
export type ActName = NamesOf<{ readonly method: 'POST' }>;
export type ListName = NamesOf<{ readonly isList: true }>;

/** Whether this role may use this route; the server asks the same. */
export function mayUse(role: ConsoleRole, name: RouteName): boolean {
  const roles: readonly ConsoleRole[] = CONSOLE_ROUTES[name].roles;
  return roles.includes(role);
}
