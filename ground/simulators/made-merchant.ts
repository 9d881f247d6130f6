// Merchants made anew for a simulator: there are no others, since no test environment exists.
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

export type MadeMerchant<SimulatorKeys> = {
  /** For `merchant.config` and, sealed, `merchant.secret_sealed`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, unknown>>;
  /** For the simulator: `merchants` of its start, POST /simulator/merchants, or a file in its `--keys` folder. */
  readonly simulatorKeys: SimulatorKeys;
};

const makeKeyPair = promisify(generateKeyPair);

export async function makeRsaPair(): Promise<{ readonly publicPem: string; readonly privatePem: string }> {
  const { publicKey, privateKey } = await makeKeyPair('rsa', { modulusLength: 2048 });
  return {
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
