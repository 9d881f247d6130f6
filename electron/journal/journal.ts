// The one door to the journal: sign, append, fdatasync, and only then answer (journal.md 5.2). Everything here is
// synchronous, so two intents can never interleave.
import { join } from 'node:path';
import type { Crypto, Signer } from '../../domain/crypto/crypto.ts';
import {
  authenticPrefix,
  type ChainHead,
  type ChainIdentity,
  type CheckedLine,
} from '../../domain/journal/chain.ts';
import type { JournalEvent } from '../../domain/journal/event.ts';
import { composeLine, genesisHash, lineHash, lineHeader, readEvent } from '../../domain/journal/line.ts';
import { JOURNAL } from '../../domain/limits.ts';
import type { StartProblem, TerminalProblem } from '../../domain/problem.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { EventDraft } from '../../domain/till/till-state.ts';
import {
  appendSynced,
  listSegments,
  openSegment,
  readSegment,
  setTornTailAside,
  type JournalFs,
  type OpenSegment,
  type Segment,
} from './journal-files.ts';
import { lastSeqLost } from './lost-lines.ts';

export type JournalPorts = {
  readonly dir: string;
  readonly dev: string;
  readonly epoch: number;
  /** The device certificate's text: the first line is chained to it. */
  readonly certificate: string;
  readonly signer: Signer;
  readonly crypto: Crypto;
  readonly files: JournalFs;
  readonly clock: { readonly nowMs: () => number; readonly monotonicMs: () => number };
  /** Names this run of the program; `mt` counts from its start. */
  readonly boot: string;
};

/** Who and where, for the envelope. */
export type Stamp = { readonly leg: string; readonly crew: string };

export type Recorded = { readonly seq: number; readonly line: string; readonly event: JournalEvent };

export type Journal = {
  readonly head: () => ChainHead;
  /** Appends all or none. Nothing may be shown as done before this has answered. */
  readonly record: (
    drafts: readonly EventDraft[],
    stamp: Stamp,
  ) => Result<readonly Recorded[], TerminalProblem>;
  /** Verbatim lines `from` .. `to`, read back from the disk. */
  readonly read: (from: number, to: number) => readonly string[];
  /** Takes over lines the ledger kept and this journal lost; only what verifies and continues the chain. */
  readonly adopt: (lines: readonly string[]) => Result<readonly Recorded[], TerminalProblem | StartProblem>;
  readonly close: () => void;
};

export type OpenedJournal = {
  readonly journal: Journal;
  /** All events, oldest first. */
  readonly events: readonly JournalEvent[];
  readonly tornBytes: number;
};

/**
 * Opens, verifies and, where the last write was cut short, repairs the journal. `rescue` are lines the ledger kept
 * from the first damaged one on; without them a journal damaged further inside stays as it is and is refused.
 */
export function openJournal(
  ports: JournalPorts,
  rescue: readonly string[] = [],
): Result<OpenedJournal, StartProblem> {
  const identity: ChainIdentity = {
    dev: ports.dev,
    ep: ports.epoch,
    key: ports.signer.publicJwk,
    header: lineHeader(ports.signer.publicJwk, ports.crypto),
  };
  try {
    ports.files.mkdirSync(ports.dir, { recursive: true, mode: 0o700 });
    return openVerified(ports, identity, rescue);
  } catch (error) {
    if (isSystemError(error)) return fail({ kind: 'data-folder-not-writable' });
    throw error;
  }
}

function openVerified(
  ports: JournalPorts,
  identity: ChainIdentity,
  rescue: readonly string[],
): Result<OpenedJournal, StartProblem> {
  const { files, dir, dev, epoch, crypto } = ports;
  const segments = listSegments(files, dir, dev, epoch);
  const contents = segments.map((segment) => readSegment(files, segment.path));
  const lines = contents.flatMap((content) => content.lines);
  const start: ChainHead = { seq: 0, hash: genesisHash(dev, epoch, ports.certificate, crypto) };
  const checked = authenticPrefix(lines, start, identity, crypto);
  const head = checked.at(-1)?.head ?? start;
  const rescued = authenticPrefix(rescue, head, identity, crypto);
  const keepBytes = countAuthenticBytes(segments, checked);
  const rest = contents.map(({ bytes }, i) => bytes.toString('latin1', keepBytes[i])).join('');
  const lost = lastSeqLost(rest, head.seq, identity, crypto);
  // What was synced once and changed since is only cut away when the ledger has the same stretch whole.
  if (lost > head.seq + rescued.length) return fail({ kind: 'journal-damaged', seq: head.seq + 1 });
  const events: JournalEvent[] = [];
  for (const { raw } of [...checked, ...rescued]) {
    const event = readEvent(raw);
    if (event === null) return fail({ kind: 'journal-from-the-future' });
    events.push(event);
  }
  const tornBytes = setRestAside(ports, segments, keepBytes);
  const holder = listSegments(files, dir, dev, epoch).at(-1);
  const segment = openSegment(files, dir, dev, epoch, holder?.firstSeq ?? head.seq + 1);
  const journal = createJournal(ports, identity, head, segment);
  if (rescued.length > 0) {
    const adopted = journal.adopt(rescued.map(({ line }) => line));
    if (!adopted.ok) return fail({ kind: 'data-folder-not-writable' });
  }
  return ok({ journal, events, tornBytes });
}

/** How many bytes of each segment are authentic lines. */
function countAuthenticBytes(
  segments: readonly Segment[],
  checked: readonly CheckedLine[],
): readonly number[] {
  return segments.map(({ firstSeq }, i) => {
    const nextFirst = segments[i + 1]?.firstSeq ?? Number.MAX_SAFE_INTEGER;
    const kept = checked.filter(({ raw }) => raw.seq >= firstSeq && raw.seq < nextFirst);
    return kept.reduce((sum, { line }) => sum + line.length + 1, 0);
  });
}

/** Moves all that follows the authentic lines out of the segments, into files kept beside them. */
function setRestAside(
  ports: JournalPorts,
  segments: readonly Segment[],
  keepBytes: readonly number[],
): number {
  const { files, dir, clock } = ports;
  return segments
    .map((segment, i) => setTornTailAside(files, dir, segment, keepBytes[i] ?? 0, clock.nowMs()))
    .reduce((sum, bytes) => sum + bytes, 0);
}

function createJournal(
  ports: JournalPorts,
  identity: ChainIdentity,
  startHead: ChainHead,
  firstSegment: OpenSegment,
): Journal {
  const { files, dir, dev, epoch, crypto } = ports;
  let head = startHead;
  let segment = firstSegment;
  let leg: string | null = null;
  let hasFailed = false;
  let isClosed = false;

  const append = (lines: readonly string[], newHead: ChainHead): Result<null, TerminalProblem> => {
    if (hasFailed || isClosed) return fail({ kind: 'journal-failed' });
    try {
      appendSynced(files, segment, lines);
    } catch (error) {
      const problem = storageProblem(error);
      // After a failed sync nobody knows what is on the disk: stop writing until the journal is opened anew.
      if (problem.kind === 'journal-failed') hasFailed = true;
      return fail(problem);
    }
    head = newHead;
    return ok(null);
  };

  const rotate = (newLeg: string): void => {
    const isNewLeg = leg !== null && leg !== newLeg;
    leg = newLeg;
    if (segment.bytes === 0 || (!isNewLeg && segment.bytes < JOURNAL.segmentBytes)) return;
    const next = openSegment(files, dir, dev, epoch, head.seq + 1);
    files.closeSync(segment.fd);
    segment = next;
  };

  return {
    head: () => head,
    record: (drafts, stamp) => {
      if (drafts.length === 0) return ok([]);
      try {
        rotate(stamp.leg);
      } catch (error) {
        return fail(storageProblem(error));
      }
      const recorded = composeAll(drafts, stamp, head, ports, identity);
      const last = recorded.at(-1);
      if (last === undefined) return ok([]);
      const appended = append(
        recorded.map(({ line }) => line),
        { seq: last.seq, hash: lineHash(last.line, crypto) },
      );
      return appended.ok ? ok(recorded) : appended;
    },
    read: (from, to) => readRange(files, dir, dev, epoch, from, to),
    adopt: (lines) => {
      const checked = authenticPrefix(lines, head, identity, crypto);
      const last = checked.at(-1);
      if (last === undefined || checked.length !== lines.length) {
        return fail({ kind: 'journal-fork', seq: head.seq + checked.length + 1 });
      }
      const adopted: Recorded[] = [];
      for (const { line, raw } of checked) {
        const event = readEvent(raw);
        if (event === null) return fail({ kind: 'journal-from-the-future' });
        adopted.push({ seq: raw.seq, line, event });
      }
      const appended = append(lines, last.head);
      return appended.ok ? ok(adopted) : appended;
    },
    close: () => {
      if (isClosed) return;
      isClosed = true;
      files.closeSync(segment.fd);
    },
  };
}

function composeAll(
  drafts: readonly EventDraft[],
  stamp: Stamp,
  start: ChainHead,
  { dev, epoch, clock, boot, signer, crypto }: JournalPorts,
  { header }: ChainIdentity,
): readonly Recorded[] {
  const t = clock.nowMs();
  const mt = Math.round(clock.monotonicMs());
  let head = start;
  return drafts.map((draft) => {
    const seq = head.seq + 1;
    const event: JournalEvent = {
      v: 1,
      dev,
      ep: epoch,
      seq,
      prev: head.hash,
      t,
      mt,
      boot,
      ...stamp,
      ...draft,
    };
    const line = composeLine(event, header, signer);
    head = { seq, hash: lineHash(line, crypto) };
    return { seq, line, event };
  });
}

function readRange(
  files: JournalFs,
  dir: string,
  dev: string,
  epoch: number,
  from: number,
  to: number,
): readonly string[] {
  const segments = listSegments(files, dir, dev, epoch);
  return segments.flatMap(({ path, firstSeq }, i) => {
    const nextFirst = segments[i + 1]?.firstSeq ?? Number.MAX_SAFE_INTEGER;
    if (firstSeq > to || nextFirst <= from) return [];
    return readSegment(files, path).lines.slice(Math.max(0, from - firstSeq), to - firstSeq + 1);
  });
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}

function storageProblem(error: unknown): TerminalProblem {
  if (!isSystemError(error)) throw error;
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return { kind: 'journal-full' };
  if (error.code === 'EROFS' || error.code === 'EACCES' || error.code === 'EPERM')
    return { kind: 'journal-read-only' };
  return { kind: 'journal-failed' };
}

/** Where a terminal's journal lives below its data folder. */
export function journalFolder(dataDir: string): string {
  return join(dataDir, 'journal');
}
