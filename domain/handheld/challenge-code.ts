// `CQ1:` (journal.md 5.5): the till asks the phone to confirm this amount; the phone answers with a cabin code bound to it.
import { encode } from 'cborg';
import type { AmountBinding } from '../cabin-code/cabin-code.ts';
import { decodeStrict, isBytes, isUint } from '../cabin-code/strict-cbor.ts';
import { decodeBase45, encodeBase45 } from '../encoding/base45.ts';
import { fail, ok, type Result } from '../result.ts';

export type ChallengeCodeFault = 'not-a-challenge' | 'malformed';

const PREFIX = 'CQ1:';
const VERSION = 1;
const MAX_CHARS = 80;

export function composeChallengeCode({ amountMinor, currencyNumeric, challenge }: AmountBinding): string {
  return PREFIX + encodeBase45(encode([VERSION, amountMinor, currencyNumeric, challenge]));
}

export function readChallengeCode(text: string): Result<AmountBinding, ChallengeCodeFault> {
  if (!text.startsWith(PREFIX)) return fail('not-a-challenge');
  if (text.length > MAX_CHARS) return fail('malformed');
  const bytes = decodeBase45(text.slice(PREFIX.length));
  const decoded = bytes === null ? null : decodeStrict(bytes);
  if (decoded === null || !decoded.ok || !Array.isArray(decoded.value) || decoded.value.length !== 4) {
    return fail('malformed');
  }
  const [version, amountMinor, currencyNumeric, challenge] = decoded.value as unknown[];
  if (version !== VERSION || !isUint(amountMinor) || !isUint(currencyNumeric) || !isBytes(challenge)) {
    return fail('malformed');
  }
  if (challenge.length < 4 || challenge.length > 8) return fail('malformed');
  return ok({ amountMinor, currencyNumeric, challenge });
}
