// The shapes of ground's answers (ground/web/phone-api.ts), checked before anything of them is kept or shown.
import * as v from 'valibot';
import { catalogueSchema } from '../../../domain/catalogue/catalogue.ts';
import { promotionsSchema } from '../../../domain/promotion/promotion.ts';
import { publicJwkSchema } from '../../../domain/trust/trust-list.ts';
import { ENROLMENT_REFUSALS } from '../../web/phone-api.ts';

const text = v.pipe(v.string(), v.maxLength(200));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const both = v.object({ zh: text, en: text });

const flightEntries = {
  leg: text,
  airline: text,
  airlineName: both,
  cities: v.record(v.string(), both),
  stdMs: count,
  staMs: count,
  utcOffsetMinutes: v.pipe(v.number(), v.safeInteger()),
  enrolmentUntilMs: count,
};

const openFlightSchema = v.object({ ...flightEntries, wallets: v.array(count) });
export const openFlightsSchema = v.array(openFlightSchema);

export const begunSchema = v.object({
  token: v.pipe(v.string(), v.minLength(16), v.maxLength(400)),
  walletAddress: v.pipe(v.string(), v.maxLength(2000), v.regex(/^https?:\/\//)),
});

const phoneFlightSchema = v.object({
  ...flightEntries,
  merchant: text,
  catalogue: catalogueSchema,
  promotions: promotionsSchema.entries.promotions,
  terminals: v.array(v.object({ dev: text, ep: count, jwk: publicJwkSchema })),
});

export const enrolmentStateSchema = v.variant('kind', [
  v.object({ kind: v.literal('waiting-for-wallet') }),
  v.object({ kind: v.literal('refused'), why: v.picklist(ENROLMENT_REFUSALS) }),
  v.object({
    kind: v.literal('enrolled'),
    cti: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
    orderNumber: text,
    wallet: count,
    seat: text,
    tier: count,
    maskedName: text,
    limits: v.object({ cumMinor: count, perSaleMinor: count, maxSales: count }),
    staticMinor: count,
    cred: v.pipe(v.string(), v.maxLength(1000), v.regex(/^[A-Za-z0-9_-]+$/)),
    flight: phoneFlightSchema,
  }),
]);

export const copiesAnswerSchema = v.object({
  outcomes: v.array(v.picklist(['kept', 'not-yours', 'not-genuine'])),
});

export const phoneOrderSchema = v.object({
  orderNumber: text,
  state: v.picklist(['open', 'adding-up', 'collecting', 'must-act', 'paid', 'released', 'with-a-person']),
  totalMinor: v.nullable(v.pipe(v.number(), v.safeInteger())),
  paidMinor: v.nullable(v.pipe(v.number(), v.safeInteger())),
  act: v.nullable(v.literal('pay-in-wallet')),
  sales: v.array(
    v.object({
      terminal: text,
      seq: count,
      atMs: count,
      totalMinor: v.pipe(v.number(), v.safeInteger()),
      lines: v.array(v.object({ name: text, q: count, amountMinor: v.pipe(v.number(), v.safeInteger()) })),
    }),
  ),
});

export const apiProblemSchema = v.object({
  problem: v.object({ kind: v.string(), why: v.optional(v.string()) }),
});
