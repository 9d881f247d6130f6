// The cabin code as this phone shows it (cabin-code.md 2.1), signed by WebCrypto.
import type { AmountBinding } from '../../../domain/cabin-code/cabin-code.ts';
import { composeProofMessageFor } from '../../../domain/cabin-code/holder-proof.ts';
import { assembleDynamicCode, composeStaticCode } from '../../../domain/cabin-code/issue-cabin-code.ts';
import { sha256, signEs256, type HolderKey, type WebCrypto } from '../web-crypto/web-crypto.ts';

/** How often the code is made anew (cabin-code.md 2.5), seconds; the till takes it for 90. */
export const REFRESH_SECONDS = 15;

const NONCE_BYTES = 4;

/** A code with a proof of `atSeconds` (the phone's clock), over an amount where the till asked for one. */
export async function composeFreshCode(
  cred: Uint8Array,
  holder: HolderKey,
  atSeconds: number,
  binding: AmountBinding | null,
  crypto: WebCrypto,
): Promise<string> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const proof = { at: atSeconds, nonce, binding };
  const message = composeProofMessageFor(await sha256(cred, crypto), proof);
  return assembleDynamicCode(cred, { ...proof, signature: await signEs256(holder, message, crypto) });
}

export { composeStaticCode };
