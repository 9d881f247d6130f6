const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

/** RFC 9285 base45: the alphabet of a QR code's alphanumeric mode. */
export function encodeBase45(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    const n = (bytes[i] ?? 0) * 256 + (bytes[i + 1] ?? 0);
    text +=
      ALPHABET.charAt(n % 45) +
      ALPHABET.charAt(Math.floor(n / 45) % 45) +
      ALPHABET.charAt(Math.floor(n / 2025));
  }
  if (bytes.length % 2 === 1) {
    const n = bytes[bytes.length - 1] ?? 0;
    text += ALPHABET.charAt(n % 45) + ALPHABET.charAt(Math.floor(n / 45));
  }
  return text;
}

/** The bytes, or null for a length of 3n+1, a foreign character or a group above 65535 (255 for the last two). */
export function decodeBase45(text: string): Uint8Array | null {
  if (text.length % 3 === 1) return null;
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i += 3) {
    const a = ALPHABET.indexOf(text.charAt(i));
    const b = ALPHABET.indexOf(text.charAt(i + 1));
    if (a < 0 || b < 0) return null;
    if (i + 2 >= text.length) {
      if (a + b * 45 > 255) return null;
      bytes.push(a + b * 45);
      break;
    }
    const c = ALPHABET.indexOf(text.charAt(i + 2));
    const n = a + b * 45 + c * 2025;
    if (c < 0 || n > 65_535) return null;
    bytes.push(n >> 8, n & 0xff);
  }
  return Uint8Array.from(bytes);
}
