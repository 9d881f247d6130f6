import { pino } from 'pino';
import type { Log } from '../ground.ts';

/** One line of JSON per event on stderr, so that stdout stays for results. Facts are chosen by whoever logs. */
export function createLog(level: 'info' | 'warn' = 'info'): Log {
  const out = pino({ level, base: null, messageKey: 'event' }, pino.destination({ dest: 2, sync: true }));
  return {
    info: (event, facts = {}) => {
      out.info(facts, event);
    },
    warn: (event, facts = {}) => {
      out.warn(facts, event);
    },
    error: (event, facts = {}) => {
      out.error(facts, event);
    },
  };
}
