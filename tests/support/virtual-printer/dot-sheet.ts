/** The printable strip of paper as dots: as wide as the print head, as long as needed. */

export type DotSheet = {
  readonly widthDots: number;
  readonly heightDots: () => number;
  /** Makes the sheet at least this long. */
  readonly extendTo: (heightDots: number) => void;
  /** Dots outside the sheet are lost, as on paper. */
  readonly blacken: (x: number, y: number, width: number, height: number) => void;
  readonly invert: (x: number, y: number, width: number, height: number) => void;
  /** Turns the full-width strip from `top` for `height` dots upside down. */
  readonly rotate: (top: number, height: number) => void;
  readonly isBlack: (x: number, y: number) => boolean;
};

export function createDotSheet(widthDots: number): DotSheet {
  let height = 0;
  let dots = new Uint8Array(widthDots * 256);

  function extendTo(wanted: number): void {
    height = Math.max(height, wanted);
    if (height * widthDots <= dots.length) return;
    const grown = new Uint8Array(Math.max(height * widthDots, dots.length * 2));
    grown.set(dots);
    dots = grown;
  }

  function paint(x: number, y: number, width: number, rows: number, dotFor: (old: number) => number): void {
    const right = Math.min(widthDots, x + width);
    const bottom = Math.min(height, y + rows);
    for (let row = Math.max(0, y); row < bottom; row += 1) {
      for (let column = Math.max(0, x); column < right; column += 1) {
        const index = row * widthDots + column;
        dots[index] = dotFor(dots[index] ?? 0);
      }
    }
  }

  return {
    widthDots,
    heightDots: () => height,
    extendTo,
    blacken: (x, y, width, rows) => {
      paint(x, y, width, rows, () => 1);
    },
    invert: (x, y, width, rows) => {
      paint(x, y, width, rows, (old) => 1 - old);
    },
    rotate(top, rows) {
      const strip = dots.slice(top * widthDots, (top + rows) * widthDots).reverse();
      dots.set(strip, top * widthDots);
    },
    isBlack: (x, y) => dots[y * widthDots + x] === 1,
  };
}
