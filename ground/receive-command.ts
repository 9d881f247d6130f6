// `ground -- receive`: settlement batches that came by hand.
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { cannotRun, describeError } from './command.ts';
import type { Ground } from './ground.ts';
import { receiveFolder, takeFile, type FolderEntry } from './ingest/receive-folder.ts';
import type { GroundCommand } from './on-ground.ts';
import { USAGES } from './usages.ts';

const GOOD: ReadonlySet<string> = new Set(['ACCEPTED', 'PARTIAL', 'DUPLICATE']);

/**
 * Takes files, or all of a folder, and answers what each came to as JSON. Exit code 0 when all were taken, 1 when one was
 * refused. With an embedded database the server must not be running; with PostgreSQL it may.
 */
export const receiveCommand: GroundCommand = async (ground, args) => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { airline: { type: 'string' } },
    });
    if (positionals.length === 0) return cannotRun(`usage: ${USAGES.receive}`);
    const airline = await chooseAirline(ground, values.airline);
    if (airline === null) return cannotRun('say which airline: --airline 9C');
    const received = await receiveAll(ground, airline, positionals);
    const exitCode = received.every(({ status }) => GOOD.has(status)) ? 0 : 1;
    return { exitCode, stdout: `${JSON.stringify({ received }, null, 2)}\n`, stderr: '' };
  } catch (error) {
    return cannotRun(describeError(error));
  }
};

/** The one named, which must be on record; without a name the only one there is. */
async function chooseAirline({ db }: Ground, named: string | undefined): Promise<string | null> {
  const rows = await db.selectFrom('airline').select('airline').limit(1000).execute();
  const known = rows.map(({ airline }) => airline);
  if (named !== undefined) return known.includes(named) ? named : null;
  return known.length === 1 ? (known[0] ?? null) : null;
}

async function receiveAll(
  ground: Ground,
  airline: string,
  paths: readonly string[],
): Promise<readonly FolderEntry[]> {
  const received: FolderEntry[] = [];
  for (const path of paths) {
    const isFolder = (await stat(path)).isDirectory();
    if (isFolder) received.push(...(await receiveFolder(ground, airline, path)));
    else received.push(await takeFile(ground, airline, path, basename(path), 'command'));
  }
  return received;
}
