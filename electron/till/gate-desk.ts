// Sealing and exporting the batch of a closed flight (settlement.md 6.1, 6.2).
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ExportAnswer, GateState, Volume } from '../../bridge/contract.ts';
import type { Problem } from '../../domain/problem.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { fileNameOf, rangeOf, sealBatch } from '../gate/seal-batch.ts';
import { listVolumes, type MountedVolume } from '../gate/volumes.ts';
import { writeBatch } from '../gate/write-batch.ts';
import type { Session } from './open-session.ts';
import type { TillPorts } from './ports.ts';

export type GateDesk = {
  readonly state: () => GateState;
  readonly volumes: () => readonly Volume[];
  /** Null for an id that is not in the list now. */
  readonly findVolume: (id: string) => MountedVolume | null;
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

  const state = (): GateState => {
    if (!recorder.state.flightClosedAt.has(leg)) return { kind: 'open' };
    return exported === null ? { kind: 'closed' } : { kind: 'sealed', ...exported };
  };

  const mounted = (): readonly MountedVolume[] => listVolumes(terminal.batchDir, ports.mountRoots);
  const findVolume = (wanted: string): MountedVolume | null =>
    mounted().find(({ id }) => id === wanted) ?? null;

  /** The till's own copy, for the upload: the first one stays, so that an upload can be gone on with. */
  const keepInOutbox = (fileName: string, bytes: Uint8Array): void => {
    if (!existsSync(join(terminal.batchDir, fileName))) writeBatch(terminal.batchDir, fileName, bytes);
  };

  return {
    state,
    volumes: () =>
      mounted().map(({ id, name, isRemovable, freeBytes }) => ({ id, name, isRemovable, freeBytes })),
    findVolume,
    exportBatch: async (volumeId) => {
      const closedAt = recorder.state.flightClosedAt.get(leg);
      if (closedAt === undefined) return fail({ kind: 'flight-not-closed' });
      const volume = findVolume(volumeId);
      if (volume === null) return fail({ kind: 'volume-unknown' });
      const sealed = await sealBatch(rangeOf(session, closedAt), session, ports);
      if (!sealed.ok) return fail({ kind: 'export-failed', why: sealed.error });
      const { batch, bytes } = sealed.value;
      const written = writeBatch(volume.dir, batch.fileName, bytes);
      if (!written.ok) {
        ports.log('export-failed', { why: written.error });
        return fail({ kind: 'export-failed', why: written.error });
      }
      keepInOutbox(batch.fileName, bytes);
      const { batchId, fileName, manifest } = batch;
      const draft = { batchId, from: manifest.from, to: manifest.to, sink: volume.id };
      const recorded = recorder.record([{ ty: 'EXPORT', b: draft }]);
      exported = { batchId, fileName, exportedAtMs: ports.clock.nowMs() };
      ports.log('batch-exported', { batchId, bytes: bytes.length });
      const lines = recorded.ok ? recorded.value : [];
      return ok({ batchId, fileName, volume: volume.id, lines, gate: state() });
    },
  };
}

/** The leg's last export, from the journal. */
function findExported(session: Session): {
  batchId: string;
  fileName: string;
  exportedAtMs: number;
} | null {
  const { terminal, recorder } = session;
  const closedAt = recorder.state.flightClosedAt.get(terminal.pack.manifest.leg);
  if (closedAt === undefined) return null;
  const event = recorder.events.findLast(
    (candidate) => candidate.ty === 'EXPORT' && candidate.b.to === closedAt,
  );
  if (event?.ty !== 'EXPORT') return null;
  const { batchId } = event.b;
  return { batchId, fileName: fileNameOf(event.b, session), exportedAtMs: event.t };
}
