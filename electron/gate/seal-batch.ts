// The sealed batch of a range of journal lines, and its copy in the till's own outbox (settlement.md 6.1, 6.2).
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { JournalEvent } from '../../domain/journal/event.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { batchFileName } from '../../domain/settlement/batch-id.ts';
import { loadedPacks } from '../../domain/settlement/batch-manifest.ts';
import { composeBatchBody, type ComposedBatch } from '../../domain/settlement/compose-batch.ts';
import type { SealedBatch } from '../../domain/till/till-state.ts';
import type { Session } from '../till/open-session.ts';
import type { TillPorts } from '../till/ports.ts';
import { writeBatch } from './write-batch.ts';

export type SealingPorts = Pick<TillPorts, 'appVersion' | 'clock' | 'crypto'>;
export type Sealed = { readonly batch: ComposedBatch; readonly bytes: Uint8Array };

/** The same lines give the same batch id; its encryption differs each time. */
export async function sealBatch(
  { from, to }: Pick<SealedBatch, 'from' | 'to'>,
  { terminal, recorder }: Session,
  { appVersion, clock, crypto }: SealingPorts,
): Promise<Result<Sealed, 'no-key'>> {
  const { trust, manifest } = terminal.pack;
  const key = trust.enc.at(-1);
  if (key === undefined) return fail('no-key');
  const { sealEnvelope } = await import('../../domain/settlement/envelope.ts');
  const batch = composeBatchBody({
    lines: recorder.journal.read(from, to),
    airline: manifest.airline,
    deviceCertificate: terminal.certificate,
    earlierPacks: loadedPacks(recorder.events.filter((event: JournalEvent) => event.seq < from)),
    exportedAtMs: clock.nowMs(),
    appVersion,
    signer: terminal.signer,
    crypto,
  });
  const bytes = await sealEnvelope(batch.body, key, { gzip: (body) => gzipSync(body, { level: 9 }) });
  return ok({ batch, bytes });
}

/** The leg's range: the one sealed before, or else everything ground does not hold yet, up to the flight's closing. */
export function rangeOf({ recorder }: Session, closedAt: number): Pick<SealedBatch, 'from' | 'to'> {
  const { exports, ackSeq } = recorder.state;
  const sealed = [...exports.values()].findLast(({ to }) => to === closedAt);
  return sealed ?? { from: Math.min(ackSeq + 1, closedAt), to: closedAt };
}

export function fileNameOf(
  { batchId, from, to }: Pick<SealedBatch, 'batchId' | 'from' | 'to'>,
  { terminal }: Session,
): string {
  return batchFileName({ dev: terminal.dev, ep: terminal.epoch, from, to }, batchId);
}

/**
 * The bytes of a batch in the outbox; sealed anew where the file is gone. An upload can only be gone on with while they
 * stay the same, so they are kept again.
 */
export async function bytesInOutbox(
  batch: SealedBatch,
  session: Session,
  ports: SealingPorts,
): Promise<Result<Uint8Array, 'no-key'>> {
  const path = join(session.terminal.batchDir, fileNameOf(batch, session));
  const kept = await readFile(path).catch(() => null);
  if (kept !== null && kept.length > 0) return ok(kept);
  return sealIntoOutbox(batch, session, ports);
}

export async function sealIntoOutbox(
  batch: SealedBatch,
  session: Session,
  ports: SealingPorts,
): Promise<Result<Uint8Array, 'no-key'>> {
  const sealed = await sealBatch(batch, session, ports);
  if (!sealed.ok) return sealed;
  // A full disk must not keep the batch here: it is sent all the same.
  writeBatch(session.terminal.batchDir, fileNameOf(batch, session), sealed.value.bytes);
  return ok(sealed.value.bytes);
}
