// What the till and a passenger's phone show each other: the phone's choice, the amount to confirm, the passenger's copy.
import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { thumbprint8 } from '../../domain/crypto/thumbprint.ts';
import { encodeUtf8 } from '../../domain/encoding/utf8.ts';
import { composeChallengeCode } from '../../domain/handheld/challenge-code.ts';
import { composeCopyFrames } from '../../domain/handheld/copy-code.ts';
import { readLine } from '../../domain/journal/line.ts';
import type { Problem } from '../../domain/problem.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { decideChallenge } from '../../domain/till/decide-challenge.ts';
import type { SaleIntent } from '../../domain/till/decide-sale.ts';
import type { OpenChallenge, TillContext } from '../../domain/till/till-context.ts';
import type { Session } from './open-session.ts';
import type { TillPorts } from './ports.ts';

export type PhoneDesk = {
  /** The amount a phone is being asked to confirm; kept in memory only, one at a time. */
  readonly asked: () => OpenChallenge | null;
  readonly ask: (
    intent: SaleIntent,
  ) => Result<{ readonly challenge: string; readonly amountMinor: number }, Problem>;
  readonly stopAsking: () => void;
  /** The frames of the passenger's copy of a SALE, VOID or REFUND line. */
  readonly copyFrames: (seq: number) => Result<readonly string[], Problem>;
};

const CHALLENGE_BYTES = 8;

export function createPhoneDesk(
  { crypto }: Pick<TillPorts, 'crypto'>,
  { recorder, terminal }: Session,
  contextNow: () => TillContext,
): PhoneDesk {
  const deviceThumbprint = thumbprint8(terminal.signer.publicJwk, crypto);
  let asked: OpenChallenge | null = null;
  return {
    asked: () => asked,
    ask: (intent) => {
      const challenge = randomBytes(CHALLENGE_BYTES);
      const decided = decideChallenge(recorder.state, intent, challenge, contextNow());
      asked = decided.ok ? decided.value : null;
      if (!decided.ok) return decided;
      const { binding } = decided.value;
      return ok({ challenge: composeChallengeCode(binding), amountMinor: binding.amountMinor });
    },
    stopAsking: () => {
      asked = null;
    },
    copyFrames: (seq) => {
      const [line] = recorder.state.headSeq < seq ? [] : recorder.journal.read(seq, seq);
      const event = line === undefined ? null : readLine(line);
      if (line === undefined || event === null || !isForPassenger(event.ty)) {
        return fail({ kind: 'sale-unknown' });
      }
      const text = encodeUtf8(line);
      const id = crypto.sha256(text).subarray(0, 4);
      const deflatedLine = deflateRawSync(text, { level: 9 });
      return ok(composeCopyFrames({ deviceThumbprint, deflatedLine }, id));
    },
  };
}

function isForPassenger(ty: string): boolean {
  return ty === 'SALE' || ty === 'VOID' || ty === 'REFUND';
}
