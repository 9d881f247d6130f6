/**
 * How many bytes belong to each ESC/POS command. Only the length is known here, never the meaning: a command we cannot act on
 * must still be skipped whole, or its parameters would be printed as text.
 */

export const DLE = 0x10;
export const ESC = 0x1b;
export const FS = 0x1c;
export const GS = 0x1d;

/**
 * `total` answers the number of parameter bytes once the head (the parameters so far, at most 16) tells, else undefined.
 * `until-nul` ends after the first zero byte at or behind position `from`.
 */
export type Frame =
  | { readonly kind: 'total'; readonly total: (head: Uint8Array, count: number) => number | undefined }
  | { readonly kind: 'until-nul'; readonly from: number };

const fixed = (total: number): Frame => ({ kind: 'total', total: () => total });

function at(head: Uint8Array, index: number): number {
  return head[index] ?? 0;
}

function word(head: Uint8Array, index: number): number {
  return at(head, index) | (at(head, index + 1) << 8);
}

/** `extra` bytes of parameters, then a 16-bit little-endian count of what follows. */
const countedAfter = (extra: number): Frame => ({
  kind: 'total',
  total: (head, count) => (count < extra + 2 ? undefined : extra + 2 + word(head, extra)),
});

const columnImage: Frame = {
  kind: 'total',
  total: (head, count) => (count < 3 ? undefined : 3 + word(head, 1) * (at(head, 0) >= 32 ? 3 : 1)),
};

const rasterImage: Frame = {
  kind: 'total',
  total: (head, count) => (count < 6 ? undefined : 6 + word(head, 2) * word(head, 4)),
};

const downloadedImage: Frame = {
  kind: 'total',
  total: (head, count) => (count < 2 ? undefined : 2 + at(head, 0) * at(head, 1) * 8),
};

const longGraphics: Frame = {
  kind: 'total',
  total: (head, count) => (count < 5 ? undefined : 5 + word(head, 1) + word(head, 3) * 0x10000),
};

const cut: Frame = {
  kind: 'total',
  total: (head, count) => (count < 1 ? undefined : at(head, 0) >= 65 ? 2 : 1),
};

const countedBarcode: Frame = {
  kind: 'total',
  total: (head, count) => (count < 2 ? undefined : 2 + at(head, 1)),
};

const realTimeStatus: Frame = {
  kind: 'total',
  total: (head, count) => (count < 1 ? undefined : [7, 8, 18].includes(at(head, 0)) ? 2 : 1),
};

const realTimeRequest: Frame = {
  kind: 'total',
  total: (head, count) => (count < 1 ? undefined : at(head, 0) === 8 ? 8 : at(head, 0) === 7 ? 2 : 3),
};

function table(entries: Readonly<Record<string, Frame>>): ReadonlyMap<number, Frame> {
  return new Map(Object.entries(entries).map(([letter, frame]) => [letter.charCodeAt(0), frame]));
}

const none = fixed(0);
const one = fixed(1);
const two = fixed(2);
const three = fixed(3);

const FRAMES: ReadonlyMap<number, ReadonlyMap<number, Frame>> = new Map([
  [
    ESC,
    table({
      ...{ '@': none, '2': none, i: none, m: none, L: none, S: none, v: none, '<': none, '\f': none },
      ...{ ' ': one, '!': one, '-': one, '3': one, E: one, G: one, J: one, K: one, M: one, R: one, T: one },
      ...{ U: one, V: one, a: one, d: one, e: one, r: one, t: one, u: one, '{': one, '=': one, '%': one },
      ...{ '?': one, $: two, '\\': two, c: two, B: two, p: three, W: fixed(8) },
      ...{ '*': columnImage, '(': countedAfter(1), D: { kind: 'until-nul', from: 0 } },
    }),
  ],
  [
    GS,
    table({
      ...{ '!': one, B: one, a: one, r: one, h: one, w: one, H: one, f: one, I: one, b: one, E: one, T: one },
      ...{ '/': one, j: one, L: two, W: two, P: two, $: two, '\\': two, '^': three, z: three },
      ...{ ':': none, c: none, V: cut, k: countedBarcode, v: rasterImage, '*': downloadedImage },
      ...{ '(': countedAfter(1), '8': longGraphics },
    }),
  ],
  [
    FS,
    table({
      ...{ '&': none, '.': none, C: one, '-': one, '!': one, W: one, S: two, p: two, '?': two },
      ...{ '2': fixed(74), '(': countedAfter(1) },
    }),
  ],
  [DLE, table({ '\x04': realTimeStatus, '\x05': one, '\x14': realTimeRequest })],
]);

const OLD_BARCODE: Frame = { kind: 'until-nul', from: 1 };

/** The frame of `lead` + `selector`, or undefined for a command no table knows. */
export function frameOf(lead: number, selector: number): Frame | undefined {
  return FRAMES.get(lead)?.get(selector);
}

/** GS k has two shapes, told apart by its first parameter: 0..6 ends with NUL, 65..79 carries a count. */
export function refineFrame(lead: number, selector: number, firstParameter: number, frame: Frame): Frame {
  const isOldBarcode = lead === GS && selector === 0x6b && firstParameter <= 6;
  return isOldBarcode ? OLD_BARCODE : frame;
}

export function isLead(byte: number): boolean {
  return FRAMES.has(byte);
}

const LEAD_NAMES: ReadonlyMap<number, string> = new Map([
  [ESC, 'ESC'],
  [GS, 'GS'],
  [FS, 'FS'],
  [DLE, 'DLE'],
]);

/** How people write the command: `ESC @`, `GS (`, `DLE EOT`; unprintable selectors as hex. */
export function commandName(lead: number, selector: number): string {
  const leadName = LEAD_NAMES.get(lead) ?? '?';
  if (lead === DLE && selector === 0x04) return 'DLE EOT';
  if (lead === DLE && selector === 0x05) return 'DLE ENQ';
  if (lead === DLE && selector === 0x14) return 'DLE DC4';
  const isVisible = selector > 0x20 && selector < 0x7f;
  if (selector === 0x20) return `${leadName} SP`;
  return `${leadName} ${isVisible ? String.fromCharCode(selector) : hexByte(selector)}`;
}

/** A byte as people write it in printer manuals: two hexadecimal digits and an h. */
export function hexByte(byte: number): string {
  return `${byte.toString(16).padStart(2, '0').toUpperCase()}h`;
}
