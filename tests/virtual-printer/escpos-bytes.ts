/** Writes ESC/POS by hand, byte for byte, so that the tests do not depend on the till's own encoder. */

const ESC = 0x1b;
const GS = 0x1d;
const FS = 0x1c;

/** The two-byte part of GB18030, turned around from the decoder the platform has. */
function readTwoByteTable(): ReadonlyMap<string, readonly number[]> {
  const decoder = new TextDecoder('gb18030');
  const table = new Map<string, readonly number[]>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (trail === 0x7f) continue;
      const character = decoder.decode(Uint8Array.of(lead, trail));
      if (!table.has(character)) table.set(character, [lead, trail]);
    }
  }
  return table;
}

const twoBytes = readTwoByteTable();

/** The bytes of ASCII and two-byte GB18030 text; anything else is an error in the test. */
export function gb(text: string): readonly number[] {
  return Array.from(text).flatMap((character) => {
    const code = character.charCodeAt(0);
    if (code < 0x80) return [code];
    const pair = twoBytes.get(character);
    if (pair === undefined) throw new RangeError(`${character} is not a two-byte GB18030 character`);
    return pair;
  });
}

export const ascii = (text: string): readonly number[] => [...new TextEncoder().encode(text)];

export const initialize = [ESC, 0x40];
export const chineseMode = [FS, 0x26];
export const lf = 0x0a;
export const bold = (isOn: boolean): readonly number[] => [ESC, 0x45, isOn ? 1 : 0];
export const align = (n: 0 | 1 | 2): readonly number[] => [ESC, 0x61, n];
export const size = (width: number, height: number): readonly number[] => [
  GS,
  0x21,
  ((width - 1) << 4) | (height - 1),
];
export const underline = (n: 0 | 1 | 2): readonly number[] => [ESC, 0x2d, n, FS, 0x2d, n];
export const inverted = (isOn: boolean): readonly number[] => [GS, 0x42, isOn ? 1 : 0];
export const feedLines = (n: number): readonly number[] => [ESC, 0x64, n];
export const cutAfterFeed = [GS, 0x56, 66, 0];
export const kickDrawer = [ESC, 0x70, 0, 25, 250];
export const realTimeStatus = (n: number): readonly number[] => [0x10, 0x04, n];
export const sensorStatus = [GS, 0x72, 1];

function symbolFunction(request: number, ...data: readonly number[]): readonly number[] {
  const length = data.length + 2;
  return [GS, 0x28, 0x6b, length & 255, length >> 8, 49, request, ...data];
}

/** Model 2, module size, level (48 L .. 51 H), store, print. */
export function qr(text: string, moduleDots: number, level: 48 | 49 | 50 | 51 = 49): readonly number[] {
  return [
    ...symbolFunction(65, 50, 0),
    ...symbolFunction(67, moduleDots),
    ...symbolFunction(69, level),
    ...symbolFunction(80, 48, ...ascii(text)),
    ...symbolFunction(81, 48),
  ];
}

/** `GS v 0` of whole bytes per row. */
export function raster(bytesPerRow: number, rows: number, data: readonly number[]): readonly number[] {
  const pair = (n: number): readonly number[] => [n & 255, n >> 8];
  return [GS, 0x76, 0x30, 0, ...pair(bytesPerRow), ...pair(rows), ...data];
}

export function bytes(...parts: readonly (number | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flat());
}
