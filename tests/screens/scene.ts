import type { Settings } from '../../bridge/settings.ts';
import type { Photographer } from '../demo/photographer.ts';
import type { VirtualPrinter } from '../support/virtual-printer/virtual-printer.ts';
import type { WindowTill } from '../support/window-till.ts';

export type Look = {
  readonly name: string;
  readonly language: Settings['language'];
  readonly theme: Settings['theme'];
  readonly size: string;
};

export type Scene = {
  readonly till: WindowTill;
  readonly printer: VirtualPrinter;
  readonly shoot: Photographer;
};
