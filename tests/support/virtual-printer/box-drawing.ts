/** Ruled lines, drawn to the very edge of the cell so that neighbours join, which outline fonts do not do at this size. */

type Arms = { readonly up: boolean; readonly right: boolean; readonly down: boolean; readonly left: boolean };

function arms(letters: string): Arms {
  return {
    up: letters.includes('u'),
    right: letters.includes('r'),
    down: letters.includes('d'),
    left: letters.includes('l'),
  };
}

const ARMS: ReadonlyMap<string, Arms> = new Map(
  Object.entries({
    ...{ '─': 'rl', '│': 'ud', '┌': 'rd', '┐': 'dl', '└': 'ur', '┘': 'ul', '╭': 'rd', '╮': 'dl', '╰': 'ur' },
    ...{ '╯': 'ul', '├': 'urd', '┤': 'udl', '┬': 'rdl', '┴': 'url', '┼': 'urdl' },
  }).map(([character, letters]) => [character, arms(letters)]),
);

const STROKE_DOTS = 2;

/** The dots of a ruled-line character, row by row, 1 = black; undefined for any other character. */
export function boxDots(character: string, widthDots: number, heightDots: number): Uint8Array | undefined {
  const shape = ARMS.get(character);
  if (shape === undefined) return undefined;
  const left = Math.floor((widthDots - STROKE_DOTS) / 2);
  const top = Math.floor((heightDots - STROKE_DOTS) / 2);
  const right = left + STROKE_DOTS;
  const bottom = top + STROKE_DOTS;
  return Uint8Array.from({ length: widthDots * heightDots }, (_, index) => {
    const x = index % widthDots;
    const y = Math.floor(index / widthDots);
    const isOnRow = y >= top && y < bottom;
    const isOnColumn = x >= left && x < right;
    const isHorizontal = isOnRow && ((shape.left && x < right) || (shape.right && x >= left));
    const isVertical = isOnColumn && ((shape.up && y < bottom) || (shape.down && y >= top));
    return isHorizontal || isVertical ? 1 : 0;
  });
}
