/** Gathers printed elements and warnings into one DecodedDoc, with limits no real slip reaches. */
import type { CharactersPerLine, DecodedDoc, DecodeWarning, PaperElement } from './decoded-doc.ts';

/** 5,000 lines are about 19 m of paper. */
const MAX_ELEMENTS = 5_000;
const MAX_WARNINGS = 500;
const MAX_PICTURE_BYTES = 4_194_304;

type CollectedEvent =
  | { readonly kind: 'printed'; readonly element: PaperElement }
  | { readonly kind: 'warned'; readonly warning: DecodeWarning };

type SlipCollector = {
  readonly add: (event: CollectedEvent) => void;
  /** What is on the paper since the last `take`, without taking it. */
  readonly peek: () => DecodedDoc;
  readonly take: () => DecodedDoc;
};

function pictureBytes(element: PaperElement): number {
  if (element.kind === 'raster') return element.bits.length;
  if (element.kind === 'qr') return element.data.length;
  if (element.kind !== 'line') return 0;
  return element.images.reduce((sum, image) => sum + image.bits.length, 0);
}

/** Beyond the limits everything but the first `slip-too-long` warning is dropped, so that any stream fits in memory. */
export function createSlipCollector(cpl: CharactersPerLine): SlipCollector {
  let elements: PaperElement[] = [];
  let warnings: DecodeWarning[] = [];
  let keptPictureBytes = 0;
  let isFull = false;

  function overflow(atByte: number): void {
    if (isFull) return;
    isFull = true;
    warnings.push({ kind: 'slip-too-long', detail: 'the rest of this slip is not kept', atByte });
  }

  const peek = (): DecodedDoc => ({ cpl, elements: [...elements], warnings: [...warnings] });

  return {
    add(event) {
      if (event.kind === 'warned') {
        if (warnings.length < MAX_WARNINGS) warnings.push(event.warning);
        return;
      }
      const bytes = pictureBytes(event.element);
      if (elements.length >= MAX_ELEMENTS || keptPictureBytes + bytes > MAX_PICTURE_BYTES) {
        overflow(warnings.at(-1)?.atByte ?? 0);
        return;
      }
      keptPictureBytes += bytes;
      elements.push(event.element);
    },
    peek,
    take() {
      const doc = peek();
      elements = [];
      warnings = [];
      keptPictureBytes = 0;
      isFull = false;
      return doc;
    },
  };
}
