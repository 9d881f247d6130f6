// Lets a test work the window from outside without a debugger: one JSON question a line over a local socket. Debuggers
// change how the app starts and give a crashed page up; this neither.
import { app, webContents } from 'electron';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** `page`: the value of a script in the page, null while there is no page to ask. */
export type HandQuestion =
  | { readonly id: number; readonly ask: 'page'; readonly script: string }
  | { readonly id: number; readonly ask: 'processes' }
  | { readonly id: number; readonly ask: 'quit' };

export type Processes = { readonly main: number; readonly renderer: number; readonly all: readonly number[] };

export type HandAnswer = { readonly id: number; readonly value: unknown };

/** Listens at the socket named by `--hand=PATH`; does nothing without. */
export function offerHand(argv: readonly string[]): void {
  const path = argv.find((argument) => argument.startsWith('--hand='))?.slice('--hand='.length);
  if (path === undefined) return;
  const server = createServer((socket) => {
    createInterface({ input: socket }).on('line', (line) => {
      void answer(JSON.parse(line) as HandQuestion, socket);
    });
    socket.on('error', () => socket.destroy());
  });
  server.listen(path);
  server.unref();
}

async function answer(question: HandQuestion, socket: Socket): Promise<void> {
  const value = await valueOf(question);
  const answered: HandAnswer = { id: question.id, value: value ?? null };
  if (!socket.destroyed) socket.write(`${JSON.stringify(answered)}\n`);
}

async function valueOf(question: HandQuestion): Promise<unknown> {
  const [contents] = webContents.getAllWebContents();
  switch (question.ask) {
    case 'page':
      if (contents === undefined || contents.isCrashed() || contents.isLoadingMainFrame()) return null;
      return contents.executeJavaScript(question.script).catch(() => null) as Promise<unknown>;
    case 'processes': {
      const isAlive = contents !== undefined && !contents.isCrashed();
      const renderer = isAlive ? contents.getOSProcessId() : 0;
      const all = app.getAppMetrics().map(({ pid }) => pid);
      return { main: process.pid, renderer, all } satisfies Processes;
    }
    case 'quit':
      app.quit();
      return null;
  }
}
