// WeChat's error codes in our words (wallets.md). Numbers come in `code` or, behind a word, in the message.
import * as v from 'valibot';
import type { WalletProblem } from '../wallet.ts';

type Kind = WalletProblem['kind'];

const KINDS: Readonly<Record<string, Kind | undefined>> = {
  /** Repeated with other data. */
  '271316598': 'repeated-with-other-data',
  /** Wrong states: to complete, to cancel, to change. */
  '271302262': 'wrong-state',
  '271302333': 'wrong-state',
  '271302332': 'wrong-state',
  /** A deduction failed: the order goes on being collected, and the query tells. */
  '271316574': 'wrong-state',
  /** Over the service's cap. */
  '271316656': 'over-cap',
  /** End before start. */
  '271316637': 'rejected',
  /** A deduction is running: wait 5 to 10 s. */
  '271316754': 'deduction-running',
  /** The risk check, the score and too many open orders all look like this. */
  '271300099': 'not-accepted',
  /** An overdue order. */
  '271299627': 'overdue-orders',
  '268560785': 'youth-mode',
  '268435472': 'too-fast',
  /** Another appid than at creation. */
  '4108': 'rejected',
  ORDER_NOT_EXIST: 'unknown-order',
  RESOURCE_NOT_EXISTS: 'unknown-order',
  INVALID_ORDER_STATE: 'wrong-state',
  ORDER_CANCELED: 'wrong-state',
  ORDER_CLOSED: 'wrong-state',
  ORDER_DONE: 'wrong-state',
  PARAM_ERROR: 'rejected',
  INVALID_REQUEST: 'rejected',
  SIGN_ERROR: 'rejected',
  NO_AUTH: 'rejected',
};

const NUMBER_IN_MESSAGE = /(?<![0-9])(?:2[0-9]{8}|4108)(?![0-9])/g;
const errorSchema = v.object({
  code: v.union([v.string(), v.number()]),
  message: v.optional(v.string(), ''),
});

/** The problem an error's body names; only its code is kept, never its wording. */
export function readProblem(status: number, body: unknown): WalletProblem {
  const read = v.safeParse(errorSchema, body);
  if (!read.success) return { kind: 'rejected', code: `http-${status.toString()}` };
  const word = read.output.code.toString();
  const numbers = read.output.message.match(NUMBER_IN_MESSAGE) ?? [];
  const code =
    [word, ...numbers].find((candidate) => /^[0-9]+$/.test(candidate) && isKnown(candidate)) ?? word;
  const kind = isKnown(code) ? KINDS[code] : undefined;
  return { kind: kind ?? 'rejected', code: code.slice(0, 40) };
}

function isKnown(code: string): boolean {
  return Object.hasOwn(KINDS, code);
}
