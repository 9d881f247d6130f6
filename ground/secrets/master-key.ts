// Where the master key comes from: the environment, or a file of its own that only ground's user can read.
import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../domain/result.ts';
import { MASTER_KEY_BYTES } from './seal.ts';

export const MASTER_KEY_VARIABLE = 'CABINTILL_GROUND_KEY';
const FILE_NAME = 'ground.key';

export type MasterKeyProblem = {
  readonly kind: 'key-malformed' | 'key-readable-by-others';
  readonly where: string;
};

/**
 * The master key out of the environment (64 hex digits) or out of `ground.key` in the data folder, which is made at the
 * first start. Rejects when the folder cannot be written.
 */
export async function readMasterKey(
  dataFolder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Result<Uint8Array, MasterKeyProblem>> {
  const given = environment[MASTER_KEY_VARIABLE];
  if (given !== undefined && given !== '') return parseKey(given, MASTER_KEY_VARIABLE);
  const path = join(dataFolder, FILE_NAME);
  await makeKeyFile(dataFolder, path);
  const { mode } = await stat(path);
  // Windows has no such bits; there the folder's own permissions count.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    return fail({ kind: 'key-readable-by-others', where: path });
  }
  return parseKey(await readFile(path, 'utf8'), path);
}

function parseKey(text: string, where: string): Result<Uint8Array, MasterKeyProblem> {
  const hex = text.trim();
  return hex.length === MASTER_KEY_BYTES * 2 && /^[0-9a-fA-F]+$/.test(hex)
    ? ok(Uint8Array.from(Buffer.from(hex, 'hex')))
    : fail({ kind: 'key-malformed', where });
}

/** Two processes that start at once get the same key: the whole file appears under its name, once. */
async function makeKeyFile(folder: string, path: string): Promise<void> {
  if (
    await stat(path).then(
      () => true,
      () => false,
    )
  )
    return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const part = `${path}.${randomUUID()}.part`;
  const file = await open(part, 'w', 0o600);
  try {
    await file.writeFile(`${randomBytes(MASTER_KEY_BYTES).toString('hex')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await chmod(part, 0o600);
  try {
    await link(part, path);
  } catch (error) {
    if (!isAlreadyThere(error)) throw error;
  } finally {
    await rm(part, { force: true });
  }
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
