import { join } from 'node:path';
import type { Log } from '../till/ports.ts';

const MAX_BYTES = 2 * 1024 * 1024;

type Write = (line: string) => void;

/** A rotated JSON-lines log below the data folder. Callers pass kinds and counts: never codes, names or keys. */
export function openLog(dataDir: string): Log {
  let writing: Promise<Write> | null = null;
  return (what, detail = {}) => {
    const line = JSON.stringify({ what, ...detail });
    writing ??= loadWriter(dataDir);
    void writing.then((write) => {
      write(line);
    });
  };
}

/** Loaded with the first line: the library takes longer to load than all of the till's own code. */
async function loadWriter(dataDir: string): Promise<Write> {
  const { default: log } = await import('electron-log/node.js');
  const logger = log.create({ logId: 'till' });
  logger.transports.console.level = false;
  logger.transports.file.level = 'info';
  logger.transports.file.maxSize = MAX_BYTES;
  logger.transports.file.resolvePathFn = () => join(dataDir, 'logs', 'till.log');
  logger.transports.file.format = '{y}-{m}-{d}T{h}:{i}:{s}.{ms}{z} {text}';
  return (line) => {
    logger.info(line);
  };
}
