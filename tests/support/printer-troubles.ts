// What can happen to a printer, how it ends, and what the device bar says of it meanwhile.
import { openToOrdinaryUser } from '../../build/launch.mjs';
import type { BothWords } from './device-bar.ts';
import type { VirtualPrinter } from './virtual-printer/virtual-printer.ts';

export type Trouble = {
  readonly begin: (printer: VirtualPrinter) => unknown;
  readonly end: (printer: VirtualPrinter) => unknown;
  readonly state: string;
  readonly words: BothWords;
};

export const PAPER_OUT: Trouble = {
  begin: (printer) => {
    printer.setPaper('out');
  },
  end: (printer) => {
    printer.setPaper('ok');
  },
  state: 'paper-out',
  words: { zh: '缺纸', en: 'Paper out' },
};
export const COVER_OPEN: Trouble = {
  begin: (printer) => {
    printer.setCover(true);
  },
  end: (printer) => {
    printer.setCover(false);
  },
  state: 'cover-open',
  words: { zh: '打印机盖开', en: 'Printer cover open' },
};
export const JAMMED: Trouble = {
  begin: (printer) => {
    printer.setFault('cutter-jam');
  },
  end: (printer) => {
    printer.setFault('none');
  },
  state: 'offline',
  words: { zh: '打印机离线', en: 'Printer offline' },
};
export const SILENT: Trouble = {
  begin: (printer) => {
    printer.setSilent(true);
  },
  end: (printer) => {
    printer.setSilent(false);
  },
  state: 'no-answer',
  words: { zh: '打印机无应答', en: 'Printer silent' },
};
export const UNPLUG: Trouble = {
  begin: (printer) => printer.vanish(),
  end: async (printer) => {
    await printer.reappear();
    openToOrdinaryUser(printer.address);
  },
  state: 'no-port',
  words: { zh: '打印机未连接', en: 'Printer unplugged' },
};
