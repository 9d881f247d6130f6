// Ground's answer to a batch (`.cpr`, settlement.md 6.7): a JWS by the airline's ground key.
import * as v from 'valibot';
import { peekJsonJws, signJsonJws, verifyJsonJws, type JwsFault } from '../crypto/compact-jws.ts';
import type { Crypto, Signer } from '../crypto/crypto.ts';
import { fail, ok, type Result } from '../result.ts';
import { keysValidAt, type TrustList } from '../trust/trust-list.ts';

const minor = v.pipe(v.number(), v.safeInteger());
const seq = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const cti = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/));

export const RESULT_STATUSES = [
  'ACCEPTED',
  'PARTIAL',
  'DUPLICATE',
  'DAMAGED',
  'GAP',
  'FORK',
  'FORGED',
  'TOTALS',
  'UNKNOWN_DEVICE',
] as const;

export const BILL_STATUSES = ['PENDING', 'CHARGED', 'LOWERED', 'FAILED', 'EXCESS', 'MANUAL'] as const;

export type BillStatus = (typeof BILL_STATUSES)[number];

export const resultFileSchema = v.object({
  v: v.literal(1),
  batchId: v.pipe(v.string(), v.regex(/^[a-z2-7]{26}$/)),
  dev: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,20}$/)),
  ep: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  status: v.picklist(RESULT_STATUSES),
  /** Highest unbroken verified line ground holds. */
  ackSeq: seq,
  resendFrom: v.nullable(seq),
  /** Epoch ms. */
  at: minor,
  bills: v.pipe(
    v.array(
      v.object({
        bill: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,20}\.\d{1,6}\.\d{1,12}$/)),
        status: v.picklist(BILL_STATUSES),
        /** Of this bill, not of the passenger's whole order. */
        amt: minor,
        /** The wallet's transaction, once there is one. */
        ref: v.pipe(v.string(), v.maxLength(64)),
        /** The wallet's own code where the passenger must act. */
        code: v.pipe(v.string(), v.maxLength(40)),
      }),
    ),
    v.maxLength(5000),
  ),
  deny: v.object({ version: seq, add: v.pipe(v.array(cti), v.maxLength(10_000)) }),
  trustVersion: seq,
});

export type ResultFile = v.InferOutput<typeof resultFileSchema>;
export type BillOutcome = ResultFile['bills'][number];

export type ResultFileFault = JwsFault | 'bad-shape';

export function signResultFile(result: ResultFile, ground: Signer, crypto: Crypto): string {
  return signJsonJws('cpr+jws', result, ground, crypto);
}

/** A result the trust list's ground keys vouch for. Whether it concerns a terminal is that terminal's question. */
export function readResultFile(
  text: string,
  trust: TrustList,
  crypto: Crypto,
): Result<ResultFile, ResultFileFault> {
  // The key must have been valid when the result was made; a till's own clock may be wrong.
  const anyKey = trust.ground.map(({ jwk }) => jwk);
  const verified = verifyJsonJws(text.trim(), 'cpr+jws', anyKey, crypto);
  if (!verified.ok) return verified;
  const parsed = v.safeParse(resultFileSchema, verified.value);
  if (!parsed.success) return fail('bad-shape');
  const inDate = verifyJsonJws(
    text.trim(),
    'cpr+jws',
    keysValidAt(trust.ground, Math.floor(parsed.output.at / 1000)),
    crypto,
  );
  return inDate.ok ? ok(parsed.output) : inDate;
}

/**
 * A result file this terminal has taken before: its hash stands in the journal, under this terminal's own signature, and
 * ground's key may have been retired since.
 */
export function readTakenResult(text: string): ResultFile | null {
  const peeked = peekJsonJws(text.trim());
  const parsed = peeked.ok ? v.safeParse(resultFileSchema, peeked.value) : null;
  return parsed?.success === true ? parsed.output : null;
}

const RANK: Readonly<Record<BillStatus, number>> = {
  PENDING: 0,
  MANUAL: 1,
  EXCESS: 1,
  FAILED: 2,
  LOWERED: 3,
  CHARGED: 4,
};

/** Whether a bill that stands at `known` moves to `next`: forward only (PENDING < FAILED < LOWERED < CHARGED). */
export function isForward(known: BillStatus, next: BillStatus): boolean {
  return RANK[next] > RANK[known];
}
