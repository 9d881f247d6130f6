// `ground -- import-statement`: a wallet's statement from a file, or fetched from the wallet itself.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cannotRun, describeError, type Command, type CommandResult } from '../command.ts';
import type { Ground } from '../ground.ts';
import { readMasterKey } from '../secrets/master-key.ts';
import { createLog } from '../server/log.ts';
import { openGround } from '../server/open-ground.ts';
import { fetchStatement, importStatement } from './import-statement.ts';

export const IMPORT_STATEMENT_USAGE =
  'import-statement --airline CODE --wallet NUMBER --day YYYY-MM-DD [--data DIR] [--database-url URL] [FILE]';

const OPTIONS = {
  airline: { type: 'string' },
  wallet: { type: 'string' },
  day: { type: 'string' },
  data: { type: 'string', default: '.ground' },
  'database-url': { type: 'string' },
} as const;

type Asked = {
  readonly airline: string;
  readonly wallet: number;
  readonly day: string;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  /** Null: the wallet is asked for it. */
  readonly file: string | null;
};

/** Exit code 1: imported, and something differs. */
export const importStatementCommand: Command = async (args) => {
  try {
    const asked = readArguments(args);
    if (asked === null) return cannotRun(`usage: ${IMPORT_STATEMENT_USAGE}`);
    const masterKey = await readMasterKey(asked.dataDir, process.env);
    if (!masterKey.ok) return cannotRun(`master key: ${masterKey.error.kind} (${masterKey.error.where})`);
    const opened = await openGround({
      database:
        asked.databaseUrl === null
          ? { kind: 'embedded', dir: join(asked.dataDir, 'database') }
          : { kind: 'postgres', url: asked.databaseUrl },
      // It receives no batches.
      spoolFolder: null,
      masterKey: masterKey.value,
      publicAddress: 'http://localhost',
      nowMs: Date.now,
      log: createLog(),
    });
    if (!opened.ok) return cannotRun(opened.error.kind);
    try {
      return await importInto(opened.value.ground, asked);
    } finally {
      await opened.value.close();
    }
  } catch (error) {
    return cannotRun(describeError(error));
  }
};

function readArguments(args: readonly string[]): Asked | null {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const { airline, wallet, day } = values;
  if (airline === undefined || wallet === undefined || day === undefined || positionals.length > 1)
    return null;
  if (!/^\d{1,3}$/.test(wallet)) return null;
  return {
    airline,
    wallet: Number(wallet),
    day,
    dataDir: resolve(values.data),
    databaseUrl: values['database-url'] ?? null,
    file: positionals[0] ?? null,
  };
}

async function importInto(ground: Ground, asked: Asked): Promise<CommandResult> {
  const { airline, wallet, day, file } = asked;
  const imported =
    file === null
      ? await fetchStatement(ground, airline, wallet, day)
      : await importStatement(ground, airline, wallet, await readFile(file, 'utf8'), day);
  if (!imported.ok) return cannotRun(JSON.stringify(imported.error));
  const stdout = `${JSON.stringify(imported.value)}\n`;
  return { exitCode: imported.value.differences === 0 ? 0 : 1, stdout, stderr: '' };
}
