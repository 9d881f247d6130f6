// At start, with the embedded database: what it has lost comes back from the disk.
import type { Ground } from '../ground.ts';
import { receiveSpooledBatches } from './receive-batch.ts';
import { receiveCopies } from './receive-copies.ts';
import { eventRowOf } from './event-row.ts';
import { hashesHeld, readHandIn } from './spooled-copies.ts';
import { listSpool, readSpooled } from './spool.ts';

/** Batches first: most copies are in them. Answers how many files it took in. */
export async function receiveSpooled(ground: Ground): Promise<number> {
  return (await receiveSpooledBatches(ground)) + (await receiveSpooledCopies(ground));
}

async function receiveSpooledCopies(ground: Ground): Promise<number> {
  const { spoolFolder } = ground;
  if (spoolFolder === undefined) return 0;
  let count = 0;
  for (const file of await listSpool(spoolFolder, 'cpy')) {
    const { airline } = file;
    const hand = readHandIn(ground, await readSpooled(file));
    if (hand === null) continue;
    const rows = hand.lines.flatMap(
      (line) => eventRowOf(line, { airline, source: hand.source, crypto: ground.crypto }) ?? [],
    );
    const held = await hashesHeld(ground, rows);
    // Where another line stands under its number, that was told to a person when it came.
    const lines = rows.filter((row) => held.get(row) === null).map(({ line }) => line);
    if (lines.length === 0) continue;
    const outcomes = await receiveCopies(ground, { ...hand, lines });
    const taken = outcomes.filter((outcome) => outcome === 'kept').length;
    if (taken > 0) count += 1;
    // The enrolment itself may be among what was lost: its copies stay here for a person.
    if (taken < lines.length) ground.log.warn('spooled-copies-not-taken', { airline });
  }
  return count;
}
