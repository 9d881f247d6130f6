/** Printer glyphs as dots, drawn from the Noto Sans SC slices of @fontsource so that no system font is needed. */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { boxDots } from './box-drawing.ts';

const FONT_PACKAGE = '@fontsource-variable/noto-sans-sc';

type Slice = {
  readonly file: string;
  readonly family: string;
  readonly ranges: readonly (readonly [number, number])[];
};

function parseRange(text: string): readonly [number, number] {
  const [from = '', to = from] = text.trim().replace(/^U\+/i, '').split('-');
  return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
}

/** The package's CSS is one @font-face per slice: a file and the characters it holds. */
function readSlices(): readonly Slice[] {
  const cssPath = createRequire(import.meta.url).resolve(`${FONT_PACKAGE}/index.css`);
  const faces = readFileSync(cssPath, 'utf8').matchAll(
    /@font-face\s*\{[^}]*url\(\.\/(files\/[^)]+)\)[^}]*unicode-range:\s*([^;}]+)/g,
  );
  return [...faces].map(([, file = '', ranges = ''], index) => ({
    file: join(dirname(cssPath), file),
    family: `slip-slice-${String(index)}`,
    ranges: ranges.split(',').map(parseRange),
  }));
}

const registered = new Set<string>();
let slices: readonly Slice[] | undefined;

/** Later faces win, as in a browser; undefined when the font lacks the character (33 of GB2312 do). */
function familyOf(codePoint: number): string | undefined {
  slices ??= readSlices();
  const slice = slices.findLast(({ ranges }) =>
    ranges.some(([from, to]) => codePoint >= from && codePoint <= to),
  );
  if (slice === undefined) return undefined;
  if (!registered.has(slice.family)) {
    GlobalFonts.registerFromPath(slice.file, slice.family);
    registered.add(slice.family);
  }
  return slice.family;
}

/** One character as dots, row by row, 1 = black. */
type Glyph = { readonly widthDots: number; readonly heightDots: number; readonly dots: Uint8Array };

type GlyphWish = {
  readonly character: string;
  readonly widthDots: number;
  readonly heightDots: number;
  readonly isBold: boolean;
};

const cache = new Map<string, Glyph>();
const MAX_CACHED_GLYPHS = 4_000;

/** Where the print head's dot fires: how much of the dot the outline must cover, 0..255. */
const DOT_THRESHOLD = 110;

/**
 * Weights go by the variation axis: in a `font` shorthand this canvas takes only hundreds, and fakes them from the font's
 * thinnest master.
 */
const WEIGHTS = { normal: 430, bold: 760 };

function emptyBox(widthDots: number, heightDots: number): Glyph {
  const dots = new Uint8Array(widthDots * heightDots);
  for (let y = 3; y < heightDots - 2; y += 1) {
    for (let x = 1; x < widthDots - 1; x += 1) {
      const isEdge = y === 3 || y === heightDots - 3 || x === 1 || x === widthDots - 2;
      if (isEdge) dots[y * widthDots + x] = 1;
    }
  }
  return { widthDots, heightDots, dots };
}

function drawGlyph({ character, widthDots, heightDots, isBold }: GlyphWish, family: string): Glyph {
  const canvas = createCanvas(widthDots, heightDots);
  const pen = canvas.getContext('2d');
  const isWide = widthDots >= heightDots;
  const sizeDots = Math.round(heightDots * (isWide ? 0.96 : 0.92));
  pen.font = `${String(sizeDots)}px ${family}`;
  pen.fontVariationSettings = `'wght' ${String(WEIGHTS[isBold ? 'bold' : 'normal'])}`;
  const naturalWidth = pen.measureText(character).width;
  const squeeze = Math.min(1, widthDots / Math.max(naturalWidth, 1));
  pen.setTransform(squeeze, 0, 0, 1, (widthDots - naturalWidth * squeeze) / 2, 0);
  pen.fillStyle = '#000';
  pen.fillText(character, 0, Math.round(heightDots * 0.84));
  const { data } = pen.getImageData(0, 0, widthDots, heightDots);
  const dots = Uint8Array.from({ length: widthDots * heightDots }, (_, index) =>
    (data[index * 4 + 3] ?? 0) >= DOT_THRESHOLD ? 1 : 0,
  );
  return { widthDots, heightDots, dots };
}

function makeGlyph(wish: GlyphWish): Glyph {
  const { character, widthDots, heightDots } = wish;
  const ruled = boxDots(character, widthDots, heightDots);
  if (ruled !== undefined) return { widthDots, heightDots, dots: ruled };
  const family = familyOf(character.codePointAt(0) ?? 0x20);
  return family === undefined ? emptyBox(widthDots, heightDots) : drawGlyph(wish, family);
}

export function glyphOf(wish: GlyphWish): Glyph {
  const { character, widthDots, heightDots, isBold } = wish;
  const key = `${character}/${String(widthDots)}x${String(heightDots)}/${String(isBold)}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const glyph = makeGlyph(wish);
  if (cache.size >= MAX_CACHED_GLYPHS) cache.clear();
  cache.set(key, glyph);
  return glyph;
}
