// Runs inside Electron, whose cryptography is not Node's: verifies codes as main does, and bare signatures beside it.
import * as nodeCrypto from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { app } from 'electron';
import { verifyCabinCode } from '../../domain/cabin-code/verify-cabin-code.ts';
import { cryptoFromNode } from '../../domain/crypto/node-crypto.ts';
import { isDenied } from '../../domain/till/till-context.ts';
import { readDemoTerminal } from '../../electron/provisioning/terminal.ts';
import type { VerifyPlan, VerifyReport } from './measure-verify.ts';

const SIGNED_BYTES = 300;

async function run(): Promise<void> {
  const plan = JSON.parse(process.env['CABINTILL_BENCH'] ?? '') as VerifyPlan;
  const nowMs = Date.now();
  const crypto = cryptoFromNode(nodeCrypto);
  const terminal = await readDemoTerminal(plan.demoDir, nowMs, crypto);
  if (!terminal.ok) throw new Error(terminal.error.kind);
  const { pack, dev, epoch } = terminal.value;
  const context = { dev, epoch, crew: '', pack, deniedSince: new Set<string>(), nowMs, crypto };
  const verifyMs = plan.codes.map((code) => {
    const startedMs = performance.now();
    const verdict = verifyCabinCode(code, {
      nowSeconds: Math.floor(nowMs / 1000),
      flight: pack.leg,
      issuers: pack.trust.issuers,
      isDenied: (cti) => isDenied(context, cti),
      lastProofAt: () => null,
      openChallenge: null,
      crypto,
    });
    const tookMs = performance.now() - startedMs;
    if (!verdict.ok) throw new Error(verdict.error.code);
    return tookMs;
  });
  const report: VerifyReport = { verifyMs, bareMs: timeBare(plan.codes.length) };
  appendFileSync(plan.report, `${JSON.stringify(report)}\n`);
}

/** Two signatures each: the issuer's over the credential, the phone's over its proof. */
function timeBare(runs: number): readonly number[] {
  const { privateKey, publicKey } = nodeCrypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const data = nodeCrypto.randomBytes(SIGNED_BYTES);
  const signature = nodeCrypto.sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  return Array.from({ length: runs }, () => {
    const startedMs = performance.now();
    nodeCrypto.verify('sha256', data, key, signature);
    nodeCrypto.verify('sha256', data, key, signature);
    return performance.now() - startedMs;
  });
}

void app
  .whenReady()
  .then(run)
  .finally(() => {
    app.quit();
  });
