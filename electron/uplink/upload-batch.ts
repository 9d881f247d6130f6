// One try to give a batch to ground: goes on where ground says it stands, in parts that grow while the line holds.
import * as v from 'valibot';
import type { ReachProblem, StopProblem } from '../../bridge/settlement-state.ts';
import { UPLINK } from '../../domain/limits.ts';
import type { GroundAnswer, GroundClient } from './ground-client.ts';

export type UploadOutcome =
  /** Ground's result file, not yet verified. */
  | { readonly kind: 'answered'; readonly text: string }
  | { readonly kind: 'unreachable'; readonly why: ReachProblem; readonly retryAfterMs: number | null }
  | { readonly kind: 'stopped'; readonly why: StopProblem };

export type Upload = {
  readonly client: GroundClient;
  readonly batchId: string;
  readonly bytes: Uint8Array;
  /** In one piece from the start: what ground has of it is damaged. */
  readonly isWhole: boolean;
  readonly onProgress: (sentBytes: number) => void;
};

const MOST_DISPUTED_OFFSETS = 3;

export async function uploadBatch(upload: Upload): Promise<UploadOutcome> {
  const { client, batchId, bytes, isWhole } = upload;
  if (isWhole) return sendParts(upload, 0, bytes.length);
  const path = pathOf(batchId);
  const standing = await client.ask({ method: 'HEAD', path });
  if (!standing.ok) return unreachable(standing.error);
  const { status, uploadOffset } = standing.value;
  if (isRefusal(status)) {
    // An answer to HEAD has no words in it.
    const why = await client.ask({ method: 'GET', path });
    return why.ok ? (outcomeOf(why.value) ?? unreachable('strange-answer')) : unreachable(why.error);
  }
  const from = status === 200 || status === 204 ? (uploadOffset ?? 0) : 0;
  if (from >= bytes.length) {
    const known = await client.ask({ method: 'GET', path });
    if (!known.ok) return unreachable(known.error);
    if (isResultFile(known.value)) return { kind: 'answered', text: known.value.text };
    // Complete and never judged, or another encryption of the same lines: from the start.
    return sendParts(upload, 0, bytes.length);
  }
  return sendParts(upload, from, UPLINK.firstPartBytes);
}

async function sendParts(upload: Upload, start: number, firstPartBytes: number): Promise<UploadOutcome> {
  const { client, batchId, bytes, onProgress } = upload;
  let from = start;
  let partBytes = firstPartBytes;
  let disputes = 0;
  onProgress(from);
  for (;;) {
    const body = bytes.subarray(from, from + partBytes);
    const range = body.length === bytes.length ? {} : { range: { from, totalBytes: bytes.length } };
    const answer = await client.ask({ method: 'PUT', path: pathOf(batchId), body, ...range });
    if (!answer.ok) return unreachable(answer.error);
    const outcome = outcomeOf(answer.value);
    if (outcome !== null) return outcome;
    const { status, uploadOffset } = answer.value;
    if (uploadOffset === null || uploadOffset >= bytes.length) return unreachable('strange-answer');
    if (status === 202 && uploadOffset <= from) return unreachable('strange-answer');
    if (status === 409) disputes += 1;
    if (disputes > MOST_DISPUTED_OFFSETS) return unreachable('strange-answer');
    from = uploadOffset;
    partBytes = Math.min(UPLINK.mostPartBytes, partBytes * 2);
    onProgress(from);
  }
}

function pathOf(batchId: string): string {
  return `/v1/batches/${batchId}`;
}

function unreachable(why: ReachProblem, retryAfterMs: number | null = null): UploadOutcome {
  return { kind: 'unreachable', why, retryAfterMs };
}

export function isResultFile({ contentType, text }: GroundAnswer): boolean {
  return contentType === 'application/jose' && text.length > 0;
}

const STATUS_WITHOUT_WORDS = new Set([401, 403, 413, 429, 500, 502, 503, 504]);

function isRefusal(status: number): boolean {
  return STATUS_WITHOUT_WORDS.has(status);
}

/** What an answer settles; null for one that says how far the upload has come. */
function outcomeOf(answer: GroundAnswer): UploadOutcome | null {
  if (isResultFile(answer)) return { kind: 'answered', text: answer.text };
  const hasOffset = answer.status === 202 || answer.status === 409;
  return hasOffset ? null : refusalOf(answer);
}

const problemSchema = v.object({ problem: v.object({ kind: v.string(), why: v.optional(v.string()) }) });

/** What ground says without a result file. */
export function refusalOf(answer: GroundAnswer): Exclude<UploadOutcome, { kind: 'answered' }> {
  const { status, retryAfterMs } = answer;
  switch (status) {
    case 401:
      return readWhy(answer.text) === 'not-now'
        ? { kind: 'unreachable', why: 'clock-differs', retryAfterMs }
        : { kind: 'stopped', why: 'token-refused' };
    case 403:
      return { kind: 'stopped', why: 'device-unknown' };
    case 413:
      return { kind: 'stopped', why: 'batch-too-large' };
    case 429:
      return { kind: 'unreachable', why: 'too-many-requests', retryAfterMs };
    default:
      return { kind: 'unreachable', why: status >= 500 ? 'out-of-order' : 'strange-answer', retryAfterMs };
  }
}

function readWhy(text: string): string | null {
  try {
    const parsed = v.safeParse(problemSchema, JSON.parse(text));
    return parsed.success ? (parsed.output.problem.why ?? null) : null;
  } catch {
    return null;
  }
}
