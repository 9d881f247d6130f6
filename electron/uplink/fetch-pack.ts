// Asks ground for a newer pack of this flight (docs/formats/terminal-api.md), and lets nothing in that the till would not
// start with.
import type { FlightPack } from '../../domain/flight-pack/flight-pack.ts';
import { findSuccessionFault } from '../../domain/flight-pack/succeed-pack.ts';
import { FLIGHT_PACK } from '../../domain/limits.ts';
import type { StartProblem } from '../../domain/problem.ts';
import type { Result } from '../../domain/result.ts';
import type { GroundClient } from './ground-client.ts';

export type PackFetch =
  /** Ground has nothing newer for this terminal. */
  | { readonly kind: 'none' }
  | { readonly kind: 'kept'; readonly pack: FlightPack }
  /** What came is of no use; the same will come again. */
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'not-kept' }
  | { readonly kind: 'unreachable'; readonly retryAfterMs: number | null };

export type PackFetching = {
  readonly client: Pick<GroundClient, 'ask'>;
  /** Exactly as at start: signatures against the pinned roots, shapes, roster, the terminal's own certificate. */
  readonly verify: (archive: Uint8Array) => Promise<Result<FlightPack, StartProblem>>;
  /** False when it could not be made durable. */
  readonly keep: (pack: FlightPack, archive: Uint8Array) => boolean;
};

/** @param newest the newest pack at hand, in use or only kept */
export async function fetchPack(newest: FlightPack, fetching: PackFetching): Promise<PackFetch> {
  const { leg, n } = newest.manifest;
  const answer = await fetching.client.ask({
    method: 'GET',
    path: `/v1/packs/${leg}?after=${n.toString()}`,
    mostBytes: FLIGHT_PACK.maxBytes,
  });
  if (!answer.ok) {
    return answer.error === 'strange-answer'
      ? { kind: 'refused', why: 'too-large' }
      : { kind: 'unreachable', retryAfterMs: null };
  }
  const { status, contentType, bytes, retryAfterMs } = answer.value;
  if (status === 204 || status === 404) return { kind: 'none' };
  if (status !== 200) return { kind: 'unreachable', retryAfterMs };
  if (contentType !== 'application/octet-stream') return { kind: 'refused', why: 'no-pack' };
  const pack = await fetching.verify(bytes);
  if (!pack.ok) return { kind: 'refused', why: describe(pack.error) };
  const fault = findSuccessionFault(newest, pack.value);
  if (fault !== null) return { kind: 'refused', why: fault };
  return fetching.keep(pack.value, bytes) ? { kind: 'kept', pack: pack.value } : { kind: 'not-kept' };
}

function describe(problem: StartProblem): string {
  return problem.kind === 'pack-bad' ? `${problem.file}: ${problem.why}` : problem.kind;
}
