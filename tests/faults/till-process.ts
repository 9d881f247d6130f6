// The till as a process of its own, started as a crew starts it and ended as nobody should; its window is worked over
// a socket that a page's death does not close.
import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from '@playwright/test';
import type { HandAnswer, HandQuestion, Processes } from '../e2e/root/remote-hand.ts';

export type TillProcess = {
  readonly pid: number;
  /** Resolves when main has ended, however. */
  readonly ended: Promise<void>;
  /** Answers null where the till is too dead to answer, or not there yet. */
  readonly ask: (question: Unnumbered<HandQuestion>) => Promise<unknown>;
  readonly processes: () => Promise<Processes | null>;
  /** The last words on stderr, for whoever looks for a reason. */
  readonly lastWords: () => string;
  readonly quit: () => Promise<void>;
};

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

const ANSWER_WITHIN_MS = 2000;
const LAST_WORDS_CHARS = 4000;
export const LOOK_AGAIN = { intervals: [4, 4, 8, 8, 16, 32, 50] };

/** Starts the end-to-end tests' root in a demo folder. The window need not be there yet when this returns. */
export function startTill(dir: string): TillProcess {
  const { CABINTILL_ELECTRON: executable, CABINTILL_APP_DIR: appDir } = process.env;
  if (executable === undefined || appDir === undefined) throw new Error('run through `npm run check`');
  const socketPath = join(dir, 'hand.sock');
  // A killed till leaves its socket behind, where the next cannot listen.
  rmSync(socketPath, { force: true });
  const main = join(appDir, 'out', 'electron', 'test-main.js');
  const child = spawn(executable, [main, `--demo=${dir}`, `--hand=${socketPath}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  const line = openLine(socketPath, child);
  let lastWords = '';
  child.stderr.on('data', (chunk: Buffer) => {
    const said = chunk
      .toString()
      .split('\n')
      .filter((text) => text !== '' && !isUsualNoise(text));
    lastWords = [lastWords, ...said].join('\n').slice(-LAST_WORDS_CHARS);
  });
  return {
    pid: child.pid ?? 0,
    ended,
    ask: line.ask,
    processes: async () => (await line.ask({ ask: 'processes' })) as Processes | null,
    lastWords: () => lastWords,
    quit: async () => {
      await expect
        .poll(async () => {
          if (child.exitCode === null && child.signalCode === null) await line.ask({ ask: 'quit' });
          return child.exitCode !== null || child.signalCode !== null;
        }, LOOK_AGAIN)
        .toBe(true);
      line.hangUp();
    },
  };
}

/** A machine without a session bus or a graphics card says so at every start. */
function isUsualNoise(text: string): boolean {
  return /bus\.cc|viz_main_impl|command_buffer_proxy/.test(text);
}

type Line = { readonly ask: TillProcess['ask']; readonly hangUp: () => void };

function openLine(path: string, child: ChildProcess): Line {
  let socket: Socket | null = null;
  let nextId = 1;
  const waiting = new Map<number, (value: unknown) => void>();
  const hangUp = (): void => {
    socket?.destroy();
    socket = null;
    for (const give of waiting.values()) give(null);
    waiting.clear();
  };
  child.once('exit', hangUp);

  const dial = (): Promise<Socket | null> =>
    new Promise((resolve) => {
      const dialled = connect(path);
      dialled.once('connect', () => {
        const lines = createInterface({ input: dialled });
        lines.on('line', (text) => {
          const { id, value } = JSON.parse(text) as HandAnswer;
          waiting.get(id)?.(value);
          waiting.delete(id);
        });
        // Readline passes on what its input suffers.
        lines.on('error', hangUp);
        resolve(dialled);
      });
      dialled.on('error', () => {
        resolve(null);
      });
      dialled.once('close', hangUp);
    });

  return {
    hangUp,
    ask: async (question) => {
      socket ??= await dial();
      if (socket === null) return null;
      const id = nextId++;
      const answered = new Promise<unknown>((resolve) => waiting.set(id, resolve));
      socket.write(`${JSON.stringify({ id, ...question })}\n`);
      // A page that is being loaded anew may leave a question unanswered.
      let timer: NodeJS.Timeout | undefined;
      const silence = new Promise<null>((resolve) => {
        timer = setTimeout(resolve, ANSWER_WITHIN_MS, null);
      });
      const answer = await Promise.race([answered, silence]);
      clearTimeout(timer);
      return answer;
    },
  };
}
