// The calls of ground/web/phone-api.ts. Being without a network is the ordinary case and comes back as a value.
import * as v from 'valibot';
import { fail, ok, type Result } from '../../../domain/result.ts';
import {
  ENROLMENT_REFUSALS,
  type CopiesAnswer,
  type EnrolmentBegun,
  type EnrolmentRefusal,
  type EnrolmentRequest,
  type EnrolmentState,
  type OpenFlight,
  type PhoneOrder,
} from '../../web/phone-api.ts';
import {
  apiProblemSchema,
  begunSchema,
  copiesAnswerSchema,
  enrolmentStateSchema,
  openFlightsSchema,
  phoneOrderSchema,
} from './answers.ts';

export type CallFault =
  | { readonly kind: 'no-network' }
  /** Ground is there but cannot answer now; trying again later helps. */
  | { readonly kind: 'busy' }
  /** Ground does not know this phone's token any more: deleted after its retention time. */
  | { readonly kind: 'unknown-enrolment' }
  | { readonly kind: 'refused'; readonly why: EnrolmentRefusal }
  /** An answer this version of the page does not understand. */
  | { readonly kind: 'not-understood' };

export type Answer<T> = {
  readonly value: T;
  /** Ground's clock when it answered, epoch ms (whole seconds), null where it did not say. */
  readonly groundMs: number | null;
};

export type GroundClient = {
  readonly flights: () => Promise<Result<Answer<readonly OpenFlight[]>, CallFault>>;
  readonly begin: (request: EnrolmentRequest) => Promise<Result<Answer<EnrolmentBegun>, CallFault>>;
  readonly state: (token: string) => Promise<Result<Answer<EnrolmentState>, CallFault>>;
  readonly sendCopies: (
    token: string,
    lines: readonly string[],
  ) => Promise<Result<Answer<CopiesAnswer>, CallFault>>;
  readonly order: (token: string) => Promise<Result<Answer<PhoneOrder>, CallFault>>;
};

/** A weak cabin network must not hold a screen longer than this. */
const TIMEOUT_MS = 15_000;

export function createGroundClient(ports: {
  /** Where ground is, without a slash at its end; empty for the page's own origin. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
}): GroundClient {
  type Call = { readonly path: string; readonly token?: string; readonly body?: unknown };

  async function call<T>(
    { path, token, body }: Call,
    schema: v.GenericSchema<unknown, T>,
  ): Promise<Result<Answer<T>, CallFault>> {
    const headers: Record<string, string> = {};
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    let response: Response;
    let answer: unknown;
    try {
      response = await ports.fetch(`${ports.baseUrl}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers,
        cache: 'no-store',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      answer = (await response.json()) as unknown;
    } catch (error) {
      // A captive portal answers with a page of its own: that is no network either.
      if (error instanceof TypeError || error instanceof DOMException || error instanceof SyntaxError) {
        return fail({ kind: 'no-network' });
      }
      throw error;
    }
    if (!response.ok) return fail(faultOf(response.status, answer));
    const parsed = v.safeParse(schema, answer);
    if (!parsed.success) return fail({ kind: 'not-understood' });
    return ok({ value: parsed.output, groundMs: readDate(response.headers.get('date')) });
  }

  return {
    flights: () => call({ path: '/v1/flights' }, openFlightsSchema),
    begin: (body) => call({ path: '/v1/enrolments', body }, begunSchema),
    state: (token) => call({ path: '/v1/enrolment', token }, enrolmentStateSchema),
    sendCopies: (token, lines) =>
      call({ path: '/v1/enrolment/copies', token, body: { lines } }, copiesAnswerSchema),
    order: (token) => call({ path: '/v1/enrolment/order', token }, phoneOrderSchema),
  };
}

function readDate(text: string | null): number | null {
  const ms = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

function faultOf(status: number, answer: unknown): CallFault {
  const parsed = v.safeParse(apiProblemSchema, answer);
  if (parsed.success) {
    const { kind, why } = parsed.output.problem;
    const refusal = ENROLMENT_REFUSALS.find((known) => known === kind || known === why);
    if (refusal !== undefined) return { kind: 'refused', why: refusal };
  }
  if (status === 401 || status === 404 || status === 410) return { kind: 'unknown-enrolment' };
  return status === 429 || status >= 500 ? { kind: 'busy' } : { kind: 'not-understood' };
}
