// An Alipay merchant known to the simulator, with both sides' keys.
import { randomInt } from 'node:crypto';
import * as v from 'valibot';
import { makeRsaPair, type MadeMerchant } from '../made-merchant.ts';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(4000));

/** What the wallet itself keeps of one merchant. */
export const alipayMerchantSchema = v.object({
  appId: text,
  zmServiceId: text,
  /** The name people see in the wallet. */
  name: text,
  merchantPublicKeyPem: text,
  alipayPrivateKeyPem: text,
  /** What was agreed as the most per order, fen. */
  capMinor: v.pipe(v.number(), v.integer(), v.minValue(1)),
});
export type AlipayMerchant = v.InferOutput<typeof alipayMerchantSchema>;

/** `address` is where the simulator listens. */
export async function makeAlipayMerchant(options: {
  readonly address: string;
  readonly appId?: string;
  readonly name?: string;
  readonly capMinor?: number;
}): Promise<MadeMerchant<AlipayMerchant>> {
  const { address, appId = '2021004100000001', name = '示例航空', capMinor = 100_000 } = options;
  const [merchant, alipay] = await Promise.all([makeRsaPair(), makeRsaPair()]);
  const serviceDigits = randomInt(1, 1_000_000_000).toString().padStart(18, '0');
  const simulatorKeys: AlipayMerchant = {
    appId,
    zmServiceId: `2022111500${serviceDigits}`,
    name,
    merchantPublicKeyPem: merchant.publicPem,
    alipayPrivateKeyPem: alipay.privatePem,
    capMinor,
  };
  return {
    config: {
      gatewayUrl: `${address}/gateway.do`,
      signInUrl: `${address}/zhima/sign`,
      appId,
      zmServiceId: simulatorKeys.zmServiceId,
      capMinor,
    },
    secrets: { merchantPrivateKeyPem: merchant.privatePem, alipayPublicKeyPem: alipay.publicPem },
    simulatorKeys,
  };
}
