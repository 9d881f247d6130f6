// A result file on its way by stick: it names passengers' bills and who is denied, so it is encrypted to the terminal it
// is for (settlement.md 6.7). What is inside is the same JWS that travels by network, and is believed for its signature
// alone: anybody can encrypt to a terminal.
import type { Crypto, EcPrivateJwk, EcPublicJwk } from '../crypto/crypto.ts';
import { jwsKid } from '../crypto/thumbprint.ts';
import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.ts';
import { fail, ok, type Result } from '../result.ts';
import { decryptJwe, encryptJwe, readJweKeyId } from './compact-jwe.ts';

const RESULT_KIND = { typ: 'cpr+jwe', cty: 'cpr+jws' } as const;

/** `foreign`: for another terminal's key; `damaged`: altered, cut short, or no sealed result at all. */
export type SealedResultFault = 'foreign' | 'damaged';

/** A compact JWE. @param jws the signed result @param terminal the key in the terminal's certificate */
export async function sealResult(
  jws: string,
  terminal: EcPublicJwk,
  crypto: Pick<Crypto, 'sha256'>,
): Promise<string> {
  return await encryptJwe(encodeUtf8(jws), { kid: jwsKid(terminal, crypto), jwk: terminal }, RESULT_KIND);
}

/** Whether a text has the five parts of a JWE and is to be opened before it is read. */
export function isSealedResult(text: string): boolean {
  return text.trim().split('.', 6).length === 5;
}

/** The text inside, not yet verified. Takes any text and never throws. */
export async function openSealedResult(
  text: string,
  key: EcPrivateJwk,
  crypto: Pick<Crypto, 'sha256'>,
): Promise<Result<string, SealedResultFault>> {
  const whole = text.trim();
  const kid = readJweKeyId(whole, RESULT_KIND);
  if (kid === null) return fail('damaged');
  if (kid !== jwsKid(key, crypto)) return fail('foreign');
  const content = await decryptJwe(whole, key);
  const jws = content === null ? null : decodeUtf8(content);
  return jws === null ? fail('damaged') : ok(jws);
}

/** `CPR-T-0042-3-ABCD2345.cpr` */
export function resultFileName(dev: string, ep: number, batchId: string): string {
  return `CPR-${dev}-${ep.toString()}-${batchId.slice(0, 8).toUpperCase()}.cpr`;
}
