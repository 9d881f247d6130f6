import { encodeHex } from '../encoding/hex.ts';
import { areEqualBytes } from '../encoding/bytes.ts';
import { isSameLeg, type FlightLeg } from '../flight.ts';
import type { Crypto } from '../crypto/crypto.ts';
import { CABIN_CODE } from '../limits.ts';
import { fail, ok, type Result } from '../result.ts';
import type {
  AmountBinding,
  CabinCodeError,
  CodeRefusal,
  Credential,
  HolderProof,
  IssuerKey,
  VerifiedCode,
} from './cabin-code.ts';
import { composeSigStructure, readCoseSign1, readKeyId, type CoseSign1 } from './cose-sign1.ts';
import { readCredential } from './credential.ts';
import { composeProofMessage } from './holder-proof.ts';
import { readCabinCode } from './read-cabin-code.ts';

/** All a verifier knows on board; nothing here needs a network. */
export type VerificationContext = {
  readonly nowSeconds: number;
  readonly flight: FlightLeg;
  readonly issuers: readonly IssuerKey[];
  /** Asked with the cti in hexadecimal. */
  readonly isDenied: (cti: string) => boolean;
  /** Epoch seconds of the newest proof accepted for this cti, or null. */
  readonly lastProofAt: (cti: string) => number | null;
  /** The amount the till is asking for; `any` takes every binding (checking a code away from a till). */
  readonly openChallenge: AmountBinding | 'any' | null;
  readonly crypto: Crypto;
};

/**
 * Decides on the text of a scanned code, in exactly the order of cabin-code.md 2.4: the first rule that fails names
 * the error. The payload is not looked at before its issuer's signature has verified.
 */
export function verifyCabinCode(
  text: unknown,
  context: VerificationContext,
): Result<VerifiedCode, CodeRefusal> {
  const container = readCabinCode(text);
  if (!container.ok) return refuse(container.error);
  const signed = readCoseSign1(container.value.cred);
  if (!signed.ok) return refuse('CBOR');
  const issuer = findIssuer(signed.value, context);
  if (!issuer.ok) return refuse(issuer.error);
  const credential = readCredential(signed.value.payload);
  if (!credential.ok) return refuse(credential.error);
  const proof = container.value.proof;
  const fault =
    findScopeFault(credential.value, issuer.value) ??
    findTimeFault(credential.value, context.nowSeconds) ??
    findFlightFault(credential.value, context) ??
    findProofFault(credential.value, container.value.cred, proof, context);
  if (fault !== null) return refuse(fault, credential.value);
  return ok({
    mode: proof === null ? 'static' : proof.binding === null ? 'dynamic' : 'confirmed',
    credential: credential.value,
    provedAt: proof?.at ?? null,
    binding: proof?.binding ?? null,
  });
}

function refuse(code: CabinCodeError, credential: Credential | null = null): Result<never, CodeRefusal> {
  return fail({ code, credential });
}

function findIssuer(signed: CoseSign1, context: VerificationContext): Result<IssuerKey, CabinCodeError> {
  const kidBytes = readKeyId(signed.protectedBytes);
  if (kidBytes === null) return fail('ALG');
  const kid = encodeHex(kidBytes);
  // Two keys may share a kid: it is a truncated hash (trust.md 3.2).
  const candidates = context.issuers.filter((issuer) => issuer.kid === kid);
  if (candidates.length === 0) return fail('UNKNOWN_ISSUER');
  const message = composeSigStructure(signed.protectedBytes, signed.payload);
  const issuer = candidates.find((key) => context.crypto.verifyEs256(key.jwk, message, signed.signature));
  return issuer === undefined ? fail('BAD_SIGNATURE') : ok(issuer);
}

function findScopeFault(credential: Credential, issuer: IssuerKey): CabinCodeError | null {
  const mayGrantMinor = issuer.maxCum[credential.limits.currencyNumeric.toString()] ?? -1;
  const isInScope =
    credential.iss === issuer.iss &&
    issuer.wallets.includes(credential.wallet) &&
    issuer.carriers.includes(credential.flight.carrier) &&
    credential.limits.cumMinor <= mayGrantMinor;
  if (!isInScope) return 'ISSUER_SCOPE';
  return credential.iat < issuer.nbf || credential.iat > issuer.exp ? 'ISSUER_KEY_TIME' : null;
}

function findTimeFault(credential: Credential, nowSeconds: number): CabinCodeError | null {
  const lifeSeconds = credential.exp - credential.nbf;
  if (lifeSeconds <= 0 || lifeSeconds > CABIN_CODE.maxLifeSeconds) return 'LIFETIME';
  if (nowSeconds < credential.nbf - CABIN_CODE.skewSeconds) return 'NOT_YET';
  if (nowSeconds > credential.exp + CABIN_CODE.skewSeconds) return 'EXPIRED';
  return credential.gate === 0 ? 'GATE' : null;
}

function findFlightFault(credential: Credential, context: VerificationContext): CabinCodeError | null {
  if (!isSameLeg(credential.flight, context.flight)) return 'WRONG_FLIGHT';
  return context.isDenied(credential.cti) ? 'DENIED' : null;
}

function findProofFault(
  credential: Credential,
  cred: Uint8Array,
  proof: HolderProof | null,
  context: VerificationContext,
): CabinCodeError | null {
  if (proof === null) return credential.staticCumMinor === 0 ? 'STATIC_FORBIDDEN' : null;
  if (!isProofGenuine(credential, cred, proof, context)) return 'PROOF';
  if (proof.at < context.nowSeconds - CABIN_CODE.proofPastSeconds) return 'PROOF_OLD';
  if (proof.at > context.nowSeconds + CABIN_CODE.proofFutureSeconds) return 'PROOF_FUTURE';
  const lastProofAt = context.lastProofAt(credential.cti);
  return lastProofAt !== null && proof.at <= lastProofAt ? 'REPLAY' : null;
}

function isProofGenuine(
  credential: Credential,
  cred: Uint8Array,
  proof: HolderProof,
  context: VerificationContext,
): boolean {
  if (credential.holderKey === null) return false;
  const key = context.crypto.decompressP256(credential.holderKey.x, credential.holderKey.isYOdd);
  if (key === null) return false;
  const message = composeProofMessage(cred, proof, context.crypto);
  if (!context.crypto.verifyEs256(key, message, proof.signature)) return false;
  return proof.binding === null || doesAnswer(proof.binding, context.openChallenge);
}

function doesAnswer(binding: AmountBinding, challenge: VerificationContext['openChallenge']): boolean {
  if (challenge === 'any') return true;
  return (
    challenge !== null &&
    binding.amountMinor === challenge.amountMinor &&
    binding.currencyNumeric === challenge.currencyNumeric &&
    areEqualBytes(binding.challenge, challenge.challenge)
  );
}
