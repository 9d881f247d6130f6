// How a terminal says who it is when it calls ground: a JWS by its own key that lives for minutes (typ `cp-token+jws`).
import * as v from 'valibot';
import { peekJsonJws, signJsonJws, verifyJsonJws, type JwsFault } from '../crypto/compact-jws.ts';
import type { Crypto, EcPublicJwk, Signer } from '../crypto/crypto.ts';
import { TERMINAL_TOKEN } from '../limits.ts';
import { fail, ok, type Result } from '../result.ts';

const seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const terminalTokenSchema = v.strictObject({
  v: v.literal(1),
  use: v.literal('terminal'),
  airline: v.pipe(v.string(), v.regex(/^[A-Z0-9]{2,3}$/)),
  dev: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,20}$/)),
  ep: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  iat: seconds,
  /** What the terminal tells the fleet page. */
  app: v.pipe(v.string(), v.maxLength(40)),
  pack: v.pipe(v.string(), v.maxLength(80)),
  unsent: v.object({
    count: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    minor: v.pipe(v.number(), v.safeInteger()),
  }),
});

export type TerminalToken = v.InferOutput<typeof terminalTokenSchema>;
export type TerminalTokenFault = JwsFault | 'bad-shape' | 'not-now';

export function signTerminalToken(
  token: Omit<TerminalToken, 'v' | 'use'>,
  signer: Signer,
  crypto: Crypto,
): string {
  return signJsonJws('cp-token+jws', { v: 1, use: 'terminal', ...token }, signer, crypto);
}

/** Which terminal a token claims to come from, before anything vouches for it: to find the key to verify with. */
export function peekTerminal(text: string): { airline: string; dev: string; ep: number } | null {
  const peeked = peekJsonJws(text);
  const parsed = peeked.ok ? v.safeParse(terminalTokenSchema, peeked.value) : null;
  if (parsed === null || !parsed.success) return null;
  const { airline, dev, ep } = parsed.output;
  return { airline, dev, ep };
}

/** A token by this key, made within the last minutes; `not-now` also tells of a terminal whose clock is wrong. */
export function readTerminalToken(
  text: string,
  key: EcPublicJwk,
  nowSeconds: number,
  crypto: Crypto,
): Result<TerminalToken, TerminalTokenFault> {
  const verified = verifyJsonJws(text, 'cp-token+jws', [key], crypto);
  if (!verified.ok) return verified;
  const parsed = v.safeParse(terminalTokenSchema, verified.value);
  if (!parsed.success) return fail('bad-shape');
  const isNow = Math.abs(nowSeconds - parsed.output.iat) <= TERMINAL_TOKEN.lifeSeconds;
  return isNow ? ok(parsed.output) : fail('not-now');
}
