import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as nodeCrypto from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signerFromJwk } from '../../domain/crypto/node-crypto.ts';
import { decodeUtf8 } from '../../domain/encoding/utf8.ts';
import { sealBody } from '../../domain/settlement/compose-batch.ts';
import { verifyBatch } from '../../domain/settlement/verify-batch.ts';
import { KEY_FILES, newPrivateJwk, signTrustList, type DemoKeys } from '../../ground/demo/demo-keys.ts';
import { gunzip } from '../../ground/gzip.ts';
import type { TrustList } from '../../domain/trust/trust-list.ts';
import {
  composeSceneBatch,
  createScene,
  crypto,
  flyOrdinaryFlight,
  openFlight,
  sealScene,
  startJournal,
  type Scene,
} from '../domain/settlement/journal-scene.ts';
import { makeTempFolder, projectRoot, runGround } from './ground-cli.ts';

const folder = await makeTempFolder();

async function writeKeyFolder(name: string, scene: Scene, trust: Partial<TrustList> = {}): Promise<string> {
  const dir = join(folder, name);
  await mkdir(join(dir, 'keys'), { recursive: true });
  for (const [key, file] of Object.entries(KEY_FILES)) {
    await writeFile(join(dir, 'keys', file), JSON.stringify(scene.keys[key as keyof DemoKeys]));
  }
  await writeFile(join(dir, 'trust.jws'), signTrustList({ ...scene.trust, ...trust }, scene.keys.root1));
  return dir;
}

async function writeBatch(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

const scene = createScene();
const keys = await writeKeyFolder('ours', scene);
const { lines } = flyOrdinaryFlight(scene);
const batch = composeSceneBatch(scene, lines);
const sealed = await sealScene(scene, batch.body);
const goodPath = await writeBatch(batch.fileName, sealed);

type Answer = { status: string; why: string | null } & Record<string, unknown>;

async function verify(
  path: string,
  ...args: readonly string[]
): Promise<{ exitCode: number | null; answer: Answer }> {
  const { exitCode, stdout, stderr } = await runGround('verify-batch', path, ...args);
  expect(stderr).toBe('');
  return { exitCode, answer: JSON.parse(stdout) as Answer };
}

describe('verify-batch', () => {
  it('accepts a good batch and tells what is in it', async () => {
    const { exitCode, answer } = await verify(goodPath, '--keys', keys);
    expect(exitCode).toBe(0);
    expect(answer).toMatchObject({
      status: 'ACCEPTED',
      why: null,
      batchId: batch.batchId,
      airline: '9C',
      device: 'T-0001',
      epoch: 1,
      from: 1,
      to: lines.length,
      count: lines.length,
      legs: [{ leg: scene.flight.legId, closed: true }],
      totals: batch.manifest.totals,
      netMinor: 8550,
      currency: 'CNY',
      setAside: [],
    });
    expect(answer['passengers']).toEqual([
      expect.objectContaining({
        seat: '12C',
        wallet: 1,
        sales: 1,
        voids: 0,
        netMinor: 4750,
        setAside: false,
      }),
      expect.objectContaining({ seat: '7C', wallet: 2, sales: 2, voids: 1, netMinor: 3800, setAside: false }),
    ]);
  });

  it('finds the keys in their own folder with the trust list inside or beside it', async () => {
    const dir = await writeKeyFolder('moved', scene);
    expect((await verify(goodPath, '--keys', join(dir, 'keys'))).exitCode).toBe(0);
    await rename(join(dir, 'trust.jws'), join(dir, 'keys', 'trust.jws'));
    expect((await verify(goodPath, '--keys', join(dir, 'keys'))).exitCode).toBe(0);
  });

  it('follows a batch with the next one when told which came before', async () => {
    const first = composeSceneBatch(scene, lines.slice(0, 11));
    const second = composeSceneBatch(scene, lines.slice(11));
    const firstPath = await writeBatch('first.cpb', await sealScene(scene, first.body));
    const secondPath = await writeBatch('second.cpb', await sealScene(scene, second.body));
    const followed = await verify(secondPath, '--keys', keys, '--after', firstPath);
    expect(followed).toMatchObject({ exitCode: 0, answer: { status: 'ACCEPTED', unchecked: [] } });
    const alone = await verify(secondPath, '--keys', keys);
    expect(alone.answer.status).toBe('ACCEPTED');
    expect(alone.answer['unchecked']).not.toEqual([]);
    const tail = composeSceneBatch(scene, lines.slice(14));
    const tailPath = await writeBatch('tail.cpb', await sealScene(scene, tail.body));
    const jumped = await verify(tailPath, '--keys', keys, '--after', firstPath);
    expect(jumped).toMatchObject({ exitCode: 1, answer: { status: 'GAP', resendFrom: 12 } });
  });

  it.each<[string, () => Promise<string>, string]>([
    ['a truncated file', () => writeBatch('cut.cpb', sealed.slice(0, -1)), 'DAMAGED'],
    [
      'a missing line',
      async () => {
        const [manifest = ''] = (decodeUtf8(batch.body) ?? '').split('\n');
        const body = sealBody([manifest, ...lines.filter((_, i) => i !== 6)], crypto);
        return await writeBatch('gap.cpb', await sealScene(scene, body));
      },
      'GAP',
    ],
    [
      'a manifest signed by a stranger',
      async () => {
        const signer = signerFromJwk(nodeCrypto, newPrivateJwk());
        const { body } = composeSceneBatch(scene, lines, { signer });
        return await writeBatch('stranger.cpb', await sealScene(scene, body));
      },
      'FORGED',
    ],
    [
      'another airline’s batch',
      async () => {
        const { body } = composeSceneBatch(scene, lines, { airline: 'HO' });
        return await writeBatch('foreign.cpb', await sealScene(scene, body));
      },
      'UNKNOWN_DEVICE',
    ],
  ])('answers %s with its status and exit code 1', async (_what, write, status) => {
    const { exitCode, answer } = await verify(await write(), '--keys', keys);
    expect({ exitCode, status: answer.status }).toEqual({ exitCode: 1, status });
    expect(answer.why).toEqual(expect.any(String));
  });

  it('refuses a revoked terminal by name', async () => {
    const dir = await writeKeyFolder('revoked', scene, { revokedDevices: ['T-0001#1'] });
    const { answer } = await verify(goodPath, '--keys', dir);
    expect(answer).toMatchObject({ status: 'UNKNOWN_DEVICE', why: 'certificate of T-0001: revoked' });
  });

  it.each<[string, () => Promise<readonly string[]>, string]>([
    ['no file', () => Promise.resolve(['--keys', keys]), 'usage'],
    ['no keys', () => Promise.resolve([goodPath]), 'usage'],
    ['a file that is not there', () => Promise.resolve([join(folder, 'no.cpb'), '--keys', keys]), 'ENOENT'],
    ['a folder without keys', () => Promise.resolve([goodPath, '--keys', projectRoot]), 'no *.jwk.json'],
    ['an option nobody knows', () => Promise.resolve([goodPath, '--key', keys]), '--key'],
    [
      'a trust list of other roots',
      async () => {
        const dir = await writeKeyFolder('other roots', createScene());
        await cp(join(keys, 'trust.jws'), join(dir, 'trust.jws'));
        return [goodPath, '--keys', dir];
      },
      'trust.jws: unknown-key',
    ],
    [
      'no trust list',
      async () => {
        const dir = await writeKeyFolder('no trust', scene);
        await rm(join(dir, 'trust.jws'));
        return [goodPath, '--keys', dir];
      },
      'no trust.jws',
    ],
  ])('cannot work with %s: exit code 2 and a reason', async (_what, args, reason) => {
    const { exitCode, stdout, stderr } = await runGround('verify-batch', ...(await args()));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect((JSON.parse(stderr) as { error: string }).error).toContain(reason);
  });
});

describe('a command nobody knows', () => {
  it('is refused, and --help names those there are', async () => {
    expect(await runGround('constructor')).toMatchObject({ exitCode: 2, stdout: '' });
    const help = await runGround('--help');
    expect(help.exitCode).toBe(0);
    for (const name of ['make-demo', 'check-codes', 'verify-batch']) expect(help.stdout).toContain(name);
  });
});

describe('a batch file of a full flight', () => {
  it('is DAMAGED cut at every kilobyte', async () => {
    const long = startJournal(scene);
    openFlight(scene, long);
    for (let i = 0; i < 300; i++) long.add('FAULT', { code: 'PRINTER', detail: nodeCrypto.randomUUID() });
    const file = await sealScene(scene, composeSceneBatch(scene, long.lines).body);
    const privateKeys = new Map([[scene.keys.enc.kid, scene.keys.enc]]);
    const judge = { ...scene.judge, gunzip };
    expect((await verifyBatch(file, privateKeys, judge)).status).toBe('ACCEPTED');
    const cuts: string[] = [];
    for (let size = 0; size < file.length; size += 1024) {
      const path = await writeBatch('cut-at.cpb', file.slice(0, size));
      const { status } = await verifyBatch(new Uint8Array(await readFile(path)), privateKeys, judge);
      cuts.push(status);
    }
    expect(cuts.length).toBeGreaterThan(50);
    expect(new Set(cuts)).toEqual(new Set(['DAMAGED']));
  });
});
