// What an airline's WeChat Pay merchant consists of: `merchant.config` and, sealed, `merchant.secret_sealed`.
import * as v from 'valibot';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const pem = v.pipe(v.string(), v.includes('-----BEGIN '), v.maxLength(10_000));
const address = v.pipe(v.string(), v.url(), v.maxLength(300));

export const wechatConfigSchema = v.object({
  /** `https://api.mch.weixin.qq.com` */
  baseUrl: address,
  /** The page in the wallet that asks who the passenger is and for the permission. */
  signInUrl: address,
  /** Where a sign-in code becomes an openid, `https://api.weixin.qq.com`; the base address unless given. */
  accountUrl: v.optional(address),
  appid: text,
  mchid: text,
  serviceId: text,
  /** The text WeChat approved; the flight's own unless given. At most 20 characters. */
  serviceIntroduction: v.optional(
    v.pipe(
      text,
      v.check((value) => [...value].length <= 20, 'more than 20 characters'),
    ),
  ),
  /** Serial of the platform certificate, or id of the platform's public key. */
  platformSerial: text,
  /** True in the ordinary mode, where the passenger confirms each order. */
  needUserConfirm: v.optional(v.boolean(), false),
  /** The service's cap per order, fen. */
  capMinor: v.pipe(v.number(), v.integer(), v.minValue(1)),
  timeoutMs: v.optional(v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(60_000)), 10_000),
  /** How far the end of the service stays before the call: clocks differ, and an end after it is refused. */
  endMarginSeconds: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(600)), 30),
});
export type WechatConfig = v.InferOutput<typeof wechatConfigSchema>;

export const wechatSecretsSchema = v.object({
  merchantPrivateKeyPem: pem,
  merchantSerial: text,
  /** 32 characters; its bytes are the AES key of notices. */
  apiV3Key: v.pipe(v.string(), v.length(32)),
  platformPublicKeyPem: pem,
  appSecret: text,
});
export type WechatSecrets = v.InferOutput<typeof wechatSecretsSchema>;
