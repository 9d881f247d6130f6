/**
 * Text as PostgreSQL can hold it: JSON, and so a journal line, can spell two things that it cannot, the null character
 * and half of a surrogate pair. No till of ours writes either; whoever does shall not stop the rest of a batch.
 */
export function storableText(text: string): string {
  // With the u flag only halves that stand alone match.

  return text.replace(/[\u0000\ud800-\udfff]/gu, '\ufffd');
}
