// Commands that work on ground's data: opens it where `--data` or `--database-url` say, and closes it afterwards.
import { resolve } from 'node:path';
import { cannotRun, describeError, type Command, type CommandResult } from './command.ts';
import type { Ground } from './ground.ts';
import { createLog } from './server/log.ts';
import { openWith } from './server/serve-command.ts';

/** Works on an opened ground, with the arguments that are its own. */
export type GroundCommand = (ground: Ground, args: readonly string[]) => Promise<CommandResult>;

const DEFAULT_DATA = '.ground';

export function onGround(work: GroundCommand): Command {
  return async (args) => {
    try {
      const place = splitPlace(args);
      const opened = await openWith({ ...place, publicAddress: 'http://localhost' }, createLog('warn'));
      if (typeof opened === 'string') return cannotRun(opened);
      try {
        return await work(opened.ground, place.others);
      } finally {
        await opened.close();
      }
    } catch (error) {
      return cannotRun(describeError(error));
    }
  };
}

type Place = {
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly others: readonly string[];
};

/** Where ground is, and what is left for the command. Throws where a value is missing. */
function splitPlace(args: readonly string[]): Place {
  const others: string[] = [];
  const place = { data: DEFAULT_DATA, 'database-url': null as string | null };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const name = arg === '--data' ? 'data' : arg === '--database-url' ? 'database-url' : null;
    const value = args[i + 1];
    if (name === null) others.push(arg);
    else if (value === undefined) throw new Error(`${arg} needs a value`);
    else {
      place[name] = value;
      i += 1;
    }
  }
  return { dataDir: resolve(place.data), databaseUrl: place['database-url'], others };
}
