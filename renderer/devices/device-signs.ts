// Which word says how a device is: one for each thing the crew can do about it.
import type { PrinterState, ScannerState } from '../../bridge/contract.ts';

type PortSign = `port-${Extract<ScannerState, { kind: 'no-port' }>['why']}`;

/** A roll that will soon end and the reasons why a port does not open have words of their own. */
export type PrinterSign = Exclude<PrinterState['kind'], 'no-port'> | 'paper-low' | PortSign;
export type ScannerSign = Exclude<ScannerState['kind'], 'no-port'> | PortSign;

export function printerSignOf(state: PrinterState): PrinterSign {
  if (state.kind === 'no-port') return `port-${state.why}`;
  return state.kind === 'ready' && state.isPaperLow ? 'paper-low' : state.kind;
}

export function scannerSignOf(state: ScannerState): ScannerSign {
  return state.kind === 'no-port' ? `port-${state.why}` : state.kind;
}
