// A QR code as one SVG path: rows of dark modules, with the quiet zone around them.
import { create, type QRCodeErrorCorrectionLevel } from 'qrcode';

/** Modules of white around a code (ISO/IEC 18004). */
const QUIET = 4;

export type QrDrawing = {
  readonly path: string;
  /** Modules along one side, quiet zone included. */
  readonly modules: number;
};

type QrLook = {
  readonly level: QRCodeErrorCorrectionLevel;
  /** Forces a size, so that several codes shown in turn do not jump. */
  readonly version?: number;
  /** The text is of the alphanumeric alphabet (our own codes are): a smaller code than bytes would give. */
  readonly isAlphanumeric?: boolean;
};

export function drawQr(text: string, look: QrLook): QrDrawing {
  const { modules } = encodeQr(text, look);
  let path = '';
  for (let y = 0; y < modules.size; y++) {
    for (let x = 0; x < modules.size;) {
      const start = x;
      while (x < modules.size && modules.get(y, x) !== 0) x++;
      if (x === start) x++;
      else
        path += `M${(start + QUIET).toString()} ${(y + QUIET).toString()}h${(x - start).toString()}v1H${(start + QUIET).toString()}z`;
    }
  }
  return { path, modules: modules.size + 2 * QUIET };
}

/** Codes of one size for texts that belong together. */
export function drawQrSeries(texts: readonly string[], look: Omit<QrLook, 'version'>): readonly QrDrawing[] {
  const version = Math.max(...texts.map((text) => encodeQr(text, look).version));
  return texts.map((text) => drawQr(text, { ...look, version }));
}

function encodeQr(
  text: string,
  { level, version, isAlphanumeric = false }: QrLook,
): ReturnType<typeof create> {
  const content = isAlphanumeric ? [{ data: text, mode: 'alphanumeric' as const }] : text;
  return create(content, { errorCorrectionLevel: level, ...(version === undefined ? {} : { version }) });
}
