// Whether a result file may be believed and concerns this terminal (settlement.md 6.7). Taking the same one twice records
// nothing; what it says of bills and passengers is read from the file, never copied into the journal.
import type { Crypto } from '../crypto/crypto.ts';
import { encodeBase64url } from '../encoding/base64url.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';
import type { ResultProblem } from '../problem.ts';
import { fail, ok, type Result } from '../result.ts';
import type { EventDraft, TillState } from '../till/till-state.ts';
import type { TrustList } from '../trust/trust-list.ts';
import { readResultFile, type ResultFile, type ResultFileFault } from './result-file.ts';
import type { TakenResults } from './settlement-view.ts';

export type ResultTaker = {
  readonly dev: string;
  readonly epoch: number;
  readonly trust: TrustList;
  readonly crypto: Crypto;
};

/** `draft` is null for a result the journal knows already. */
export type ResultDecision = {
  readonly file: ResultFile;
  readonly hash: string;
  readonly draft: EventDraft<'RESULT'> | null;
};

/**
 * base64url SHA-256 of what is signed, the file without its last part: the same content signed again, or its signature
 * bent (cabin-code.md 2.7), is the same result.
 */
export function resultHash(text: string, crypto: Pick<Crypto, 'sha256'>): string {
  const whole = text.trim();
  return encodeBase64url(crypto.sha256(encodeUtf8(whole.slice(0, Math.max(0, whole.lastIndexOf('.'))))));
}

export function decideResult(
  state: Pick<TillState, 'exports' | 'results' | 'headSeq'>,
  text: string,
  { dev, epoch, trust, crypto }: ResultTaker,
): Result<ResultDecision, ResultProblem> {
  const read = readResultFile(text, trust, crypto);
  if (!read.ok) return fail({ kind: isUnreadable(read.error) ? 'result-unreadable' : 'result-forged' });
  const file = read.value;
  if (file.dev !== dev || file.ep !== epoch) return fail({ kind: 'result-not-ours' });
  if (!state.exports.has(file.batchId)) return fail({ kind: 'result-unknown-batch' });
  if (file.ackSeq > state.headSeq) return fail({ kind: 'result-beyond-head' });
  const hash = resultHash(text, crypto);
  const { batchId, ackSeq } = file;
  const draft = state.results.has(hash) ? null : { ty: 'RESULT' as const, b: { batchId, ackSeq, hash } };
  return ok({ file, hash, draft });
}

function isUnreadable(fault: ResultFileFault): boolean {
  return fault === 'malformed' || fault === 'bad-shape';
}

/**
 * Passengers ground has denied since the pack was made, as the newest list says that any result brought: whoever is on an
 * older one only has been cleared. It counts until a pack brings a list as new.
 */
export function deniedByResults(results: TakenResults, packDenyVersion: number): ReadonlySet<string> {
  const lists = [...results.values()].map(({ deny }) => deny);
  const newest = lists.reduce((version, deny) => Math.max(version, deny.version), packDenyVersion);
  if (newest === packDenyVersion) return new Set();
  return new Set(lists.filter(({ version }) => version === newest).flatMap(({ add }) => add));
}
