// The slices the bundled font is cut into: which characters each holds, and where its file lies.
import ranges from '@fontsource-variable/noto-sans-sc/unicode.json';

export type FontSlice = {
  readonly name: string;
  /** As CSS wants it: `U+4e00-4eff,U+5000`. */
  readonly unicodeRange: string;
  readonly url: string;
};

const FOLDER = '../../node_modules/@fontsource-variable/noto-sans-sc/files/';
const urls = import.meta.glob<string>(
  '../../node_modules/@fontsource-variable/noto-sans-sc/files/*-wght-normal.woff2',
  { query: '?url', import: 'default', eager: true },
);

/** Every slice, in the package's order: where two hold the same character, the later one counts. */
export const FONT_SLICES: readonly FontSlice[] = Object.entries(ranges).map(([key, unicodeRange]) => {
  // Slices of Chinese are called `[4]` in the table, and `4` in the file's name.
  const name = key.replace(/[[\]]/g, '');
  const url = urls[`${FOLDER}noto-sans-sc-${name}-wght-normal.woff2`];
  if (url === undefined) throw new Error(`no file for the font's slice ${name}`);
  return { name, unicodeRange, url };
});

const RAREST_COMMON = 107;

/** The slices of the commonest characters, which nearly every text of the till needs: `107` to `119`, and Latin. */
export const COMMON_SLICES: readonly FontSlice[] = FONT_SLICES.filter(
  ({ name }) => name === 'latin' || Number(name) >= RAREST_COMMON,
);

let sliceOfCode: ReadonlyMap<number, FontSlice> | null = null;

/** The slice that holds a character, or null when the font has none for it. */
export function findSlice(codePoint: number): FontSlice | null {
  sliceOfCode ??= readRanges();
  return sliceOfCode.get(codePoint) ?? null;
}

function readRanges(): ReadonlyMap<number, FontSlice> {
  const slices = new Map<number, FontSlice>();
  for (const slice of FONT_SLICES) {
    for (const range of slice.unicodeRange.split(',')) {
      const [first = '', last = first] = range.slice('U+'.length).split('-');
      for (let code = Number.parseInt(first, 16); code <= Number.parseInt(last, 16); code++)
        slices.set(code, slice);
    }
  }
  return slices;
}
