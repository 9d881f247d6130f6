// One process at a time in an embedded database's folder: two would destroy it. The lock is a name that the operating
// system gives to one listener at a time and takes back when that process ends, however it ends.
import { createHash } from 'node:crypto';
import { realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type FolderLock = { readonly release: () => Promise<void> };

/** Null: another process on this machine has the folder. The folder must be there. */
export async function lockFolder(folder: string): Promise<FolderLock | null> {
  const name = addressOf(await realpath(folder));
  const server = (await listen(name)) ?? (await takeOver(name));
  if (server === null) return null;
  server.unref();
  return {
    release: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  };
}

function addressOf(folder: string): string {
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  // Linux and Windows have names outside the file system, which cannot be left behind.
  if (process.platform === 'linux') return `\0cabintill-${hash}`;
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\cabintill-${hash}`
    : join(tmpdir(), `cabintill-${hash}.sock`);
}

function listen(name: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    server.listen(name, () => {
      resolve(server);
    });
  });
}

/** Where names are files, one may have been left by a process that died: then nobody answers. */
async function takeOver(name: string): Promise<Server | null> {
  if (process.platform === 'linux' || process.platform === 'win32') return null;
  const isAnswered = await new Promise<boolean>((resolve) => {
    const socket = connect(name, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
  if (isAnswered) return null;
  await rm(name, { force: true });
  return await listen(name);
}
