// Who this terminal is and what it trusts. So far there is one source: a demo folder, for an unpackaged till only.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as nodeCrypto from 'node:crypto';
import * as v from 'valibot';
import type { Crypto, EcPrivateJwk, EcPublicJwk, Signer } from '../../domain/crypto/crypto.ts';
import { signerFromJwk } from '../../domain/crypto/node-crypto.ts';
import { readFlightPack, type FlightPack } from '../../domain/flight-pack/flight-pack.ts';
import { findSuccessionFault } from '../../domain/flight-pack/succeed-pack.ts';
import type { StartProblem } from '../../domain/problem.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { SealedResultFault } from '../../domain/settlement/sealed-result.ts';
import { readDeviceCertificate } from '../../domain/trust/device-certificate.ts';
import { publicJwkSchema } from '../../domain/trust/trust-list.ts';
import type { GroundAddress } from '../uplink/ground-client.ts';
import { readGroundAddress } from './ground-address.ts';
import { storedPacks } from './pack-store.ts';
import { unpackTar } from '../flight-pack/unpack-tar.ts';

export type Terminal = {
  readonly dev: string;
  readonly epoch: number;
  readonly certificate: string;
  readonly signer: Signer;
  /** A result file that was encrypted to this terminal's key, which stays here. */
  readonly openSealed: (text: string) => Promise<Result<string, SealedResultFault>>;
  readonly pack: FlightPack;
  /** Judges another pack for this terminal exactly as the one it started with. */
  readonly verifyPack: (archive: Uint8Array, nowMs: number) => Promise<Result<FlightPack, StartProblem>>;
  readonly isDemo: boolean;
  /** Where sealed batches are put. */
  readonly batchDir: string;
  /** Where batches are sent and results come from; null: by stick only. */
  readonly ground: GroundAddress | null;
};

const demoFolderSchema = v.object({
  v: v.literal(1),
  demo: v.literal(true),
  roots: v.pipe(v.array(publicJwkSchema), v.minLength(1)),
  dev: v.pipe(v.string(), v.regex(/^[A-Z0-9-]{2,20}$/)),
  epoch: v.number(),
  airline: v.string(),
  pack: v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,80}\.cpk$/)),
});

const privateJwkSchema = v.object({
  ...publicJwkSchema.entries,
  d: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/)),
});

/**
 * The demo terminal of a folder made by `make-demo`. Its roots are believed for this folder alone, and only by a
 * till that is not packaged; a packaged one pins its roots and never comes here.
 *
 * @param packsDir packs that came by network: the newest of the folder's flight that is good goes before the folder's
 */
export async function readDemoTerminal(
  folder: string,
  nowMs: number,
  crypto: Crypto,
  packsDir: string | null = null,
): Promise<Result<Terminal, StartProblem>> {
  const dir = resolve(folder);
  const demo = v.safeParse(demoFolderSchema, readJsonFile(join(dir, 'demo.json')));
  if (!demo.success) return fail({ kind: 'not-provisioned' });
  const { roots, dev, epoch, airline, pack: packName } = demo.output;
  const jwk = v.safeParse(privateJwkSchema, readJsonFile(join(dir, 'keys', `device-${dev}.jwk.json`)));
  if (!jwk.success) return fail({ kind: 'not-provisioned' });
  const packPath = join(dir, 'packs', packName);
  if (!existsSync(packPath)) return fail({ kind: 'pack-missing' });
  const certificate = readFileSync(join(dir, 'device.jws'), 'utf8').trim();
  const verifyPack: Terminal['verifyPack'] = async (archive, atMs) => {
    const pack = await readPack(archive, { roots, airline, nowMs: atMs, crypto });
    if (!pack.ok) return pack;
    if (pack.value.manifest.demo !== true)
      return fail({ kind: 'pack-bad', file: 'manifest.jws', why: 'not-a-demo-pack' });
    const checked = checkCertificate(certificate, jwk.output, { dev, epoch }, pack.value, atMs, crypto);
    return checked.ok ? pack : checked;
  };
  const given = await verifyPack(readFileSync(packPath), nowMs);
  if (!given.ok) return given;
  const verify = (archive: Uint8Array): ReturnType<typeof verifyPack> => verifyPack(archive, nowMs);
  const pack = packsDir === null ? given.value : await newestPack(given.value, packsDir, verify);
  return ok({
    dev,
    epoch,
    certificate,
    signer: signerFromJwk(nodeCrypto, jwk.output),
    openSealed: async (text) => {
      // Loaded when it is wanted: the start waits for no encryption.
      const { openSealedResult } = await import('../../domain/settlement/sealed-result.ts');
      return await openSealedResult(text, jwk.output, crypto);
    },
    pack,
    verifyPack,
    isDemo: true,
    batchDir: join(dir, 'batch'),
    ground: readGroundAddress(dir),
  });
}

/** One that is no good is passed over: if it was in use, the journal says that what is left is older. */
async function newestPack(
  given: FlightPack,
  packsDir: string,
  verify: (archive: Uint8Array) => Promise<Result<FlightPack, StartProblem>>,
): Promise<FlightPack> {
  const { leg, n } = given.manifest;
  for (const { bytes } of storedPacks(packsDir, leg, n)) {
    const pack = await verify(bytes);
    if (pack.ok && findSuccessionFault(given, pack.value) === null) return pack.value;
  }
  return given;
}

async function readPack(
  archive: Uint8Array,
  reader: {
    readonly roots: readonly EcPublicJwk[];
    readonly airline: string;
    readonly nowMs: number;
    readonly crypto: Crypto;
  },
): Promise<Result<FlightPack, StartProblem>> {
  const members = await unpackTar(archive);
  if (!members.ok) return fail({ kind: 'pack-bad', ...members.error });
  const pack = readFlightPack(members.value, { ...reader, nowSeconds: Math.floor(reader.nowMs / 1000) });
  if (!pack.ok) return fail({ kind: 'pack-bad', ...pack.error });
  const untilMs = pack.value.manifest.validTo * 1000;
  return reader.nowMs > untilMs ? fail({ kind: 'pack-expired', untilMs, nowMs: reader.nowMs }) : pack;
}

function checkCertificate(
  text: string,
  jwk: EcPrivateJwk,
  expected: { readonly dev: string; readonly epoch: number },
  pack: FlightPack,
  nowMs: number,
  crypto: Crypto,
): Result<null, StartProblem> {
  const { trust, manifest } = pack;
  // A clock before a signed date is wrong, and told elsewhere; it does not make the certificate bad (trust.md 3.4).
  const atSeconds = Math.max(Math.floor(nowMs / 1000), trust.issuedAt, manifest.issuedAt);
  const certificate = readDeviceCertificate(text, trust, atSeconds, crypto);
  if (!certificate.ok) return fail({ kind: 'certificate-bad', why: certificate.error });
  const { dev, ep, jwk: certified } = certificate.value;
  if (certified.x !== jwk.x || certified.y !== jwk.y)
    return fail({ kind: 'certificate-bad', why: 'other-key' });
  if (dev !== expected.dev || ep !== expected.epoch)
    return fail({ kind: 'certificate-bad', why: 'other-terminal' });
  const isOnRoster = pack.manifest.devices.some((device) => device.dev === dev);
  return isOnRoster
    ? ok(null)
    : fail({ kind: 'pack-bad', file: 'manifest.jws', why: 'terminal-not-on-roster' });
}

function readJsonFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return null;
  }
}
