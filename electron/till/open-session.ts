// Opening for duty: the verified pack, the journal, and the agreement between journal and ledger.
import type { LedgerLine, Request, StartNotice } from '../../bridge/contract.ts';
import { describeBills } from '../../domain/bill/bill.ts';
import { encodeBase64url } from '../../domain/encoding/base64url.ts';
import { encodeUtf8 } from '../../domain/encoding/utf8.ts';
import { isLineSigned, lineHeader, readEnvelope } from '../../domain/journal/line.ts';
import type { StartProblem } from '../../domain/problem.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { applyEvent, createTillState, type EventDraft } from '../../domain/till/till-state.ts';
import { journalFolder, openJournal, type JournalPorts, type OpenedJournal } from '../journal/journal.ts';
import type { Terminal } from '../provisioning/terminal.ts';
import { openResultStore, resultsFolder, type ResultStore } from '../uplink/result-store.ts';
import type { TillPorts } from './ports.ts';
import { createRecorder, numberedLines, type Recorder } from './recorder.ts';

export type LedgerHead = NonNullable<Request<'start'>['ledger']>;

/** An open till: who it is, and what it has recorded. */
export type Session = {
  readonly terminal: Terminal;
  readonly crew: Terminal['pack']['crew'][number];
  readonly recorder: Recorder;
  readonly results: ResultStore;
  readonly tornBytes: number;
};

export function journalPorts(ports: TillPorts, terminal: Terminal): JournalPorts {
  const { dev, epoch, certificate, signer } = terminal;
  const { crypto, files, clock, boot } = ports;
  return { dir: journalFolder(ports.dataDir), dev, epoch, certificate, signer, crypto, files, clock, boot };
}

export function openSession(ports: TillPorts, terminal: Terminal, opened: OpenedJournal): Session {
  const { pack } = terminal;
  // The pack's first purser is on duty until signing in by PIN is built (a demo pack carries no PINs).
  const crew = pack.crew.find((member) => member.role === 'purser') ?? pack.crew[0];
  if (crew === undefined) throw new Error('a pack without crew passed its schema');
  const stamp = (): { leg: string; crew: string } => ({ leg: pack.manifest.leg, crew: crew.id });
  const recorder = createRecorder(opened.journal, opened.events, stamp, ports.afterRecord);
  const results = openResultStore(resultsFolder(ports.dataDir), recorder.state, ports.crypto);
  return { terminal, crew, recorder, results, tornBytes: opened.tornBytes };
}

/** An older pack or trust list put back over a newer one (threats.md 16). */
export function findRollback({ terminal, recorder }: Session): StartProblem | null {
  const { manifest, trust } = terminal.pack;
  const { state } = recorder;
  const isOlderPack = state.leg === manifest.leg && manifest.n < state.packVersion;
  return isOlderPack || trust.version < state.trustVersion ? { kind: 'pack-older-than-journal' } : null;
}

/** What duty begins with in the journal; recorded once the ledger has had its say. */
export function openingDrafts(session: Session, appVersion: string): readonly EventDraft[] {
  const { terminal, recorder, crew, tornBytes } = session;
  const { manifest, manifestHash, trust, deny } = terminal.pack;
  const { state } = recorder;
  const drafts: EventDraft[] = [];
  if (state.headSeq === 0) {
    drafts.push({ ty: 'JOURNAL_OPEN', b: { cert: terminal.certificate, appVer: appVersion } });
  }
  if (tornBytes > 0) drafts.push({ ty: 'FAULT', b: { code: 'TORN_TAIL', bytes: tornBytes } });
  const isKnownPack = state.leg === manifest.leg && state.packVersion === manifest.n;
  if (!isKnownPack || state.trustVersion !== trust.version) {
    drafts.push({
      ty: 'PACK_LOAD',
      b: {
        packId: manifest.packId,
        leg: manifest.leg,
        n: manifest.n,
        trustVer: trust.version,
        denyVer: deny.version,
        hash: manifestHash,
        std: manifest.std,
        sta: manifest.sta,
      },
    });
  }
  drafts.push({ ty: 'DUTY_ON', b: { role: crew.role } });
  return drafts;
}

export type Agreement =
  | {
      readonly kind: 'continue' | 'rebuild';
      readonly lines: readonly LedgerLine[];
      readonly notices: readonly StartNotice[];
    }
  | { readonly kind: 'send-lines'; readonly from: number }
  | { readonly kind: 'fork'; readonly seq: number };

/**
 * Holds the ledger against the journal. A ledger line that this terminal really signed but the journal has
 * differently is a fork and nobody's to guess about; anything else wrong with the ledger means it is rebuilt.
 */
export function agree(ports: TillPorts, session: Session, ledger: LedgerHead | null): Agreement {
  const { recorder, terminal } = session;
  const headSeq = recorder.journal.head().seq;
  const rebuild = (notices: readonly StartNotice[]): Agreement => ({ kind: 'rebuild', lines: [], notices });
  if (ledger === null) return rebuild(headSeq > 0 ? [{ kind: 'ledger-rebuilt' }] : []);
  const isOurs = isOwnLine(ledger, terminal, ports);
  if (ledger.seq > headSeq) {
    return isOurs ? { kind: 'send-lines', from: headSeq + 1 } : rebuild([{ kind: 'ledger-rebuilt' }]);
  }
  if (recorder.journal.read(ledger.seq, ledger.seq)[0] !== ledger.line) {
    return isOurs ? { kind: 'fork', seq: ledger.seq } : rebuild([{ kind: 'ledger-rebuilt' }]);
  }
  if (digestAt(session, ledger.seq, ports) !== ledger.billsDigest)
    return rebuild([{ kind: 'ledger-rebuilt' }]);
  const missing = numberedLines(recorder.journal.read(ledger.seq + 1, headSeq), ledger.seq + 1);
  return { kind: 'continue', lines: missing, notices: noticesOfMissedSales(recorder, ledger.seq) };
}

/** One sale at most is on its way when a window dies; of a ledger that lacks more, nobody is asked sale by sale. */
function noticesOfMissedSales({ events }: Recorder, afterSeq: number): readonly StartNotice[] {
  const missed = events.filter((event) => event.seq > afterSeq && event.ty === 'SALE');
  if (missed.length > 1) return [{ kind: 'ledger-rebuilt' }];
  return missed.map(({ seq }) => ({ kind: 'sale-before-restart', seq }));
}

function isOwnLine(ledger: LedgerHead, terminal: Terminal, { crypto }: TillPorts): boolean {
  const raw = readEnvelope(ledger.line);
  if (raw?.seq !== ledger.seq || raw.dev !== terminal.dev || raw.ep !== terminal.epoch) return false;
  const key = terminal.signer.publicJwk;
  return isLineSigned(ledger.line, lineHeader(key, crypto), key, crypto);
}

/** The digest a faithful ledger has after line `seq`. */
function digestAt({ recorder }: Session, seq: number, { crypto }: TillPorts): string {
  let bills = recorder.state.bills;
  if (seq !== recorder.state.headSeq) {
    const past = createTillState();
    for (const event of recorder.events) if (event.seq <= seq) applyEvent(past, event);
    bills = past.bills;
  }
  return encodeBase64url(crypto.sha256(encodeUtf8(describeBills(bills.values()))));
}

/** Lines the ledger offers for a journal damaged further inside, collected until they reach its head. */
export type Rescue = { readonly from: number; readonly until: number; readonly lines: string[] };

/** Opens the journal; damage the ledger can mend is answered with the first line wanted from it. */
export function openJournalOrAsk(
  ports: TillPorts,
  terminal: Terminal,
  ledger: LedgerHead | null,
): Result<OpenedJournal | Rescue, StartProblem> {
  const opened = openJournal(journalPorts(ports, terminal));
  if (opened.ok || opened.error.kind !== 'journal-damaged') return opened;
  const from = opened.error.seq;
  const canRescue = ledger !== null && ledger.seq >= from && isOwnLine(ledger, terminal, ports);
  return canRescue ? ok({ from, until: ledger.seq, lines: [] }) : fail(opened.error);
}
