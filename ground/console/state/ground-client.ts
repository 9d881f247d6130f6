// How the pages ask ground. Everything that can be expected to go wrong is an answer.
import { fail, ok, type Result } from '../../../domain/result.ts';
import { CONSOLE_PROBLEMS, CONSOLE_ROUTES } from '../../web/console-api.ts';
import type { ActName, ConsoleProblem, ListName, Me, ReadName, RouteName } from '../../web/console-api.ts';
import type { AskInput } from '../../web/console-asks.ts';
import type { Answers } from '../../web/console-rows.ts';

const BASE = '/console/api';

type Values = Readonly<Record<string, unknown>>;
type Answer<T> = Promise<Result<T, ConsoleProblem>>;

export type GroundClient = {
  readonly read: <Name extends ReadName>(name: Name, ask: AskInput<Name>) => Answer<Answers[Name]>;
  readonly act: <Name extends ActName>(name: Name, ask: AskInput<Name>) => Answer<Answers[Name]>;
  readonly csvAddress: (
    name: ListName,
    filters: Readonly<Record<string, string>>,
    language: string,
  ) => string;
  readonly fileAddress: (batch: number, what: 'file' | 'result') => string;
};

/** @param airline the airline the pages are about now */
export function createGroundClient(airline: () => string, signedOut: () => void): GroundClient {
  const send = async <T>(address: string, init?: RequestInit): Answer<T> => {
    const answer = await sendJson<T>(address, init);
    if (!answer.ok && answer.error.kind === 'signed-out') signedOut();
    return answer;
  };
  return {
    read: (name, ask) => {
      const { path, rest } = fillPath(name, ask);
      return send(`${BASE}${path}?${query({ ...rest, airline: airline() })}`);
    },
    act: (name, ask) => {
      const { path, rest } = fillPath(name, ask);
      return send(`${BASE}${path}?${query({ airline: airline() })}`, jsonPost(rest));
    },
    csvAddress: (name, filters, language) => {
      const { path, rest } = fillPath(name, filters);
      return `${BASE}${path}.csv?${query({ ...rest, airline: airline(), lang: language })}`;
    },
    fileAddress: (batch, what) =>
      `${BASE}/batches/${batch.toString()}/${what}?${query({ airline: airline() })}`,
  };
}

export async function signIn(name: string, password: string): Answer<{ readonly me: Me }> {
  return await sendJson(`${BASE}/session`, jsonPost({ name, password }));
}

export async function signOut(): Promise<void> {
  await sendJson(`${BASE}/session/end`, jsonPost({}));
}

export async function whoAmI(): Answer<{ readonly me: Me | null }> {
  return await sendJson(`${BASE}/session`);
}

function jsonPost(body: Values): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function sendJson<T>(address: string, init?: RequestInit): Answer<T> {
  try {
    const response = await fetch(address, { credentials: 'same-origin', ...init });
    const body: unknown = await response.json();
    return response.ok ? ok(body as T) : fail(problemOf(body));
  } catch {
    return fail({ kind: 'unreachable' });
  }
}

/** Ground as a whole has problems of its own (too many requests, its database away): all of them pass. */
function problemOf(body: unknown): ConsoleProblem {
  const { problem } = body as { readonly problem?: { readonly kind?: unknown; readonly why?: unknown } };
  const kind = CONSOLE_PROBLEMS.find((known) => known === problem?.kind);
  if (kind === undefined) return { kind: 'unreachable' };
  return typeof problem?.why === 'string' ? { kind, why: problem.why } : { kind };
}

function fillPath(name: RouteName, ask: Values): { readonly path: string; readonly rest: Values } {
  const used = new Set<string>();
  const path = CONSOLE_ROUTES[name].path.replace(/\{(\w+)\}/g, (_match, key: string) => {
    used.add(key);
    return encodeURIComponent(String(ask[key]));
  });
  return { path, rest: Object.fromEntries(Object.entries(ask).filter(([key]) => !used.has(key))) };
}

function query(values: Values): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
}
