// The renderer's one way to main: every answer's lines are in the ledger before anybody sees the answer.
import type {
  Answers,
  CallName,
  LedgerLine,
  PushName,
  Pushes,
  Refusal,
  Request,
  TillBridge,
} from '../../bridge/contract.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { LedgerFault, LedgerWriter } from '../ledger/ledger-writer.ts';
import type { Ledger } from '../ledger/open-ledger.ts';
import type { CrewProblem } from './crew-problem.ts';

/** The calls an intent of the crew makes; the three of the start handshake belong to the ledger. */
export type IntentName = Exclude<CallName, 'start' | 'offerLines' | 'linesFrom'>;
export type IntentValue<Name extends IntentName> = Extract<Answers[Name], { ok: true }>['value'];

export type TillClient = {
  readonly ledger: Ledger;
  /** The value or the problem of a call; never rejects. */
  readonly ask: <Name extends IntentName>(
    name: Name,
    request: Request<Name>,
  ) => Promise<Result<IntentValue<Name>, CrewProblem>>;
  readonly on: <Name extends PushName>(name: Name, listen: (value: Pushes[Name]) => void) => () => void;
  /** Brings pushed lines into the ledger. */
  readonly record: (lines: readonly LedgerLine[]) => Promise<void>;
};

type ClientParts = {
  readonly bridge: TillBridge;
  readonly ledger: Ledger;
  readonly writer: LedgerWriter;
  /** The sale is in the journal but not on the screen: the till must start again before it shows anything else. */
  readonly onLedgerFault: (fault: LedgerFault) => void;
};

export function createTillClient({ bridge, ledger, writer, onLedgerFault }: ClientParts): TillClient {
  async function record(lines: readonly LedgerLine[]): Promise<void> {
    const written = await writer.apply(lines);
    if (!written.ok) onLedgerFault(written.error);
  }

  async function ask<Name extends IntentName>(
    name: Name,
    request: Request<Name>,
  ): Promise<Result<IntentValue<Name>, CrewProblem>> {
    try {
      // Every answer of an intent is a Result; the type system cannot see that through the look-up by name.
      const answer = (await bridge.call(name, request)) as Result<IntentValue<Name>, Refusal>;
      await record(answer.ok ? linesOf(answer.value) : answer.error.lines);
      return answer.ok ? ok(answer.value) : fail(answer.error.problem);
    } catch (error) {
      console.error(`the call ${name} failed`, error);
      return fail({ kind: 'call-failed' });
    }
  }

  return { ledger, ask, record, on: (name, listen) => bridge.on(name, listen) };
}

function linesOf(value: object): readonly LedgerLine[] {
  return 'lines' in value ? (value.lines as readonly LedgerLine[]) : [];
}
