// Slips in order, each printed once. A dead printer costs nobody anything: slips wait, callers never do.
import type { WaitingSlip } from '../../bridge/contract.ts';
import type { InFlightStore } from './in-flight-store.ts';
import type { Printer } from './printer.ts';

/** A slip to print; one per seq at a time. `copy` prints COPY on it. */
export type PrintJob = { readonly seq: number; readonly seat: string; readonly copy: boolean };

export type PrintQueueParts = {
  readonly printer: Printer;
  readonly inFlight: InFlightStore;
  /** The bytes for the printer as it is set now. */
  readonly compose: (job: PrintJob) => Promise<Uint8Array> | Uint8Array;
  /** Records that the slip came out; the in-flight mark stays until this has resolved. */
  readonly onPrinted: (job: PrintJob) => Promise<void>;
  readonly onChange: (waiting: readonly WaitingSlip[]) => void;
  /** Something that should not happen and must not stop the rest; the slip stays in the queue. */
  readonly onFault: (job: PrintJob, what: 'compose' | 'mark' | 'record', error: unknown) => void;
};

export type PrintQueue = {
  /**
   * At start: the slips with no RECEIPT in the journal, oldest first. Those found in flight wait for the crew;
   * the others print. Seqs in `alreadyPrinted` are left out.
   */
  readonly restore: (pending: readonly PrintJob[], alreadyPrinted: ReadonlySet<number>) => Promise<void>;
  /** False when a slip of this seq is waiting already. */
  readonly add: (job: PrintJob) => boolean;
  /** What the crew saw of an uncertain slip; printed again it is a COPY. False when there is none of this seq. */
  readonly resolve: (seq: number, outcome: 'came-out' | 'print-again') => Promise<boolean>;
  readonly waiting: () => readonly WaitingSlip[];
  /** Ends with the slip in hand; what waits is found again by `restore`. Stops the printer, too. */
  readonly stop: () => Promise<void>;
};

type Entry = { job: PrintJob; isUncertain: boolean; isMarked: boolean };

export function createPrintQueue(parts: PrintQueueParts): PrintQueue {
  const { printer, inFlight, onFault } = parts;
  let entries: Entry[] = [];
  let isStopping = false;
  let pumping: Promise<void> | null = null;
  let isKicked = false;
  let saving: Promise<void> = Promise.resolve();

  const waiting = (): readonly WaitingSlip[] =>
    entries.map(({ job, isUncertain }) => ({ ...job, isUncertain }));
  const tell = (): void => {
    parts.onChange(waiting());
  };

  /** One write at a time, each with the marks of its own moment. */
  function saveMarks(): Promise<void> {
    const save = (): Promise<void> =>
      inFlight.save(
        entries.filter(({ isMarked }) => isMarked).map(({ job }) => ({ seq: job.seq, copy: job.copy })),
      );
    const saved = saving.then(save);
    saving = saved.catch(() => undefined);
    return saved;
  }

  /** The mark is on disk before the first byte goes out: printing without it could print twice after a crash. */
  async function mark(entry: Entry): Promise<boolean> {
    if (entry.isMarked) return true;
    entry.isMarked = true;
    try {
      await saveMarks();
      return true;
    } catch (error) {
      entry.isMarked = false;
      onFault(entry.job, 'mark', error);
      return false;
    }
  }

  /** A mark too many only asks the crew once more, so a failure here is reported and borne. */
  async function unmark(entry: Entry): Promise<void> {
    entry.isMarked = false;
    try {
      await saveMarks();
    } catch (error) {
      onFault(entry.job, 'mark', error);
    }
  }

  /** Recording comes first, then the mark goes; a slip that cannot be recorded asks the crew later. */
  async function finish(entry: Entry): Promise<void> {
    try {
      await parts.onPrinted(entry.job);
    } catch (error) {
      entry.isUncertain = true;
      onFault(entry.job, 'record', error);
      tell();
      return;
    }
    entries = entries.filter((other) => other !== entry);
    tell();
    await unmark(entry);
  }

  /** False when the printer is not able to print now. */
  async function printOne(entry: Entry, failed: Set<Entry>): Promise<boolean> {
    let bytes: Uint8Array;
    try {
      bytes = await parts.compose(entry.job);
    } catch (error) {
      onFault(entry.job, 'compose', error);
      failed.add(entry);
      return true;
    }
    const wasMarked = entry.isMarked;
    if (!(await mark(entry))) return false;
    const outcome = await printer.print(bytes);
    if (outcome === 'printed') {
      await finish(entry);
      return true;
    }
    if (outcome === 'uncertain') {
      entry.isUncertain = true;
      tell();
      return true;
    }
    if (!wasMarked) await unmark(entry);
    return false;
  }

  async function pumpOnce(): Promise<void> {
    const failed = new Set<Entry>();
    for (;;) {
      const next = entries.find((entry) => !entry.isUncertain && !failed.has(entry));
      if (next === undefined || isStopping || printer.state().kind !== 'ready') return;
      if (!(await printOne(next, failed))) return;
    }
  }

  async function pumpWhileKicked(): Promise<void> {
    while (isKicked) {
      isKicked = false;
      await pumpOnce();
    }
    pumping = null;
  }

  function pump(): void {
    isKicked = true;
    pumping ??= pumpWhileKicked();
  }

  const stopListening = printer.listen((state) => {
    if (state.kind === 'ready') pump();
  });

  return {
    restore: async (pending, alreadyPrinted) => {
      const marks = await inFlight.read();
      const jobs = pending.filter(({ seq }) => !alreadyPrinted.has(seq));
      const restored = jobs.map((job, i): Entry => {
        // Of an unreadable file we only know that slips print in order: it was the first.
        const found = marks === 'unreadable' ? i === 0 : marks.some(({ seq }) => seq === job.seq);
        return { job, isUncertain: found, isMarked: found };
      });
      if (restored.some(({ isUncertain }) => isUncertain)) printer.noteCutShort();
      const known = new Set(restored.map(({ job }) => job.seq));
      entries = [...restored, ...entries.filter(({ job }) => !known.has(job.seq))];
      tell();
      pump();
    },
    add: (job) => {
      if (entries.some((entry) => entry.job.seq === job.seq)) return false;
      entries.push({ job, isUncertain: false, isMarked: false });
      tell();
      pump();
      return true;
    },
    resolve: async (seq, outcome) => {
      const entry = entries.find(({ job, isUncertain }) => job.seq === seq && isUncertain);
      if (entry === undefined) return false;
      if (outcome === 'came-out') {
        await finish(entry);
        return !entries.includes(entry);
      }
      // The mark stays: the paper may be out already, so a restart must ask again.
      entry.job = { ...entry.job, copy: true };
      entry.isUncertain = false;
      tell();
      pump();
      return true;
    },
    waiting,
    stop: async () => {
      isStopping = true;
      stopListening();
      await printer.stop();
      await pumping;
      await saving;
    },
  };
}
