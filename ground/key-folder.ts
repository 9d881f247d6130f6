// The keys ground judges batches with: `trust.jws`, the roots that sign it, and the batch decryption keys.
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as nodeCrypto from 'node:crypto';
import * as v from 'valibot';
import type { EcPrivateJwk, EcPublicJwk } from '../domain/crypto/crypto.ts';
import { cryptoFromNode } from '../domain/crypto/node-crypto.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import { publicJwkSchema, readTrustList, type TrustList } from '../domain/trust/trust-list.ts';

export type GroundKeys = {
  readonly trust: TrustList;
  /** Private batch encryption keys by key id. */
  readonly decryption: ReadonlyMap<string, EcPrivateJwk>;
};

const keyFileSchema = v.object({
  ...publicJwkSchema.entries,
  /** Only decryption keys need their private part. */
  d: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/))),
  kid: v.pipe(v.string(), v.minLength(1), v.maxLength(60)),
  use: v.optional(v.picklist(['sig', 'enc'])),
});

const KEY_FILE = /\.jwk\.json$/;
const ROOT_FILE = /^root-.*\.jwk\.json$/;

/**
 * Reads a folder with `trust.jws` and `keys/*.jwk.json`; the folder of the keys itself will do when `trust.jws` stands
 * in or beside it. The trust list may be past its date: that date binds tills, ground owns the list.
 */
export async function readKeyFolder(folder: string): Promise<Result<GroundKeys, string>> {
  const files = await findKeyFiles(folder);
  if (files.length === 0) return fail(`no *.jwk.json in ${folder} or its folder 'keys'`);
  const trustText =
    (await readText(join(folder, 'trust.jws'))) ?? (await readText(join(dirname(folder), 'trust.jws')));
  if (trustText === null) return fail(`no trust.jws in or beside ${folder}`);
  const roots: EcPublicJwk[] = [];
  const decryption = new Map<string, EcPrivateJwk>();
  for (const path of files) {
    const key = parseKey(await readText(path));
    if (key === null) return fail(`${path} is not a P-256 key (JWK with kid)`);
    const { kty, crv, x, y, d, kid, use } = key;
    if (ROOT_FILE.test(basename(path))) roots.push({ kty, crv, x, y });
    if (use === 'enc' && d !== undefined) decryption.set(kid, { kty, crv, x, y, d });
  }
  const crypto = cryptoFromNode(nodeCrypto);
  const trust = readTrustList(trustText, { roots, airline: null, nowSeconds: 0, crypto });
  return trust.ok ? ok({ trust: trust.value, decryption }) : fail(`trust.jws: ${trust.error}`);
}

async function findKeyFiles(folder: string): Promise<readonly string[]> {
  for (const place of [join(folder, 'keys'), folder]) {
    const names = await readdir(place).catch(() => []);
    const keys = names.filter((name) => KEY_FILE.test(name)).sort();
    if (keys.length > 0) return keys.map((name) => join(place, name));
  }
  return [];
}

async function readText(path: string): Promise<string | null> {
  return await readFile(path, 'utf8').catch(() => null);
}

function parseKey(text: string | null): v.InferOutput<typeof keyFileSchema> | null {
  try {
    const parsed = v.safeParse(keyFileSchema, JSON.parse(text ?? ''));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
