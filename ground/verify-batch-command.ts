import { readFile, stat } from 'node:fs/promises';
import * as nodeCrypto from 'node:crypto';
import { parseArgs } from 'node:util';
import { cryptoFromNode } from '../domain/crypto/node-crypto.ts';
import { lineHash } from '../domain/journal/line.ts';
import { BATCH } from '../domain/limits.ts';
import { verifyBatch, type BatchVerdict, type HeldJournal } from '../domain/settlement/verify-batch.ts';
import { cannotRun, describeError, type Command } from './command.ts';
import { gunzip } from './gzip.ts';
import { readKeyFolder, type GroundKeys } from './key-folder.ts';

export const VERIFY_BATCH_USAGE = 'verify-batch FILE.cpb --keys DIR [--after EARLIER.cpb]...';

const crypto = cryptoFromNode(nodeCrypto);

/**
 * Judges one batch and answers what it found as JSON. `--after`, repeated, names batches of the same terminal that
 * came before, oldest first: their lines are then held, and the batch must follow them.
 */
export const verifyBatchCommand: Command = async (args) => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { keys: { type: 'string' }, after: { type: 'string', multiple: true } },
    });
    const [path, ...others] = positionals;
    if (path === undefined || others.length > 0 || values.keys === undefined) {
      return cannotRun(`usage: ${VERIFY_BATCH_USAGE}`);
    }
    const keys = await readKeyFolder(values.keys);
    if (!keys.ok) return cannotRun(keys.error);
    const held = new Map<string, HeldJournal>();
    for (const earlier of values.after ?? []) {
      const verdict = await judgeFile(earlier, keys.value, held);
      if (!isStored(verdict)) return cannotRun(`--after ${earlier}: ${verdict.status}: ${verdict.why ?? ''}`);
      keep(held, verdict);
    }
    const verdict = await judgeFile(path, keys.value, values.after === undefined ? null : held);
    const stdout = `${JSON.stringify(describeVerdict(verdict), null, 2)}\n`;
    return { exitCode: verdict.status === 'ACCEPTED' ? 0 : 1, stdout, stderr: '' };
  } catch (error) {
    return cannotRun(describeError(error));
  }
};

async function judgeFile(
  path: string,
  { trust, decryption }: GroundKeys,
  held: ReadonlyMap<string, HeldJournal> | null,
): Promise<BatchVerdict> {
  const { size } = await stat(path);
  // One byte more than allowed is enough to be refused; the rest of a huge file is never read.
  const bytes =
    size > BATCH.maxBytes ? new Uint8Array(BATCH.maxBytes + 1) : new Uint8Array(await readFile(path));
  const heldOf = (dev: string, epoch: number): HeldJournal => held?.get(nameOf(dev, epoch)) ?? NOTHING_HELD;
  return await verifyBatch(bytes, decryption, {
    trust,
    crypto,
    gunzip,
    ...(held === null ? {} : { heldOf }),
  });
}

const NOTHING_HELD: HeldJournal = { ackSeq: 0, hashAt: () => null, events: [] };

function nameOf(dev: string, epoch: number): string {
  return `${dev}#${epoch.toString()}`;
}

function isStored({ status }: BatchVerdict): boolean {
  return status === 'ACCEPTED' || status === 'PARTIAL';
}

/** Overlaps add nothing: what is held was compared line by line when the batch was judged. */
function keep(held: Map<string, HeldJournal>, { manifest, lines, events }: BatchVerdict): void {
  if (manifest === null) return;
  const { dev, ep, from, to } = manifest;
  const before = held.get(nameOf(dev, ep)) ?? NOTHING_HELD;
  const hashes = new Map(lines.map((line, i) => [from + i, lineHash(line, crypto)]));
  held.set(nameOf(dev, ep), {
    ackSeq: Math.max(before.ackSeq, to),
    hashAt: (seq) => hashes.get(seq) ?? before.hashAt(seq),
    events: [...before.events, ...events.filter((event) => event.seq > before.ackSeq)],
  });
}

function describeVerdict(verdict: BatchVerdict): unknown {
  const { status, why, resendFrom, manifest, totals, passengers, setAside, unchecked } = verdict;
  const currencies = [...new Set(totals.map((total) => total.ccy))];
  const hasOneCurrency = currencies.length <= 1;
  return {
    status,
    why,
    resendFrom,
    batchId: manifest?.batchId ?? null,
    airline: manifest?.airline ?? null,
    device: manifest?.dev ?? null,
    epoch: manifest?.ep ?? null,
    from: manifest?.from ?? null,
    to: manifest?.to ?? null,
    count: manifest?.count ?? null,
    legs: manifest?.legs ?? [],
    totals,
    passengers: passengers.map((passenger) => ({
      ...passenger,
      setAside: setAside.some(({ bill }) => bill !== null && passenger.bills.includes(bill)),
    })),
    netMinor: hasOneCurrency ? totals.reduce((sum, total) => sum + total.net, 0) : null,
    currency: hasOneCurrency ? (currencies[0] ?? null) : null,
    setAside,
    unchecked,
    exportedAt: manifest?.exportedAt ?? null,
    appVersion: manifest?.appVer ?? null,
  };
}
