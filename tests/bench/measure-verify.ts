// The verification of a cabin code alone, where it happens: in Electron's main process.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { openToOrdinaryUser } from '../../build/launch.mjs';
import { makeDemo } from '../../ground/demo/make-demo.ts';
import { demoPassengers, showCode } from '../support/demo-passengers.ts';
import { makeAppFolder, runElectron } from './run-electron.ts';
import type { Measured } from './row.ts';

export type VerifyPlan = {
  readonly demoDir: string;
  readonly codes: readonly string[];
  readonly report: string;
};
export type VerifyReport = { readonly verifyMs: readonly number[]; readonly bareMs: readonly number[] };

const CODES_A_PASSENGER = 10;

/** Dynamic codes, each seen for the first time: two signatures, a point to decompress, all the rules of the order. */
export async function measureVerify(): Promise<Measured> {
  const demoDir = mkdtempSync(join(tmpdir(), 'cabintill-bench-'));
  const app = await makeAppFolder(bundleVerifier);
  try {
    const made = await makeDemo({ out: demoDir, nowMs: Date.now() });
    if (!made.ok) throw new Error(made.error);
    openToOrdinaryUser(demoDir);
    const [report] = (await runElectron(app, [], {
      demoDir,
      codes: await makeCodes(demoDir),
    })) as readonly VerifyReport[];
    if (report === undefined) throw new Error('nothing was reported');
    return { name: 'verify_code', unit: 'ms', values: report.verifyMs, yardsticks: report.bareMs };
  } finally {
    app.remove();
    rmSync(demoDir, { recursive: true, force: true });
  }
}

async function makeCodes(demoDir: string): Promise<readonly string[]> {
  const people = (await demoPassengers(demoDir)).filter((one) => !one.denied && one.holder !== null);
  const nowSeconds = Math.floor(Date.now() / 1000);
  return Array.from({ length: CODES_A_PASSENGER }, (_, i) => nowSeconds - i).flatMap((atSeconds) =>
    people.map((passenger) => showCode(passenger, atSeconds)),
  );
}

async function bundleVerifier(main: string): Promise<void> {
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL('verify-in-main.ts', import.meta.url)),
      outDir: dirname(main),
      emptyOutDir: false,
      target: 'node20.18',
      rolldownOptions: {
        external: ['electron', /^node:/],
        output: { entryFileNames: 'main.mjs', format: 'es' },
      },
    },
  });
}
