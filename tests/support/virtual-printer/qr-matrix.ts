/** From a QR payload to its black and white modules. */
import QRCode from 'qrcode';
import type { ErrorCorrection } from './decoded-doc.ts';

type QrMatrix = {
  /** Modules per side, quiet zone not counted. */
  readonly size: number;
  readonly isDark: (row: number, column: number) => boolean;
};

const ALPHANUMERIC = /^[0-9A-Z $%*+\-./:]+$/;

/** Printers choose the densest of the modes that can carry the whole payload; undefined when it does not fit any QR. */
export function qrMatrixOf(data: Uint8Array, errorCorrection: ErrorCorrection): QrMatrix | undefined {
  if (data.length === 0 || data.length > 7089) return undefined;
  const text = new TextDecoder('latin1').decode(data);
  const segment: QRCode.QRCodeSegment = /^[0-9]+$/.test(text)
    ? { mode: 'numeric', data: text }
    : ALPHANUMERIC.test(text)
      ? { mode: 'alphanumeric', data: text }
      : { mode: 'byte', data: Uint8ClampedArray.from(data) };
  try {
    const { modules } = QRCode.create([segment], { errorCorrectionLevel: errorCorrection });
    return { size: modules.size, isDark: (row, column) => modules.get(row, column) !== 0 };
  } catch {
    return undefined; // the library's only answer to "too much data" is an exception
  }
}
