import { join } from 'node:path';
import log from 'electron-log/node.js';
import type { Log } from '../till/ports.ts';

const MAX_BYTES = 2 * 1024 * 1024;

/** A rotated JSON-lines log below the data folder. Callers pass kinds and counts: never codes, names or keys. */
export function openLog(dataDir: string): Log {
  const logger = log.create({ logId: 'till' });
  logger.transports.console.level = false;
  logger.transports.file.level = 'info';
  logger.transports.file.maxSize = MAX_BYTES;
  logger.transports.file.resolvePathFn = () => join(dataDir, 'logs', 'till.log');
  logger.transports.file.format = '{y}-{m}-{d}T{h}:{i}:{s}.{ms}{z} {text}';
  return (what, detail = {}) => {
    logger.info(JSON.stringify({ what, ...detail }));
  };
}
