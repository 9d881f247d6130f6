import type { Credential } from './cabin-code.ts';
import { readCoseSign1 } from './cose-sign1.ts';
import { readCredential } from './credential.ts';
import { readCabinCode } from './read-cabin-code.ts';

/** The amount an accepted code agreed to, minor units; null for a code without one. Verifies nothing either. */
export function confirmedAmountOf(text: string): number | null {
  const container = readCabinCode(text);
  return container.ok ? (container.value.proof?.binding?.amountMinor ?? null) : null;
}

/**
 * The credential of a code this terminal accepted and journalled earlier. Verifies nothing: the text stands in a line
 * signed by this terminal after full verification.
 */
export function openAcceptedCredential(text: string): Credential | null {
  const container = readCabinCode(text);
  const signed = container.ok ? readCoseSign1(container.value.cred) : null;
  const credential = signed?.ok === true ? readCredential(signed.value.payload) : null;
  return credential?.ok === true ? credential.value : null;
}
