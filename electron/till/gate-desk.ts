// Sealing and exporting the batch of a closed flight (settlement.md 6.1, 6.2).
import { gzipSync } from 'node:zlib';
import type { ExportAnswer, GateState, Volume } from '../../bridge/contract.ts';
import type { Problem } from '../../domain/problem.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { composeBatchBody, type ComposedBatch } from '../../domain/settlement/compose-batch.ts';
import { batchFileName } from '../../domain/settlement/batch-id.ts';
import { listVolumes } from '../gate/volumes.ts';
import { writeBatch } from '../gate/write-batch.ts';
import type { Session } from './open-session.ts';
import type { TillPorts } from './ports.ts';

export type GateDesk = {
  readonly state: () => GateState;
  readonly volumes: () => readonly Volume[];
  readonly exportBatch: (
    volumeId: string,
  ) => Promise<Result<ExportAnswer & { readonly gate: GateState }, Problem>>;
};

export function createGateDesk(ports: TillPorts, session: Session): GateDesk {
  const { terminal, recorder } = session;
  const { leg } = terminal.pack.manifest;
  let exported: {
    readonly batchId: string;
    readonly fileName: string;
    readonly exportedAtMs: number;
  } | null = findExported(session);

  /** The range is fixed by the flight's closing: what is recorded later belongs to the next batch. */
  const compose = (closedAt: number): ComposedBatch =>
    composeBatchBody({
      lines: recorder.journal.read(1, closedAt),
      airline: terminal.pack.manifest.airline,
      deviceCertificate: terminal.certificate,
      exportedAtMs: ports.clock.nowMs(),
      appVersion: ports.appVersion,
      signer: terminal.signer,
      crypto: ports.crypto,
    });

  const state = (): GateState => {
    if (!recorder.state.flightClosedAt.has(leg)) return { kind: 'open' };
    return exported === null ? { kind: 'closed' } : { kind: 'sealed', ...exported };
  };

  return {
    state,
    volumes: () =>
      listVolumes(terminal.batchDir, ports.mountRoots).map(({ id, name, isRemovable, freeBytes }) => ({
        id,
        name,
        isRemovable,
        freeBytes,
      })),
    exportBatch: async (volumeId) => {
      const closedAt = recorder.state.flightClosedAt.get(leg);
      if (closedAt === undefined) return fail({ kind: 'flight-not-closed' });
      const volume = listVolumes(terminal.batchDir, ports.mountRoots).find(({ id }) => id === volumeId);
      if (volume === undefined) return fail({ kind: 'volume-unknown' });
      const key = terminal.pack.trust.enc.at(-1);
      if (key === undefined) return fail({ kind: 'export-failed', why: 'no-key' });
      const { sealEnvelope } = await import('../../domain/settlement/envelope.ts');
      const batch = compose(closedAt);
      const sealed = await sealEnvelope(batch.body, key, { gzip: (bytes) => gzipSync(bytes, { level: 9 }) });
      const written = writeBatch(volume.dir, batch.fileName, sealed);
      if (!written.ok) {
        ports.log('export-failed', { why: written.error });
        return fail({ kind: 'export-failed', why: written.error });
      }
      const { batchId, fileName, manifest } = batch;
      const draft = { batchId, from: manifest.from, to: manifest.to, sink: volume.id };
      const recorded = recorder.record([{ ty: 'EXPORT', b: draft }]);
      exported = { batchId, fileName, exportedAtMs: ports.clock.nowMs() };
      ports.log('batch-exported', { batchId, bytes: sealed.length });
      const lines = recorded.ok ? recorded.value : [];
      return ok({ batchId, fileName, volume: volume.id, lines, gate: state() });
    },
  };
}

/** The leg's last export, from the journal. */
function findExported({ terminal, recorder }: Session): {
  batchId: string;
  fileName: string;
  exportedAtMs: number;
} | null {
  const closedAt = recorder.state.flightClosedAt.get(terminal.pack.manifest.leg);
  if (closedAt === undefined) return null;
  const event = recorder.events.findLast(
    (candidate) => candidate.ty === 'EXPORT' && candidate.b.to === closedAt,
  );
  if (event?.ty !== 'EXPORT') return null;
  const { batchId, from, to } = event.b;
  const fileName = batchFileName({ dev: terminal.dev, ep: terminal.epoch, from, to }, batchId);
  return { batchId, fileName, exportedAtMs: event.t };
}
