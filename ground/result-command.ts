// `ground -- result`: what ground says of a batch, for a terminal that has no network.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cannotRun, describeError } from './command.ts';
import { sealResultForStick } from './ingest/stick-result.ts';
import type { GroundCommand } from './on-ground.ts';
import { USAGES } from './usages.ts';

/**
 * Writes `CPR-….cpr` into a folder and answers its name as JSON. `--batch` is the whole id, or the eight characters a
 * batch's file name ends with.
 */
export const resultCommand: GroundCommand = async (ground, args) => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        batch: { type: 'string' },
        out: { type: 'string', default: '.' },
        airline: { type: 'string' },
      },
    });
    const named = values.batch?.toLowerCase() ?? '';
    if (!/^[a-z2-7]{8}([a-z2-7]{18})?$/.test(named)) return cannotRun(`usage: ${USAGES.result}`);
    let query = ground.db
      .selectFrom('batch')
      .select(['airline', 'batch_id'])
      .distinct()
      .where('batch_id', '>=', named)
      .where('batch_id', '<=', `${named}z`);
    if (values.airline !== undefined) query = query.where('airline', '=', values.airline);
    const [batch, other] = await query.limit(2).execute();
    if (other !== undefined) return cannotRun(`there is more than one batch '${named}': give its whole id`);
    const id = batch?.batch_id ?? null;
    const sealed =
      batch === undefined || id === null ? null : await sealResultForStick(ground, batch.airline, id);
    if (sealed === null) return cannotRun(`there is no result for a batch '${named}'`);
    const dir = resolve(values.out);
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, sealed.fileName), sealed.text);
    return { exitCode: 0, stdout: `${JSON.stringify({ batchId: id, file: sealed.fileName })}\n`, stderr: '' };
  } catch (error) {
    return cannotRun(describeError(error));
  }
};
