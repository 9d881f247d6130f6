/** The printer's line buffer: characters placed by a dot cursor, printed together by the next line feed. */
import type { Align, Bitmap, InlineImage, LineElement, StyledRun, TextStyle } from './decoded-doc.ts';

/** Overprinting by moving the cursor back could otherwise grow one line for ever. */
const MAX_PIECES_PER_LINE = 1024;

type LineArea = { readonly leftDots: number; readonly widthDots: number; readonly align: Align };

export type LineBuffer = {
  readonly isEmpty: () => boolean;
  /** Dots from the left end of the print area. */
  readonly cursorDots: () => number;
  /** False when `widthDots` more would cross the right end of the print area (an empty line always has room). */
  readonly hasRoomFor: (widthDots: number) => boolean;
  readonly isFull: () => boolean;
  /** `cellDots` is the unscaled width, `heightDots` the scaled height. */
  readonly placeText: (text: string, cellDots: number, heightDots: number, style: TextStyle) => void;
  readonly placeImage: (image: Bitmap) => void;
  /** Moves the cursor; a place outside the print area is ignored, as printers do. */
  readonly moveTo: (xDots: number) => void;
  /** Extends the cursor without printing (character spacing). */
  readonly skip: (dots: number) => void;
  /** Empties the buffer into a printed line. */
  readonly print: (lineSpacingDots: number, isUpsideDown: boolean) => LineElement;
  readonly clear: () => void;
  /** The area the current line started with; changing it mid-line has no effect until the next line. */
  readonly setArea: (area: LineArea) => void;
  readonly area: () => LineArea;
};

type Piece = { text: string; xDots: number; widthDots: number; characterDots: number[]; style: TextStyle };

function isSameStyle(a: TextStyle, b: TextStyle): boolean {
  return (
    a.font === b.font &&
    a.isBold === b.isBold &&
    a.widthScale === b.widthScale &&
    a.heightScale === b.heightScale &&
    a.underlineDots === b.underlineDots &&
    a.isInverted === b.isInverted
  );
}

function alignShift(area: LineArea, extentDots: number): number {
  const spare = Math.max(0, area.widthDots - extentDots);
  if (area.align === 'center') return Math.floor(spare / 2);
  return area.align === 'right' ? spare : 0;
}

export function createLineBuffer(initialArea: LineArea): LineBuffer {
  let area = initialArea;
  let pieces: Piece[] = [];
  let images: InlineImage[] = [];
  let cursor = 0;
  let extent = 0;
  let tallest = 0;
  let placed = 0;

  function clear(): void {
    pieces = [];
    images = [];
    cursor = 0;
    extent = 0;
    tallest = 0;
    placed = 0;
  }

  function advance(dots: number, heightDots: number): void {
    cursor += dots;
    extent = Math.max(extent, cursor);
    tallest = Math.max(tallest, heightDots);
  }

  function toRun(piece: Piece, shift: number): StyledRun {
    const { text, xDots, widthDots, characterDots, style } = piece;
    return { ...style, text, xDots: xDots + shift, widthDots, characterDots, align: area.align };
  }

  return {
    isEmpty: () => placed === 0,
    cursorDots: () => cursor,
    hasRoomFor: (widthDots) => cursor + widthDots <= area.widthDots || cursor === 0,
    isFull: () => placed >= MAX_PIECES_PER_LINE,
    placeText(text, cellDots, heightDots, style) {
      const widthDots = cellDots * style.widthScale;
      const last = pieces.at(-1);
      if (last !== undefined && last.xDots + last.widthDots === cursor && isSameStyle(last.style, style)) {
        last.text += text;
        last.widthDots += widthDots;
        last.characterDots.push(cellDots);
      } else {
        pieces.push({ text, xDots: cursor, widthDots, characterDots: [cellDots], style });
      }
      placed += 1;
      advance(widthDots, heightDots);
    },
    placeImage(image) {
      images.push({ ...image, xDots: cursor });
      placed += 1;
      advance(image.widthDots, image.heightDots);
    },
    moveTo(xDots) {
      if (xDots < 0 || xDots > area.widthDots) return;
      cursor = xDots;
    },
    skip(dots) {
      cursor += dots;
    },
    print(lineSpacingDots, isUpsideDown) {
      const shift = area.leftDots + alignShift(area, extent);
      const line: LineElement = {
        kind: 'line',
        runs: pieces.map((piece) => toRun(piece, shift)),
        images: images.map((image) => ({ ...image, xDots: image.xDots + shift })),
        advanceDots: Math.max(lineSpacingDots, tallest),
        heightDots: tallest,
        isUpsideDown,
      };
      clear();
      return line;
    },
    clear,
    setArea(next) {
      area = next;
    },
    area: () => area,
  };
}
