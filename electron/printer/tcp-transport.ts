import { connect, type Socket } from 'node:net';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { PortFault } from '../serial/serial-ports.ts';
import type { PrinterTransport, TransportEvents } from './transport.ts';

const CONNECT_TIMEOUT_MS = 3000;

type Address = { readonly host: string; readonly port: number };

/** A network printer's raw port, usually 9100. */
export function openTcpTransport(
  address: Address,
  { onData, onClosed }: TransportEvents,
): Promise<Result<PrinterTransport, PortFault>> {
  return new Promise((resolve) => {
    const socket = connect(address);
    let isConnected = false;
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => {
      socket.destroy();
      resolve(fail('not-found'));
    });
    socket.once('connect', () => {
      isConnected = true;
      socket.setTimeout(0);
      socket.setNoDelay(true);
      resolve(ok(transportOver(socket)));
    });
    socket.on('data', onData);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      resolve(fail(faultOf(error.code)));
    });
    // A printer that ends its half of the connection is gone, too.
    socket.on('end', () => socket.destroy());
    socket.once('close', () => {
      if (isConnected) onClosed();
    });
  });
}

function transportOver(socket: Socket): PrinterTransport {
  return {
    write: (bytes) =>
      new Promise((resolve) => {
        if (socket.destroyed) {
          resolve(false);
          return;
        }
        socket.write(bytes, (error) => {
          resolve(error === null || error === undefined);
        });
      }),
    close: () =>
      new Promise((resolve) => {
        if (socket.closed) {
          resolve();
          return;
        }
        socket.once('close', () => {
          resolve();
        });
        socket.destroy();
      }),
  };
}

function faultOf(code: string | undefined): PortFault {
  switch (code) {
    case 'ENOTFOUND':
    case 'ECONNREFUSED':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
    case 'EHOSTDOWN':
      return 'not-found';
    case 'EACCES':
    case 'EPERM':
      return 'no-permission';
    default:
      return 'other';
  }
}
