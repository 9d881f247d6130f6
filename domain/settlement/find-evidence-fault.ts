// Ground's second look at the cabin codes a terminal says it accepted (settlement.md 6.4, step 6, as far as the trust
// list reaches): a bill must rest on a code its issuer signed, not on a terminal's word.
import { openAcceptedCredential } from '../cabin-code/open-credential.ts';
import { verifyCabinCode } from '../cabin-code/verify-cabin-code.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { readLegId } from '../flight.ts';
import type { JournalEvent } from '../journal/event.ts';
import type { TrustList } from '../trust/trust-list.ts';

// The terminal's clock was its own, perhaps with an offset: whether the proof was fresh it alone could see. Ground
// takes the proof's own time, brought inside the credential's life, and so misses no other rule.
const JUDGED_BY_THE_TERMINAL = new Set(['PROOF_OLD', 'PROOF_FUTURE']);

/**
 * What is wrong with an accepted CRED_SEEN, or null. `lastProofAt` is the newest proof accepted for the same cti
 * before it, epoch seconds.
 */
export function findEvidenceFault(
  event: JournalEvent<'CRED_SEEN'>,
  { trust, lastProofAt, crypto }: { trust: TrustList; lastProofAt: number | null; crypto: Crypto },
): string | null {
  const seen = event.b;
  if (!('qr' in seen)) return 'no code was recorded';
  const flight = readLegId(event.leg);
  if (flight === null) return `'${event.leg}' is no flight`;
  const opened = openAcceptedCredential(seen.qr);
  if (opened === null) return 'the code is not a cabin code';
  const verdict = verifyCabinCode(seen.qr, {
    nowSeconds: Math.max(opened.nbf, Math.min(opened.exp, seen.ts ?? opened.nbf)),
    flight,
    issuers: trust.issuers,
    isDenied: () => false,
    lastProofAt: () => lastProofAt,
    openChallenge: 'any',
    crypto,
  });
  if (!verdict.ok) {
    const { code, credential } = verdict.error;
    if (!JUDGED_BY_THE_TERMINAL.has(code)) return `the code is ${code}`;
    return credential?.cti === seen.cti ? null : 'the code is another passenger’s';
  }
  const { credential, mode, provedAt } = verdict.value;
  if (credential.cti !== seen.cti) return 'the code is another passenger’s';
  return mode === seen.mode && provedAt === (seen.ts ?? null)
    ? null
    : 'the code was shown in another way than recorded';
}
