// The slices the bundled font is cut into: which characters each holds, and where its file lies.
import ranges from '@fontsource-variable/noto-sans-sc/unicode.json';

type CodeRange = readonly [first: number, last: number];

export type FontSlice = {
  /** As CSS wants it. */
  readonly unicodeRange: string;
  readonly url: string;
  readonly has: (codePoint: number) => boolean;
};

const FOLDER = '../../node_modules/@fontsource-variable/noto-sans-sc/files/';
const urls = import.meta.glob<string>(
  '../../node_modules/@fontsource-variable/noto-sans-sc/files/*-wght-normal.woff2',
  { query: '?url', import: 'default', eager: true },
);

/** Every slice, in the package's order: where two hold the same character, the later one counts. */
export const FONT_SLICES: readonly FontSlice[] = Object.entries(ranges).map(([name, unicodeRange]) => {
  // Slices of Chinese are called `[4]` in the table, and `4` in the file's name.
  const url = urls[`${FOLDER}noto-sans-sc-${name.replace(/[[\]]/g, '')}-wght-normal.woff2`];
  if (url === undefined) throw new Error(`no file for the font's slice ${name}`);
  const codes = unicodeRange.split(',').map(readRange);
  return { unicodeRange, url, has: (code) => codes.some(([first, last]) => code >= first && code <= last) };
});

/** `U+4e00` or `U+4e00-4eff`. */
function readRange(text: string): CodeRange {
  const [first = '', last = first] = text.slice('U+'.length).split('-');
  return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
}
