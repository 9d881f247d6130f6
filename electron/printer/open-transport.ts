import type { SerialPorts } from '../serial/serial-ports.ts';
import { openTcpTransport } from './tcp-transport.ts';
import type { OpenTransport } from './transport.ts';

/** Opens whichever kind of printer the settings name. */
export function createOpenTransport(serialPorts: SerialPorts): OpenTransport {
  return (target, events) =>
    target.kind === 'serial'
      ? serialPorts.open(target.path, target.baud, events)
      : openTcpTransport(target, events);
}
