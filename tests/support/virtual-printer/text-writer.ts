/** Turns text bytes into placed characters: code pages, Chinese mode, character cells and wrapping. */
import { CHINESE_CELL_DOTS, FONT_CELL, type TextStyle } from './decoded-doc.ts';
import { asciiCharacter, codePageCharacter } from './code-pages.ts';
import type { DecoderContext } from './decoder-context.ts';
import { hexByte } from './escpos-frames.ts';
import { createGb18030Assembler, type Gb18030Step } from './gb18030-assembler.ts';
import type { PrinterModes } from './printer-modes.ts';

type TextWriter = {
  readonly push: (byte: number) => void;
  /** A command or control byte came: a half-received Chinese character will never be completed. */
  readonly interrupt: () => void;
  /** Forgets a half-received character without printing anything. */
  readonly reset: () => void;
};

/** Printed where the bytes name no character, as Chinese printers do. */
const UNKNOWN_CHARACTER = '〓';

function styleOf(modes: PrinterModes, isChinese: boolean): TextStyle {
  const scale = isChinese ? modes.chineseScale : modes.westernScale;
  return {
    font: modes.font,
    isBold: modes.isBold,
    widthScale: scale.width,
    heightScale: scale.height,
    underlineDots: isChinese ? modes.chineseUnderlineDots : modes.westernUnderlineDots,
    isInverted: modes.isInverted,
  };
}

export function createTextWriter(context: DecoderContext): TextWriter {
  const { modes, line, warn } = context;
  const assembler = createGb18030Assembler();

  function place(text: string, isChinese: boolean): void {
    const style = styleOf(modes, isChinese);
    const cell = FONT_CELL[modes.font];
    const cellDots = isChinese ? CHINESE_CELL_DOTS : cell.widthDots;
    const widthDots = cellDots * style.widthScale;
    const heightDots = (isChinese ? CHINESE_CELL_DOTS : cell.heightDots) * style.heightScale;
    const leftSpace = isChinese ? modes.chineseSpacingDots.left * style.widthScale : 0;
    const rightSpace = isChinese ? modes.chineseSpacingDots.right : modes.rightSpacingDots;
    if (!line.hasRoomFor(leftSpace + widthDots) || line.isFull()) {
      warn('line-wrapped', `'${text}' did not fit the line`);
      context.printLine();
    }
    line.skip(leftSpace);
    line.placeText(text, cellDots, heightDots, style);
    line.skip(rightSpace * style.widthScale);
  }

  function placeHighByte(byte: number): void {
    warn('high-byte-outside-chinese-mode', hexByte(byte));
    const character = codePageCharacter(modes.codePage, byte);
    if (character === undefined) warn('unknown-code-page', `ESC t ${String(modes.codePage)}`);
    place(character ?? '?', false);
  }

  function applyStep(step: Gb18030Step): void {
    switch (step.kind) {
      case 'need-more':
        return;
      case 'ascii':
        place(asciiCharacter(modes.internationalSet, step.byte), false);
        return;
      case 'character':
        if (step.byteLength === 4) warn('four-byte-character', `'${step.text}' is missing in most printers`);
        place(step.text, true);
        return;
      case 'bad':
        warn('undecodable-gb18030', step.bytes.map(hexByte).join(' '));
        place(UNKNOWN_CHARACTER, true);
        for (const byte of step.retry) applyStep(assembler.push(byte));
    }
  }

  return {
    push(byte) {
      if (modes.isChineseMode) applyStep(assembler.push(byte));
      else if (byte < 0x80) place(asciiCharacter(modes.internationalSet, byte), false);
      else placeHighByte(byte);
    },
    interrupt() {
      const bytes = assembler.abandon();
      if (bytes.length > 0) applyStep({ kind: 'bad', bytes, retry: [] });
    },
    reset() {
      assembler.abandon();
    },
  };
}
