// The passenger's copy comes as a raw deflate stream (journal.md 5.5; electron/till makes it).

/** The inflated bytes; null when they are no whole deflate stream or more than `mostBytes`. */
export async function inflate(bytes: Uint8Array, mostBytes: number): Promise<Uint8Array | null> {
  const stream = new Blob([Uint8Array.from(bytes)])
    .stream()
    .pipeThrough(new DecompressionStream('deflate-raw'));
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.length;
      // Counted while it grows: nothing much bigger than the limit is ever held.
      if (length > mostBytes) {
        await reader.cancel();
        return null;
      }
      parts.push(part.value);
    }
  } catch {
    return null;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
