import type { CodeRefusal, Credential, VerifiedCode } from '../cabin-code/cabin-code.ts';
import { verifyCabinCode } from '../cabin-code/verify-cabin-code.ts';
import { encodeBase64url } from '../encoding/base64url.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';
import type { EventBody } from '../journal/event.ts';
import { PACK_AGE } from '../limits.ts';
import type { Problem, ScanProblem } from '../problem.ts';
import { fail, ok, type Result } from '../result.ts';
import { isHome } from '../risk/allowance.ts';
import {
  composeBillOpening,
  isClockBad,
  isDenied,
  type OpenChallenge,
  type TillContext,
} from './till-context.ts';
import type { EventDraft, TillState } from './till-state.ts';

/** What to record, and what to tell the crew once it is recorded. A refusal is recorded too. */
export type Decision<T> = {
  readonly drafts: readonly EventDraft[];
  readonly outcome: Result<T, Problem>;
};

/**
 * Decides on a scanned text: verifies it, records the evidence, opens the passenger's bill if there is none yet.
 * `asked`: the amount the till is asking one passenger to confirm, or null.
 */
export function decideScan(
  state: TillState,
  text: string,
  context: TillContext,
  asked: OpenChallenge | null = null,
): Decision<{ readonly cti: string }> {
  if (state.flightClosedAt.has(context.pack.manifest.leg)) {
    return { drafts: [], outcome: fail({ kind: 'flight-closed' }) };
  }
  const verdict = verifyCabinCode(text, {
    nowSeconds: Math.floor(context.nowMs / 1000),
    flight: context.pack.leg,
    issuers: context.pack.trust.issuers,
    isDenied: (cti) => isDenied(context, cti),
    lastProofAt: (cti) => state.lastProofAt.get(cti) ?? null,
    openChallenge: asked?.binding ?? null,
    crypto: context.crypto,
  });
  if (!verdict.ok) return refuseScan(text, verdict.error, context, isClockBad(context, state));
  if (verdict.value.mode === 'confirmed' && verdict.value.credential.cti !== asked?.cti) {
    // Another passenger's phone has answered: the amount is not theirs to confirm.
    return { drafts: [seen(text, verdict.value, 'PROOF')], outcome: fail({ kind: 'code-proof' }) };
  }
  const elsewhere = findStaticFault(verdict.value, context);
  if (elsewhere !== null) {
    return { drafts: [seen(text, verdict.value, 'STATIC_FORBIDDEN')], outcome: fail(elsewhere) };
  }
  const { credential } = verdict.value;
  const drafts: EventDraft[] = [seen(text, verdict.value)];
  if (!state.billOfPassenger.has(credential.cti)) {
    drafts.push({ ty: 'BILL_OPEN', b: composeBillOpening(context, credential, state.headSeq + 1) });
  }
  return { drafts, outcome: ok({ cti: credential.cti }) };
}

/** A static code counts at the home terminal only, and not at all with a pack three days old (risk.md 4.1). */
function findStaticFault({ mode, credential }: VerifiedCode, context: TillContext): ScanProblem | null {
  if (mode !== 'static') return null;
  const packAgeMs = context.nowMs - context.pack.manifest.issuedAt * 1000;
  if (packAgeMs > PACK_AGE.oldMs) return { kind: 'code-static-forbidden' };
  const isAtHome = isHome(credential, context.dev, context.pack.manifest.devices);
  return isAtHome ? null : { kind: 'code-static-elsewhere' };
}

function seen(text: string, verified: VerifiedCode, code?: string): EventDraft<'CRED_SEEN'> {
  const { mode, credential, provedAt } = verified;
  const b: EventBody<'CRED_SEEN'> = {
    qr: text,
    cti: credential.cti,
    mode,
    ...(provedAt === null ? {} : { ts: provedAt }),
    ...(code === undefined ? {} : { code }),
  };
  return { ty: 'CRED_SEEN', b };
}

/** Refusals that say less about the code than about a clock known to be wrong. */
const TIME_REFUSALS: ReadonlySet<CodeRefusal['code']> = new Set([
  'NOT_YET',
  'EXPIRED',
  'ISSUER_KEY_TIME',
  'PROOF_OLD',
  'PROOF_FUTURE',
]);

function refuseScan(
  text: string,
  refusal: CodeRefusal,
  context: TillContext,
  isTimeBad: boolean,
): Decision<never> {
  const { code, credential } = refusal;
  const b: EventBody<'CRED_SEEN'> =
    credential === null
      ? { len: text.length, hash: encodeBase64url(context.crypto.sha256(encodeUtf8(text))), code }
      : { qr: text, cti: credential.cti, mode: 'dynamic', code };
  const problem: Problem =
    isTimeBad && TIME_REFUSALS.has(code)
      ? { kind: 'clock-bad', nowMs: context.nowMs }
      : describeRefusal(text, refusal);
  return { drafts: [{ ty: 'CRED_SEEN', b }], outcome: fail(problem) };
}

/** WeChat's and Alipay's ordinary payment codes: 18 digits from 10 to 15, 16 to 24 digits from 25 to 30. */
const PAYMENT_CODE = /^(1[0-5]\d{16}|(2[5-9]|30)\d{14,22})$/;
const BOARDING_PASS = /^M[1-9][A-Z]/;

function describeRefusal(text: string, { code, credential }: CodeRefusal): ScanProblem {
  if (credential !== null) return describeCredentialRefusal(code, credential);
  if (code === 'FORMAT' && PAYMENT_CODE.test(text)) return { kind: 'code-is-payment-code' };
  if (code === 'FORMAT' && BOARDING_PASS.test(text)) return { kind: 'code-is-boarding-pass' };
  return plainRefusal(code);
}

function describeCredentialRefusal(code: CodeRefusal['code'], credential: Credential): ScanProblem {
  if (code === 'WRONG_FLIGHT') return { kind: 'code-wrong-flight', flight: credential.flight };
  if (code === 'EXPIRED') return { kind: 'code-expired', untilMs: credential.exp * 1000 };
  if (code === 'NOT_YET') return { kind: 'code-not-yet', fromMs: credential.nbf * 1000 };
  return plainRefusal(code);
}

function plainRefusal(code: CodeRefusal['code']): ScanProblem {
  switch (code) {
    case 'FORMAT':
      return { kind: 'code-format' };
    case 'SIZE':
      return { kind: 'code-size' };
    case 'CBOR':
      return { kind: 'code-cbor' };
    case 'ALG':
      return { kind: 'code-alg' };
    case 'UNKNOWN_ISSUER':
      return { kind: 'code-unknown-issuer' };
    case 'BAD_SIGNATURE':
      return { kind: 'code-bad-signature' };
    case 'SCHEMA':
      return { kind: 'code-schema' };
    case 'VERSION':
      return { kind: 'code-version' };
    case 'ISSUER_SCOPE':
      return { kind: 'code-issuer-scope' };
    case 'ISSUER_KEY_TIME':
      return { kind: 'code-issuer-key-time' };
    case 'LIFETIME':
      return { kind: 'code-lifetime' };
    case 'GATE':
      return { kind: 'code-gate' };
    case 'DENIED':
      return { kind: 'code-denied' };
    case 'PROOF':
      return { kind: 'code-proof' };
    case 'PROOF_OLD':
      return { kind: 'code-proof-old' };
    case 'PROOF_FUTURE':
      return { kind: 'code-proof-future' };
    case 'REPLAY':
      return { kind: 'code-replay' };
    case 'STATIC_FORBIDDEN':
      return { kind: 'code-static-forbidden' };
    case 'WRONG_FLIGHT':
    case 'EXPIRED':
    case 'NOT_YET':
      // These three carry facts of the credential and never come without one.
      return { kind: 'code-schema' };
  }
}
