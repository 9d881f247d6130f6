// `trust.jws` (trust.md 3.2): every key an airline's terminals and ground may believe, signed by a root.
import * as v from 'valibot';
import { verifyJsonJws, type JwsFault } from '../crypto/compact-jws.ts';
import type { Crypto, EcPublicJwk } from '../crypto/crypto.ts';
import { TRUST_LIST } from '../limits.ts';
import { fail, ok, type Result } from '../result.ts';

const coordinate = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/));
const seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const publicJwkSchema = v.object({
  kty: v.literal('EC'),
  crv: v.literal('P-256'),
  x: coordinate,
  y: coordinate,
});

const timedKey = v.object({ kid: v.string(), jwk: publicJwkSchema, nbf: seconds, exp: seconds });

export const trustListSchema = v.object({
  v: v.literal(1),
  airline: v.pipe(v.string(), v.regex(/^[A-Z0-9]{2,3}$/)),
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  issuedAt: seconds,
  expires: seconds,
  issuers: v.array(
    v.object({
      kid: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
      suite: v.literal(1),
      jwk: publicJwkSchema,
      iss: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,8}$/)),
      nbf: seconds,
      exp: seconds,
      wallets: v.array(v.number()),
      carriers: v.array(v.string()),
      maxCum: v.record(v.string(), v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
    }),
  ),
  ops: v.array(timedKey),
  deviceCa: v.array(timedKey),
  ground: v.array(timedKey),
  enc: v.array(v.object({ kid: v.pipe(v.string(), v.maxLength(60)), jwk: publicJwkSchema })),
  revokedKids: v.array(v.string()),
  revokedDevices: v.array(v.string()),
  nextRoot: v.optional(v.string()),
});

export type TrustList = v.InferOutput<typeof trustListSchema>;
export type TrustFault = JwsFault | 'bad-shape' | 'expired' | 'other-airline';

/** A trust list signed by one of `roots`, still in force `nowSeconds` (seven days of grace), revoked keys left out. */
export function readTrustList(
  text: string,
  {
    roots,
    airline,
    nowSeconds,
    crypto,
  }: {
    readonly roots: readonly EcPublicJwk[];
    /** Null where any airline of the roots is meant. */
    readonly airline: string | null;
    readonly nowSeconds: number;
    readonly crypto: Crypto;
  },
): Result<TrustList, TrustFault> {
  const verified = verifyJsonJws(text.trim(), 'cp-trust+jws', roots, crypto);
  if (!verified.ok) return verified;
  const parsed = v.safeParse(trustListSchema, verified.value);
  if (!parsed.success) return fail('bad-shape');
  const list = parsed.output;
  if (airline !== null && list.airline !== airline) return fail('other-airline');
  if (nowSeconds > list.expires + TRUST_LIST.graceSeconds) return fail('expired');
  const isLive = (key: { kid: string }): boolean => !list.revokedKids.includes(key.kid);
  return ok({
    ...list,
    issuers: list.issuers.filter(isLive),
    ops: list.ops.filter(isLive),
    deviceCa: list.deviceCa.filter(isLive),
    ground: list.ground.filter(isLive),
    enc: list.enc.filter(isLive),
  });
}

/** The keys of one kind that may be believed at `seconds`. */
export function keysValidAt(
  keys: readonly { readonly jwk: EcPublicJwk; readonly nbf: number; readonly exp: number }[],
  atSeconds: number,
): readonly EcPublicJwk[] {
  return keys.filter((key) => key.nbf <= atSeconds && atSeconds <= key.exp).map((key) => key.jwk);
}
