// What an airline's Alipay merchant consists of: `merchant.config` and, sealed, `merchant.secret_sealed`.
import * as v from 'valibot';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const pem = v.pipe(v.string(), v.includes('-----BEGIN '), v.maxLength(10_000));
const address = v.pipe(v.string(), v.url(), v.maxLength(300));

export const alipayConfigSchema = v.object({
  /** `https://openapi.alipay.com/gateway.do` */
  gatewayUrl: address,
  /** The page that takes the signed request for an agreement into the wallet. */
  signInUrl: address,
  appId: text,
  /** The pay-after-use service, 28 digits. */
  zmServiceId: text,
  /** The most per order that was agreed, fen. */
  capMinor: v.pipe(v.number(), v.integer(), v.minValue(1)),
  timeoutMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(60_000)), 10_000),
});
export type AlipayConfig = v.InferOutput<typeof alipayConfigSchema>;

export const alipaySecretsSchema = v.object({
  merchantPrivateKeyPem: pem,
  /** The wallet's key, not ours: its answers and notices are checked with it. */
  alipayPublicKeyPem: pem,
});
export type AlipaySecrets = v.InferOutput<typeof alipaySecretsSchema>;
