// A WeChat Pay merchant known to the simulator, with both sides' keys.
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { makeRsaPair, type MadeMerchant } from '../made-merchant.ts';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(4000));

/** What the wallet itself keeps of one merchant. */
export const wechatMerchantSchema = v.object({
  mchid: text,
  appid: text,
  serviceId: text,
  appSecret: text,
  /** The name people see in the wallet. */
  name: text,
  merchantSerial: text,
  merchantPublicKeyPem: text,
  platformSerial: text,
  platformPrivateKeyPem: text,
  apiV3Key: v.pipe(v.string(), v.length(32)),
  /** The service's cap per order, fen. */
  capMinor: v.pipe(v.number(), v.integer(), v.minValue(1)),
});
export type WechatMerchant = v.InferOutput<typeof wechatMerchantSchema>;

/** `address` is where the simulator listens. */
export async function makeWechatMerchant(options: {
  readonly address: string;
  readonly mchid?: string;
  readonly name?: string;
  readonly capMinor?: number;
}): Promise<MadeMerchant<WechatMerchant>> {
  const { address, mchid = '1900000109', name = '示例航空', capMinor = 100_000 } = options;
  const [merchant, platform] = await Promise.all([makeRsaPair(), makeRsaPair()]);
  const simulatorKeys: WechatMerchant = {
    mchid,
    appid: `wx${randomBytes(8).toString('hex')}`,
    serviceId: `2004${mchid.padStart(28, '0')}`,
    appSecret: randomBytes(16).toString('hex'),
    name,
    merchantSerial: randomBytes(20).toString('hex').toUpperCase(),
    merchantPublicKeyPem: merchant.publicPem,
    platformSerial: `PUB_KEY_ID_${randomBytes(12).toString('hex').toUpperCase()}`,
    platformPrivateKeyPem: platform.privatePem,
    apiV3Key: randomBytes(16).toString('hex'),
    capMinor,
  };
  return {
    config: {
      baseUrl: address,
      signInUrl: `${address}/connect/oauth2/authorize`,
      appid: simulatorKeys.appid,
      mchid,
      serviceId: simulatorKeys.serviceId,
      platformSerial: simulatorKeys.platformSerial,
      needUserConfirm: false,
      capMinor,
      endMarginSeconds: 2,
    },
    secrets: {
      merchantPrivateKeyPem: merchant.privatePem,
      merchantSerial: simulatorKeys.merchantSerial,
      apiV3Key: simulatorKeys.apiV3Key,
      platformPublicKeyPem: platform.publicPem,
      appSecret: simulatorKeys.appSecret,
    },
    simulatorKeys,
  };
}
