import { decodeBase45 } from '../encoding/base45.ts';
import { CABIN_CODE } from '../limits.ts';
import { fail, ok, type Result } from '../result.ts';
import type { AmountBinding, CabinCodeError, HolderProof } from './cabin-code.ts';
import { decodeStrict, hasExactly, isBytes, isUint } from './strict-cbor.ts';

const PREFIX = 'CP1:';

/** The container of a cabin code; nothing in it is trusted yet. */
export type CabinCodeContainer = { readonly cred: Uint8Array; readonly proof: HolderProof | null };

/** Steps 1 to 3 of cabin-code.md 2.4: text to container. Takes anything, also what is not a string. */
export function readCabinCode(text: unknown): Result<CabinCodeContainer, CabinCodeError> {
  if (typeof text !== 'string' || text.length > CABIN_CODE.maxChars || !text.startsWith(PREFIX)) {
    return fail('FORMAT');
  }
  const bytes = decodeBase45(text.slice(PREFIX.length));
  if (bytes === null) return fail('FORMAT');
  if (bytes.length > CABIN_CODE.maxBytes) return fail('SIZE');
  const decoded = decodeStrict(bytes);
  if (!decoded.ok || !Array.isArray(decoded.value)) return fail('CBOR');
  return readContainer(decoded.value);
}

function readContainer(items: readonly unknown[]): Result<CabinCodeContainer, CabinCodeError> {
  const [cred, at, nonce, signature, bind] = items;
  if (!isBytes(cred)) return fail('CBOR');
  if (items.length === 1) return ok({ cred, proof: null });
  if (items.length !== 4 && items.length !== 5) return fail('CBOR');
  if (!isUint(at) || !isBytes(nonce, 4) || !isBytes(signature)) return fail('CBOR');
  if (items.length === 4) return ok({ cred, proof: { at, nonce, signature, binding: null } });
  const binding = readBinding(bind);
  return binding === null ? fail('CBOR') : ok({ cred, proof: { at, nonce, signature, binding } });
}

function readBinding(bind: unknown): AmountBinding | null {
  if (!hasExactly(bind, [1, 2, 3])) return null;
  const [amountMinor, currencyNumeric, challenge] = [1, 2, 3].map((key): unknown => bind.get(key));
  if (!isUint(amountMinor) || !isUint(currencyNumeric) || !isBytes(challenge)) return null;
  return challenge.length >= 4 && challenge.length <= 8 ? { amountMinor, currencyNumeric, challenge } : null;
}
