// `ground -- import-statement`: a wallet's statement from a file, or fetched from the wallet itself.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { cannotRun, describeError, type CommandResult } from '../command.ts';
import type { Ground } from '../ground.ts';
import type { GroundCommand } from '../on-ground.ts';
import { USAGES } from '../usages.ts';
import { fetchStatement, importStatement } from './import-statement.ts';

const OPTIONS = { airline: { type: 'string' }, wallet: { type: 'string' }, day: { type: 'string' } } as const;

type Asked = {
  readonly airline: string;
  readonly wallet: number;
  readonly day: string;
  /** Null: the wallet is asked for it. */
  readonly file: string | null;
};

/** Exit code 1: imported, and something differs. */
export const importStatementCommand: GroundCommand = async (ground, args) => {
  try {
    const asked = readArguments(args);
    return asked === null
      ? cannotRun(`usage: ${USAGES['import-statement']}`)
      : await importInto(ground, asked);
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
  return { airline, wallet: Number(wallet), day, file: positionals[0] ?? null };
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
