/** A serial cable made of a pseudo-terminal: `socat` holds the printer's side, the till opens the path like a real port. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cable, CableSocket } from './cable.ts';

/** The till may run as another user (Electron in a container often does). */
const ANYONE_MAY_READ_AND_WRITE = 0o666;
const ANYONE_MAY_ENTER = 0o755;

/** Resolves once socat says that it moves data; rejects when it cannot start. */
function waitUntilReady(socat: ChildProcessWithoutNullStreams): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    socat.stderr.setEncoding('utf8');
    socat.stderr.on('data', (text: string) => {
      log = (log + text).slice(-4096);
      if (log.includes('starting data transfer loop')) resolve();
    });
    socat.once('error', (cause) => {
      reject(new Error('socat did not start; it must be installed (Debian package socat)', { cause }));
    });
    socat.once('exit', () => {
      reject(new Error(`socat ended at once: ${log}`));
    });
  });
}

/** Parsed away from the pipe's life: writing to a pipe whose reader has just gone is what unplugging looks like. */
function ignorePipeErrors(socat: ChildProcessWithoutNullStreams): void {
  socat.stdin.on('error', () => undefined);
  socat.stdout.on('error', () => undefined);
}

async function plugIn(path: string, onBytes: (bytes: Uint8Array) => void): Promise<Cable> {
  const socat = spawn('socat', ['-d', '-d', `pty,raw,echo=0,link=${path},mode=666`, 'STDIO']);
  const hasExited = new Promise<void>((resolve) => {
    socat.once('close', () => {
      resolve();
    });
  });
  ignorePipeErrors(socat);
  await waitUntilReady(socat);
  await chmod(await realpath(path), ANYONE_MAY_READ_AND_WRITE);
  let isPlugged = true;
  socat.stdout.on('data', (bytes: Buffer) => {
    if (isPlugged) onBytes(bytes);
  });
  return {
    send(bytes) {
      if (isPlugged) socat.stdin.write(bytes);
    },
    setReading(isReading) {
      if (isReading) socat.stdout.resume();
      else socat.stdout.pause();
    },
    async unplug() {
      isPlugged = false;
      socat.kill('SIGTERM');
      socat.stdout.resume(); // a paused pipe would keep the process's end from being noticed
      await hasExited;
      await rm(path, { force: true });
    },
  };
}

/** A place for the device: a fresh folder anyone may enter, with the device's path in it. */
export async function createPtySocket(): Promise<CableSocket> {
  const folder = await mkdtemp(join(tmpdir(), 'cabintill-printer-'));
  await chmod(folder, ANYONE_MAY_ENTER);
  const path = join(folder, 'printer');
  return {
    address: path,
    plugIn: (onBytes) => plugIn(path, onBytes),
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}
