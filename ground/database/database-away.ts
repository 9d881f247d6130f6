const AWAY_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOENT',
  // The server is shutting down, crashed, is starting, or has no connection left.
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);

// What the driver says without a code.
const AWAY_MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|connection error and is not queryable|query read timeout|client was closed/i;

/** Whether an error means that the database cannot be reached just now, so that trying again later makes sense. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError && error.errors.some(isDatabaseAway)) return true;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // Class 08 is "connection exception". ENOENT counts only for a socket: files have their own errors.
  if (code === 'ENOENT') return 'syscall' in error && error.syscall === 'connect';
  return AWAY_CODES.has(code) || code.startsWith('08') || AWAY_MESSAGES.test(error.message);
}
