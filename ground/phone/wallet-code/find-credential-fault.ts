// What ground issued must be for this passenger and this phone's key: found out at sign-up, not at the trolley.
import { readCoseSign1 } from '../../../domain/cabin-code/cose-sign1.ts';
import { readCredential } from '../../../domain/cabin-code/credential.ts';
import { areEqualBytes } from '../../../domain/encoding/bytes.ts';
import { decodeBase64url } from '../../../domain/encoding/base64url.ts';
import { legId } from '../../../domain/flight.ts';
import type { EnrolmentState } from '../../web/phone-api.ts';
import type { HolderKey } from '../web-crypto/web-crypto.ts';

export type CredentialFault = 'unreadable' | 'other-passenger' | 'other-flight' | 'other-key';

/** The issuer's signature is not checked: the phone trusts the ground it signed up with, the till verifies. */
export function findCredentialFault(
  enrolled: Extract<EnrolmentState, { kind: 'enrolled' }>,
  holder: HolderKey | null,
): CredentialFault | null {
  const cred = decodeBase64url(enrolled.cred);
  const signed = cred === null ? null : readCoseSign1(cred);
  const credential = signed?.ok === true ? readCredential(signed.value.payload) : null;
  if (credential?.ok !== true) return 'unreadable';
  const { cti, flight, holderKey } = credential.value;
  if (cti !== enrolled.cti) return 'other-passenger';
  if (legId(flight) !== enrolled.flight.leg) return 'other-flight';
  if (holder === null) return holderKey === null ? null : 'other-key';
  const x = decodeBase64url(holder.publicJwk.x);
  return holderKey !== null && x !== null && areEqualBytes(holderKey.x, x) ? null : 'other-key';
}
