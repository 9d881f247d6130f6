// One call to ground over HTTPS (docs/formats/terminal-api.md). Only the authority this terminal was given counts, never
// the system's list; whatever goes wrong is a value.
import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import type { ReachProblem } from '../../bridge/settlement-state.ts';
import { UPLINK } from '../../domain/limits.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { UplinkPace } from './back-off.ts';

/** Where ground is, and the one authority (PEM) whose word counts for it. */
export type GroundAddress = { readonly address: string; readonly ca: string };

export type GroundQuestion = {
  readonly method: 'HEAD' | 'GET' | 'PUT';
  /** Below ground's address, beginning with a slash. */
  readonly path: string;
  readonly body?: Uint8Array;
  /** Which bytes of the whole file `body` is. */
  readonly range?: { readonly from: number; readonly totalBytes: number };
  /** The longest answer that is read; more is a strange one. */
  readonly mostBytes?: number;
};

export type GroundAnswer = {
  readonly status: number;
  readonly contentType: string;
  readonly bytes: Uint8Array;
  /** The same as text; empty for `application/octet-stream`. */
  readonly text: string;
  /** `Upload-Offset`, or null. */
  readonly uploadOffset: number | null;
  readonly retryAfterMs: number | null;
};

export type GroundClient = {
  readonly ask: (question: GroundQuestion) => Promise<Result<GroundAnswer, ReachProblem>>;
  /** Breaks off what is on its way. */
  readonly close: () => void;
};

export function createGroundClient(
  { address, ca }: GroundAddress,
  token: () => string,
  pace: Pick<UplinkPace, 'idleMs' | 'callMs'>,
): GroundClient {
  // Explicit, so that no environment variable can switch the check off.
  const agent = new Agent({ ca, rejectUnauthorized: true, minVersion: 'TLSv1.2', keepAlive: true });
  const closing = new AbortController();
  return {
    ask: (question) =>
      new Promise((resolve) => {
        const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(pace.callMs)]);
        const call = request(new URL(question.path, address), {
          agent,
          method: question.method,
          headers: headersOf(question, token()),
          timeout: pace.idleMs,
          signal,
        });
        call.on('timeout', () => call.destroy(new Error('nothing moved')));
        call.on('error', (error) => {
          resolve(fail(reachProblemOf(error)));
        });
        call.on('response', (response) => {
          readAnswer(response, question.mostBytes ?? UPLINK.maxAnswerBytes).then(resolve, () => {
            resolve(fail('cut-off'));
          });
        });
        call.end(question.body);
      }),
    close: () => {
      closing.abort();
      agent.destroy();
    },
  };
}

function headersOf({ body, range }: GroundQuestion, token: string): Record<string, string> {
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  if (body === undefined) return headers;
  headers['content-type'] = 'application/octet-stream';
  headers['content-length'] = body.length.toString();
  if (range !== undefined) {
    const last = range.from + body.length - 1;
    headers['content-range'] =
      `bytes ${range.from.toString()}-${last.toString()}/${range.totalBytes.toString()}`;
  }
  return headers;
}

async function readAnswer(
  response: IncomingMessage,
  mostBytes: number,
): Promise<Result<GroundAnswer, ReachProblem>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    const piece = chunk as Buffer;
    bytes += piece.length;
    if (bytes > mostBytes) {
      response.destroy();
      return fail('strange-answer');
    }
    chunks.push(piece);
  }
  const { headers, statusCode } = response;
  const contentType = (headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
  const whole = Buffer.concat(chunks);
  return ok({
    status: statusCode ?? 0,
    contentType,
    bytes: whole,
    text: contentType === 'application/octet-stream' ? '' : whole.toString('utf8'),
    uploadOffset: readCount(headers['upload-offset']),
    retryAfterMs: readRetryAfter(headers['retry-after']),
  });
}

function readCount(header: string | string[] | undefined): number | null {
  return typeof header === 'string' && /^\d{1,12}$/.test(header) ? Number(header) : null;
}

/** Seconds; a date would be in ground's time, which is not ours. */
function readRetryAfter(header: string | undefined): number | null {
  const seconds = readCount(header);
  return seconds === null ? null : Math.min(seconds * 1000, UPLINK.maxRetryAfterMs);
}

/** Codes of a network that is not there; a certificate's are told by what Node and BoringSSL name them. */
const NO_NETWORK = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
]);
const CERTIFICATE = /CERT|ISSUER|SELF_SIGNED|UNABLE_TO_|ALTNAME|SSL_ALERT|ERR_SSL|EPROTO|INVALID_PURPOSE/;

function reachProblemOf(error: Error): ReachProblem {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (NO_NETWORK.has(code)) return 'no-network';
  return CERTIFICATE.test(code) ? 'wrong-certificate' : 'cut-off';
}
