/** Commands that change how characters look and where lines stand. */
import { FONT_CELL, PRINTABLE_DOTS, type DrawerKickElement } from './decoded-doc.ts';
import { word, type CommandTable, type DecoderContext } from './decoder-context.ts';
import {
  alignOf,
  DEFAULT_LINE_SPACING_DOTS,
  plainDigit,
  scaleOf,
  underlineOf,
  type Scale,
} from './printer-modes.ts';

function isOdd(parameter: number | undefined): boolean {
  return ((parameter ?? 0) & 1) === 1;
}

function printModeScale(value: number): Scale {
  return { width: (value & 0x20) === 0 ? 1 : 2, height: (value & 0x10) === 0 ? 1 : 2 };
}

function chineseModeScale(value: number): Scale {
  return { width: (value & 0x04) === 0 ? 1 : 2, height: (value & 0x08) === 0 ? 1 : 2 };
}

export function styleCommands({ modes }: DecoderContext): CommandTable {
  const setBold = (parameters: Uint8Array): void => {
    modes.isBold = isOdd(parameters[0]);
  };
  return {
    'ESC E': setBold,
    'ESC G': setBold,
    'ESC -': ([n]) => {
      modes.westernUnderlineDots = underlineOf(n);
    },
    'FS -': ([n]) => {
      modes.chineseUnderlineDots = underlineOf(n);
    },
    'ESC M': ([n]) => {
      modes.font = plainDigit(n) === 1 ? 'B' : 'A';
    },
    'ESC !': ([n = 0]) => {
      modes.font = isOdd(n) ? 'B' : 'A';
      modes.isBold = (n & 0x08) !== 0;
      modes.westernScale = printModeScale(n);
      modes.westernUnderlineDots = (n & 0x80) === 0 ? 0 : 1;
    },
    'FS !': ([n = 0]) => {
      modes.chineseScale = chineseModeScale(n);
      modes.chineseUnderlineDots = (n & 0x80) === 0 ? 0 : 1;
    },
    'FS W': ([n]) => {
      modes.chineseScale = isOdd(n) ? { width: 2, height: 2 } : { width: 1, height: 1 };
    },
    'GS !': ([n]) => {
      modes.westernScale = scaleOf(n);
      modes.chineseScale = scaleOf(n);
    },
    'GS B': ([n]) => {
      modes.isInverted = isOdd(n);
    },
    'FS &': () => {
      modes.isChineseMode = true;
    },
    'FS .': () => {
      modes.isChineseMode = false;
    },
    'FS C': () => undefined, // code system of Japanese models; Chinese models have one code system
    'FS S': ([left = 0, right = 0]) => {
      modes.chineseSpacingDots = { left, right };
    },
    'ESC SP': ([n = 0]) => {
      modes.rightSpacingDots = n;
    },
    'ESC t': ([n = 0]) => {
      modes.codePage = n;
    },
    'ESC R': ([n = 0]) => {
      modes.internationalSet = n;
    },
  };
}

export function layoutCommands(context: DecoderContext): CommandTable {
  const { modes, line, warn, cpl } = context;
  const printableDots = PRINTABLE_DOTS[cpl];

  function applyArea(): void {
    const leftDots = Math.min(modes.areaLeftDots, printableDots - FONT_CELL.A.widthDots);
    modes.areaLeftDots = leftDots;
    modes.areaWidthDots = Math.min(modes.areaWidthDots, printableDots - leftDots);
    line.setArea({ leftDots, widthDots: modes.areaWidthDots, align: modes.align });
  }

  return {
    'ESC a': ([n]) => {
      const align = alignOf(n);
      if (align === undefined || align === modes.align) return;
      if (!line.isEmpty()) {
        warn('align-ignored-mid-line', `ESC a ${align} after text on the same line`);
        return;
      }
      modes.align = align;
      applyArea();
    },
    'GS L': (parameters) => {
      if (!line.isEmpty()) return;
      modes.areaLeftDots = word(parameters, 0);
      applyArea();
    },
    'GS W': (parameters) => {
      if (!line.isEmpty()) return;
      modes.areaWidthDots = Math.max(word(parameters, 0), FONT_CELL.A.widthDots);
      applyArea();
    },
    'ESC $': (parameters) => {
      line.moveTo(word(parameters, 0));
    },
    'ESC \\': (parameters) => {
      const raw = word(parameters, 0);
      line.moveTo(line.cursorDots() + (raw >= 0x8000 ? raw - 0x10000 : raw));
    },
    'ESC D': (parameters) => {
      modes.tabStopsColumns = [...parameters].filter((stop) => stop > 0).slice(0, 32);
    },
    'ESC 2': () => {
      modes.lineSpacingDots = DEFAULT_LINE_SPACING_DOTS;
    },
    'ESC 3': ([n = 0]) => {
      modes.lineSpacingDots = n;
    },
    'ESC {': ([n]) => {
      modes.isUpsideDown = isOdd(n);
    },
  };
}

function drawerKick(pinParameter: number | undefined, onMs: number, offMs: number): DrawerKickElement {
  return { kind: 'drawer-kick', pin: plainDigit(pinParameter) === 1 ? 5 : 2, onMs, offMs };
}

/** The knife sits about 11 mm behind the head: a cut that does not feed first leaves the last lines in the printer. */
const HEAD_TO_CUTTER_DOTS = 90;

export function paperCommands(context: DecoderContext): CommandTable {
  const { modes, line, emit, warn } = context;

  function flushLine(): void {
    if (!line.isEmpty()) context.printLine();
  }

  function cut(mode: 'full' | 'partial', isFeeding: boolean, feedDots: number): void {
    if (!line.isEmpty()) warn('cut-with-unprinted-text', 'a cut before the line feed that prints the text');
    flushLine();
    if (!isFeeding && context.blankDots() < HEAD_TO_CUTTER_DOTS) {
      warn(
        'cut-through-text',
        `only ${String(context.blankDots())} dots fed before a cut that does not feed`,
      );
    }
    emit({ kind: 'cut', mode, feedDots });
  }

  return {
    'ESC @': () => {
      context.initialize();
    },
    'ESC d': ([lines = 0]) => {
      flushLine();
      if (lines > 0) emit({ kind: 'feed', lines, dots: lines * Math.max(modes.lineSpacingDots, 1) });
    },
    'ESC J': ([dots = 0]) => {
      flushLine();
      if (dots > 0) emit({ kind: 'feed', lines: Math.round(dots / DEFAULT_LINE_SPACING_DOTS), dots });
    },
    'ESC p': ([pin, on = 0, off = 0]) => {
      emit(drawerKick(pin, on * 2, off * 2));
    },
    'DLE DC4': ([request, pin, time = 0]) => {
      if (request === 1) emit(drawerKick(pin, time * 100, time * 100));
    },
    'GS V': ([m = 0, n = 0]) => {
      const isFeeding = m >= 65;
      const isPartial = isFeeding ? [66, 98, 104].includes(m) : plainDigit(m) === 1;
      cut(isPartial ? 'partial' : 'full', isFeeding, isFeeding ? n : 0);
    },
    'ESC i': () => {
      cut('full', false, 0);
    },
    'ESC m': () => {
      cut('partial', false, 0);
    },
  };
}

export function queryCommands({ ask }: DecoderContext): CommandTable {
  return {
    'DLE EOT': ([n = 0]) => {
      ask({ kind: 'real-time-status', n });
    },
    'DLE ENQ': ([n = 0]) => {
      ask({ kind: 'real-time-recover', n });
    },
    'GS r': ([n]) => {
      ask({ kind: 'sensor-status', n: plainDigit(n) });
    },
    'GS I': ([n = 0]) => {
      ask({ kind: 'printer-id', n });
    },
    'GS a': ([mask = 0]) => {
      ask({ kind: 'automatic-status', mask });
    },
  };
}
