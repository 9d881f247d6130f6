/** The status bytes of ESC/POS, from Epson's tables for DLE EOT, GS r, GS I and GS a. */

export type PaperLevel = 'ok' | 'near-end' | 'out';

export type PrinterFault = 'none' | 'cutter-jam' | 'overheated';

export type PrinterCondition = {
  readonly paper: PaperLevel;
  readonly isCoverOpen: boolean;
  readonly fault: PrinterFault;
};

export function isPrinterOnline(condition: PrinterCondition): boolean {
  return condition.paper !== 'out' && !condition.isCoverOpen && condition.fault === 'none';
}

/** Bits 1 and 4 are always set, bits 0 and 7 never: a till can tell a status byte from XON, XOFF and rubbish. */
const FIXED = 0x12;

const when = (isSet: boolean, bits: number): number => (isSet ? bits : 0);

/**
 * The answer to `DLE EOT n` (one byte), or undefined for an n this printer does not know.
 * 1 printer: 08h offline. 2 why offline: 04h cover, 20h paper end, 40h error. 3 error: 08h cutter, 40h recovers by itself.
 * 4 roll paper: 0Ch near end, 60h end.
 */
export function realTimeStatus(n: number, condition: PrinterCondition): number | undefined {
  const { paper, isCoverOpen, fault } = condition;
  switch (n) {
    case 1:
      return FIXED | when(!isPrinterOnline(condition), 0x08);
    case 2:
      return FIXED | when(isCoverOpen, 0x04) | when(paper === 'out', 0x20) | when(fault !== 'none', 0x40);
    case 3:
      return FIXED | when(fault === 'cutter-jam', 0x08) | when(fault === 'overheated', 0x40);
    case 4:
      return FIXED | when(paper !== 'ok', 0x0c) | when(paper === 'out', 0x60);
    default:
      return undefined;
  }
}

/** The answer to `GS r n`: 1 = paper sensors (03h near end, 0Ch end), 2 = drawer switch (always 00h here). */
export function sensorStatus(n: number, condition: PrinterCondition): number | undefined {
  if (n === 1) return when(condition.paper !== 'ok', 0x03) | when(condition.paper === 'out', 0x0c);
  return n === 2 ? 0 : undefined;
}

/** The four bytes sent unasked after `GS a` switched automatic status on. */
export function automaticStatus(condition: PrinterCondition): Uint8Array {
  const { paper, isCoverOpen, fault } = condition;
  return Uint8Array.of(
    0x10 | when(!isPrinterOnline(condition), 0x08) | when(isCoverOpen, 0x20),
    when(fault === 'cutter-jam', 0x08) | when(fault === 'overheated', 0x40),
    when(paper !== 'ok', 0x03) | when(paper === 'out', 0x0c),
    0,
  );
}

const NAMES: ReadonlyMap<number, string> = new Map([
  [65, '1.00'],
  [66, 'CabinTill'],
  [67, 'VIRTUAL'],
  [68, 'VP000001'],
  [69, 'GB18030'],
]);

/** The answer to `GS I n`: 1 model 20h, 2 type 03h (two-byte characters, cutter), 3 version 01h; 65..69 as `_name NUL`. */
export function printerId(n: number): Uint8Array | undefined {
  const short = new Map([
    [1, 0x20],
    [2, 0x03],
    [3, 0x01],
  ]).get(n >= 49 && n <= 51 ? n - 48 : n);
  if (short !== undefined) return Uint8Array.of(short);
  const name = NAMES.get(n);
  return name === undefined ? undefined : new TextEncoder().encode(`_${name}\0`);
}
