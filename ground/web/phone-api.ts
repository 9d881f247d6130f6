// What the passenger's pages and ground say to each other. Both sides import it; it runs in browsers as well.
import * as v from 'valibot';
import type { Catalogue } from '../../domain/catalogue/catalogue.ts';
import type { EcPublicJwk } from '../../domain/crypto/crypto.ts';
import type { Promotion } from '../../domain/promotion/promotion.ts';
import { publicJwkSchema } from '../../domain/trust/trust-list.ts';

/** The text a passenger agrees to; a change of meaning is a new number. */
export const CONSENT_VERSION = 1;

export const languageSchema = v.picklist(['zh-CN', 'en']);
export type Language = v.InferOutput<typeof languageSchema>;

const leg = v.pipe(v.string(), v.regex(/^[A-Z0-9]{2,3}\d{1,4}-\d{8}-[A-Z]{3}-[A-Z]{3}$/));
const seat = v.pipe(v.string(), v.regex(/^[0-9]{1,3}[A-Z]$/));

/** `GET /v1/flights`: those one can still sign up for. */
export type OpenFlight = {
  readonly leg: string;
  readonly airline: string;
  readonly airlineName: { readonly zh: string; readonly en: string };
  readonly cities: Readonly<Record<string, { readonly zh: string; readonly en: string }>>;
  readonly stdMs: number;
  readonly staMs: number;
  readonly utcOffsetMinutes: number;
  readonly enrolmentUntilMs: number;
  /** Wallets the airline takes, by number. */
  readonly wallets: readonly number[];
};

/** `POST /v1/enrolments` */
export const enrolmentRequestSchema = v.strictObject({
  leg,
  seat,
  /** Check-in sequence number; 0 where the passenger does not know it. */
  seq: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(9999)),
  /** The text of a scanned boarding pass (IATA BCBP), which then decides leg, seat and sequence. */
  boardingPass: v.optional(v.pipe(v.string(), v.maxLength(400))),
  /** As on the boarding pass; only its masked form is kept. */
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(40)),
  wallet: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(255)),
  language: languageSchema,
  consentVersion: v.literal(CONSENT_VERSION),
  /** The phone's public key; null where the browser cannot keep one: then the code is a static picture. */
  holder: v.nullable(publicJwkSchema),
});
export type EnrolmentRequest = v.InferOutput<typeof enrolmentRequestSchema>;

export const ENROLMENT_REFUSALS = [
  'flight-unknown',
  'enrolment-closed',
  'flight-cancelled',
  'wallet-not-offered',
  'seat-unknown',
  'seat-taken',
  'boarding-pass-unreadable',
  'boarding-pass-of-another-flight',
  'name-unreadable',
  /** The wallet said no and no more than that. */
  'wallet-not-accepted',
  'wallet-overdue-orders',
  'wallet-too-many-open-orders',
  'wallet-youth-mode',
  'wallet-not-permitted',
  /** The wallet did not answer; nothing was set up, try again. */
  'wallet-unreachable',
] as const;
export type EnrolmentRefusal = (typeof ENROLMENT_REFUSALS)[number];

/** With this the wallet's return opens the pages in a browser that has not begun the sign-up. */
export const OTHER_BROWSER_HASH = '#/other-browser';

/** `token` is the phone's secret for everything that follows; it stands in no address. */
export type EnrolmentBegun = {
  readonly token: string;
  /** The wallet's page, which leads back to the passenger's page. */
  readonly walletAddress: string;
};

/** A terminal of the flight, so that the phone can check copies while it is offline. */
export type KnownTerminal = { readonly dev: string; readonly ep: number; readonly jwk: EcPublicJwk };

/** Everything the phone keeps for a flight without network. */
export type PhoneFlight = Omit<OpenFlight, 'wallets'> & {
  readonly merchant: string;
  readonly catalogue: Catalogue;
  readonly promotions: readonly Promotion[];
  readonly terminals: readonly KnownTerminal[];
};

/** `GET /v1/enrolment` with `Authorization: Bearer TOKEN` */
export type EnrolmentState =
  | { readonly kind: 'waiting-for-wallet' }
  | { readonly kind: 'refused'; readonly why: EnrolmentRefusal }
  | {
      readonly kind: 'enrolled';
      readonly cti: string;
      readonly orderNumber: string;
      readonly wallet: number;
      readonly seat: string;
      readonly tier: number;
      readonly maskedName: string;
      readonly limits: {
        readonly cumMinor: number;
        readonly perSaleMinor: number;
        readonly maxSales: number;
      };
      readonly staticMinor: number;
      /** base64url of the signed credential. */
      readonly cred: string;
      readonly flight: PhoneFlight;
    };

/** `POST /v1/enrolment/copies`: journal lines the phone took from the till. */
export const copiesRequestSchema = v.strictObject({
  lines: v.pipe(
    v.array(v.pipe(v.string(), v.maxLength(16_384), v.regex(/^[A-Za-z0-9_.-]+$/))),
    v.minLength(1),
    v.maxLength(100),
  ),
});
export type CopiesAnswer = {
  /** Per line sent, in its order: `kept` also where it had been known. */
  readonly outcomes: readonly ('kept' | 'not-yours' | 'not-genuine')[];
};

/** `GET /v1/enrolment/order`: what became of it, for the passenger. */
export type PhoneOrder = {
  readonly orderNumber: string;
  readonly state: 'open' | 'adding-up' | 'collecting' | 'must-act' | 'paid' | 'released' | 'with-a-person';
  readonly totalMinor: number | null;
  readonly paidMinor: number | null;
  /** Where the passenger must act: which way. */
  readonly act: 'pay-in-wallet' | null;
  readonly sales: readonly {
    readonly terminal: string;
    readonly seq: number;
    readonly atMs: number;
    readonly totalMinor: number;
    readonly lines: readonly { readonly name: string; readonly q: number; readonly amountMinor: number }[];
  }[];
};

/** What every refused call answers, with a 4xx or 5xx status. */
export type ApiProblem = { readonly problem: { readonly kind: string; readonly why?: string } };
