// How a till comes to a session: terminal and pack, the journal, and its agreement with the window's ledger. Whatever is
// in the way blocks the start in words; nothing is recorded here.
import type { Answers, StartAnswer, StartNotice } from '../../bridge/contract.ts';
import type { StartProblem } from '../../domain/problem.ts';
import { ok, type Result } from '../../domain/result.ts';
import { openJournal, type OpenedJournal } from '../journal/journal.ts';
import type { Terminal } from '../provisioning/terminal.ts';
import {
  agree,
  findRollback,
  journalPorts,
  openJournalOrAsk,
  openSession,
  type Agreement,
  type LedgerHead,
  type Rescue,
  type Session,
} from './open-session.ts';
import type { TillPorts } from './ports.ts';
import { refuse } from './refuse.ts';

/** The session is there and the ledger knows what to do. */
export type Begun = {
  readonly session: Session;
  readonly agreement: Extract<Agreement, { readonly kind: 'continue' | 'rebuild' }>;
};

export type Beginning = {
  /** Reads pack and journal while the window is still being made; `begin` waits for it and uses them. */
  readonly readAhead: () => void;
  readonly begin: (ledger: LedgerHead | null) => Promise<Begun | Exclude<StartAnswer, { kind: 'ready' }>>;
  /** Lines of the ledger that the journal has lost. */
  readonly offerLines: (lines: readonly string[], isOnDuty: boolean) => Answers['offerLines'];
  /** What was put right on the way, for the first window of this run. */
  readonly recoveryNotices: () => readonly StartNotice[];
  /** The next `begin` reads terminal, pack and journal anew. */
  readonly renew: () => void;
  readonly close: () => void;
};

export function createBeginning(ports: TillPorts): Beginning {
  let terminal: Terminal | null = null;
  let session: Session | null = null;
  let rescue: Rescue | null = null;
  let restoredLines = 0;
  let readingAhead: Promise<void> | null = null;

  const blocked = (problem: StartProblem): { readonly kind: 'blocked'; readonly problem: StartProblem } => {
    ports.log('start-blocked', { kind: problem.kind });
    return { kind: 'blocked', problem };
  };

  /** What goes wrong here goes wrong again in `begin`, which has the ledger's help and an answer to give. */
  const readAhead = async (): Promise<void> => {
    const read = await ports.readTerminal();
    if (!read.ok) return;
    terminal = read.value;
    const opened = openJournalOrAsk(ports, terminal, null);
    if (opened.ok && 'journal' in opened.value) session = openSession(ports, terminal, opened.value);
  };

  const findSession = async (ledger: LedgerHead | null): Promise<Result<Session | Rescue, StartProblem>> => {
    if (terminal === null) {
      const read = await ports.readTerminal();
      if (!read.ok) return read;
      terminal = read.value;
    }
    if (session !== null) return ok(session);
    const opened = openJournalOrAsk(ports, terminal, ledger);
    if (!opened.ok) return opened;
    if ('until' in opened.value) return ok(opened.value);
    session = openSession(ports, terminal, opened.value);
    return ok(session);
  };

  const renew = (): void => {
    session?.recorder.journal.close();
    session = null;
    terminal = null;
    restoredLines = 0;
  };

  const begin: Beginning['begin'] = async (ledger) => {
    await readingAhead;
    const found = await findSession(ledger);
    if (!found.ok) return blocked(found.error);
    if ('until' in found.value) {
      rescue = found.value;
      return { kind: 'send-lines', from: rescue.from };
    }
    const rollback = findRollback(found.value);
    if (rollback !== null) {
      // The newest pack may be put in before the crew tries again.
      renew();
      return blocked(rollback);
    }
    const agreement = agree(ports, found.value, ledger);
    if (agreement.kind === 'fork') return blocked({ kind: 'journal-fork', seq: agreement.seq });
    return agreement.kind === 'send-lines' ? agreement : { session: found.value, agreement };
  };

  const mendJournal = (on: Rescue, of: Terminal, lines: readonly string[]): Answers['offerLines'] => {
    on.lines.push(...lines);
    const head = on.from + on.lines.length - 1;
    if (head < on.until) return ok({ head });
    const opened: Result<OpenedJournal, StartProblem> = openJournal(journalPorts(ports, of), on.lines);
    if (!opened.ok) return refuse(opened.error);
    restoredLines += on.lines.length;
    rescue = null;
    session = openSession(ports, of, opened.value);
    return ok({ head: session.recorder.journal.head().seq });
  };

  const offerLines: Beginning['offerLines'] = (lines, isOnDuty) => {
    if (rescue !== null && terminal !== null) return mendJournal(rescue, terminal, lines);
    if (session === null || isOnDuty) return refuse({ kind: 'bad-request' });
    const adopted = session.recorder.adopt(lines);
    if (!adopted.ok) return refuse(adopted.error);
    restoredLines += lines.length;
    return ok({ head: session.recorder.journal.head().seq });
  };

  return {
    readAhead: () => {
      readingAhead ??= readAhead();
    },
    begin,
    offerLines,
    recoveryNotices: () => {
      const tornBytes = session?.tornBytes ?? 0;
      return [
        ...(restoredLines > 0 ? [{ kind: 'journal-restored' as const, lines: restoredLines }] : []),
        ...(tornBytes > 0 ? [{ kind: 'torn-tail' as const, bytes: tornBytes }] : []),
      ];
    },
    renew,
    close: () => {
      session?.recorder.journal.close();
    },
  };
}
