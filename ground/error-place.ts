/** The first line of ours in a stack: messages may carry what was asked for, places do not. */
export function placeOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  // Only the lines with places: a message may look like anything.
  const line = stack.split('\n').find((text) => /^\s+at .*ground\/.*\.[jt]s/.test(text)) ?? '';
  return /((?:ground|domain)\/[^\s)]*)/.exec(line)?.[1] ?? 'unknown';
}

/** What may be kept about something that went wrong: its kind and its place. */
export function describeError(error: unknown): string {
  return `${error instanceof Error ? error.name : typeof error} at ${placeOf(error)}`;
}
