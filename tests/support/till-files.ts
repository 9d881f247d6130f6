// Looks into a till's folder from outside: what really is on the disk.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventType, JournalEvent } from '../../domain/journal/event.ts';
import { readLine } from '../../domain/journal/line.ts';
import { verifyBatchCommand } from '../../ground/verify-batch-command.ts';

export function journalSegments(dir: string): readonly string[] {
  const folder = join(dir, 'till', 'journal');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.cpj'))
    .sort()
    .map((name) => join(folder, name));
}

export function journalLines(dir: string): readonly string[] {
  return journalSegments(dir).flatMap((path) => readFileSync(path, 'latin1').split('\n').filter(Boolean));
}

export function eventsOf<T extends EventType>(dir: string, ty: T): readonly JournalEvent<T>[] {
  const events = journalLines(dir)
    .map(readLine)
    .filter((event) => event !== null);
  // The type system does not narrow a generic member of the union by its tag.
  return events.flatMap((event) => (event.ty === ty ? [event as JournalEvent<T>] : []));
}

export type Verdict = {
  readonly status: string;
  readonly netMinor: number;
  readonly batchId: string;
  readonly count: number;
  readonly totals: readonly {
    readonly sales: { readonly n: number };
    readonly voids: { readonly n: number };
  }[];
  readonly passengers: readonly {
    readonly seat: string;
    readonly netMinor: number;
    readonly sales: number;
  }[];
};

/** Ground's judgement of the one batch in the outbox. */
export async function verifyOutbox(dir: string): Promise<Verdict> {
  const names = readdirSync(join(dir, 'batch')).filter((name) => name.endsWith('.cpb'));
  if (names.length !== 1) throw new Error(`${names.length.toString()} batches in the outbox`);
  const result = await verifyBatchCommand([join(dir, 'batch', names[0] ?? ''), '--keys', dir]);
  if (result.stdout === '') throw new Error(result.stderr);
  return JSON.parse(result.stdout) as Verdict;
}
