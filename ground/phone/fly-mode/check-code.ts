// The part of the fly-mode test that needs no browser: does this phone make a code a till would accept?
import { composeProofMessageFor } from '../../../domain/cabin-code/holder-proof.ts';
import { readCabinCode } from '../../../domain/cabin-code/read-cabin-code.ts';
import type { KeptFlight } from '../storage/phone-storage.ts';
import { sha256, verifyEs256, type WebCrypto } from '../web-crypto/web-crypto.ts';

/** Whether a code is signed by the key the flight was signed up with. */
export async function isSignedByMe(text: string, flight: KeptFlight, crypto: WebCrypto): Promise<boolean> {
  const container = readCabinCode(text);
  if (!container.ok || container.value.proof === null || flight.holder === null) return false;
  const { cred, proof } = container.value;
  const message = composeProofMessageFor(await sha256(cred, crypto), proof);
  return verifyEs256(flight.holder.publicJwk, message, proof.signature, crypto);
}
