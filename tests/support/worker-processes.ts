// Settlement worker processes of a test or a measurement: started, killed without warning, replaced.
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { WorkerMerchant } from './settlement-scene.ts';

const PROGRAM = fileURLToPath(new URL('settlement-worker.ts', import.meta.url));

export type WorkerProcess = {
  /** At once, whatever it is doing. */
  readonly kill: () => Promise<void>;
};

export type WorkerPlan = {
  readonly url: string;
  readonly workers: number;
  readonly leaseMs: number;
  readonly merchant: WorkerMerchant;
};

/** Resolves when its workers have begun. */
export async function startWorkerProcess({
  url,
  workers,
  leaseMs,
  merchant,
}: WorkerPlan): Promise<WorkerProcess> {
  const args = ['--import', 'tsx', PROGRAM, url, workers.toString(), leaseMs.toString()];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(merchant));
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  await Promise.race([begun(child), ended]);
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function begun({ stdout }: ChildProcess): Promise<void> {
  return new Promise((resolve) =>
    stdout?.once('data', () => {
      resolve();
    }),
  );
}
