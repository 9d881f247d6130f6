// Ground's result files as this terminal keeps them: verbatim, on the disk before the journal speaks of them.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Crypto } from '../../domain/crypto/crypto.ts';
import { encodeUtf8 } from '../../domain/encoding/utf8.ts';
import { resultHash } from '../../domain/settlement/decide-result.ts';
import { readTakenResult, type ResultFile } from '../../domain/settlement/result-file.ts';
import type { TakenResults } from '../../domain/settlement/settlement-view.ts';
import type { TillState } from '../../domain/till/till-state.ts';
import { writeBatch } from '../gate/write-batch.ts';

export type ResultStore = {
  /** Every result the journal speaks of whose file is here and whole. */
  readonly taken: () => TakenResults;
  readonly has: (hash: string) => boolean;
  /** False when it could not be made durable. */
  readonly keep: (text: string, hash: string, file: ResultFile) => boolean;
  /** Removes files that have nothing more to say; what is in the journal stays. */
  readonly drop: (hashes: ReadonlySet<string>) => void;
  /** Files the journal does not speak of: written, and the program ended before the record. */
  readonly untaken: () => readonly string[];
};

export function resultsFolder(dataDir: string): string {
  return join(dataDir, 'results');
}

/** A file is known by the hash of its content, whatever its name says: a damaged one is as good as lost. */
export function openResultStore(
  dir: string,
  state: Pick<TillState, 'results'>,
  crypto: Pick<Crypto, 'sha256'>,
): ResultStore {
  const files = new Map<string, KeptResult>();
  for (const { path, text } of readAll(dir)) {
    const file = readTakenResult(text);
    const hash = resultHash(text, crypto);
    // The same content may lie there twice, signed anew.
    if (file !== null) files.set(hash, { text, file, paths: [...(files.get(hash)?.paths ?? []), path] });
  }
  return {
    taken: () => {
      const taken = new Map<string, ResultFile>();
      for (const [hash, { file }] of files) if (state.results.has(hash)) taken.set(hash, file);
      return taken;
    },
    has: (hash) => files.has(hash),
    keep: (text, hash, file) => {
      const written = writeBatch(dir, `${file.batchId}-${hash}.cpr`, encodeUtf8(text));
      if (written.ok) files.set(hash, { text, file, paths: [written.value.path] });
      return written.ok;
    },
    drop: (hashes) => {
      for (const hash of hashes) if (removeAll(files.get(hash)?.paths ?? [])) files.delete(hash);
    },
    untaken: () => [...files].filter(([hash]) => !state.results.has(hash)).map(([, { text }]) => text),
  };
}

type KeptResult = {
  readonly text: string;
  readonly file: ResultFile;
  readonly paths: readonly string[];
};

/** False where one stayed: it is tried again at the next start. */
function removeAll(paths: readonly string[]): boolean {
  try {
    for (const path of paths) rmSync(path, { force: true });
    return true;
  } catch {
    return false;
  }
}

function readAll(dir: string): readonly { readonly path: string; readonly text: string }[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith('.cpr'))
      .map((name) => join(dir, name))
      .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  } catch {
    return [];
  }
}
