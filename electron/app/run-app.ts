// The life of the program: scheme, single instance, window, till, and an orderly end.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { app, session, type BrowserWindow } from 'electron';
import { channelOf } from '../../bridge/channels.ts';
import type { StartProblem } from '../../domain/problem.ts';
import { fail, type Result } from '../../domain/result.ts';
import { openIpcDoor } from '../ipc/ipc-door.ts';
import { readSettings } from '../settings/settings-file.ts';
import { createTill, type Till } from '../till/till.ts';
import { APP_ORIGIN, declareAppScheme, serveApp } from './app-protocol.ts';
import type { Composition, Launch } from './compose.ts';
import { readLaunch } from './launch.ts';
import { lockDownContents, lockDownPermissions } from './lock-down.ts';
import { openTillWindow } from './window.ts';

/**
 * Starts the app with the parts `compose` makes; end-to-end tests bring their own. `builtDir` is the folder of the
 * built entry, beside which preload and renderer are found.
 */
export function runApp(
  compose: (launch: Launch, push: Composition['push']) => Composition,
  builtDir: string,
): void {
  const wanted = readLaunch(process.argv, app.isPackaged, app.getPath('userData'));
  const launch = wanted.isDataDirWritable ? wanted : inPassing(wanted);
  app.setPath('userData', launch.dataDir);
  declareAppScheme();
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  let window: BrowserWindow | null = null;
  const composition = compose(launch, (name, value) => {
    if (window !== null && !window.isDestroyed()) window.webContents.send(channelOf(name), value);
  });
  const { log } = composition.ports;
  lockDownContents(app, (what, detail) => {
    log('denied', { what, detail });
  });
  const till = createTill(
    wanted.isDataDirWritable ? composition.ports : { ...composition.ports, readTerminal: refuseFolder },
    composition.serialPorts,
    () => window?.webContents.reload(),
  );
  app.on('second-instance', () => {
    if (window === null) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  app.on('window-all-closed', () => {
    app.quit();
  });
  endOrderly(till);
  void app.whenReady().then(() => {
    lockDownPermissions(session.defaultSession, (what, detail) => {
      log('denied', { what, detail });
    });
    serveApp(session.defaultSession, join(builtDir, '..', 'renderer'));
    openIpcDoor({
      handlers: till.handlers,
      origin: APP_ORIGIN,
      monotonicMs: composition.ports.clock.monotonicMs,
      onRejected: (call, why) => {
        log('call-rejected', { call, why });
      },
    });
    const { theme, language } = readSettings(wanted.dataDir);
    window = openTillWindow({
      preload: join(builtDir, 'preload.cjs'),
      theme,
      language,
      size: launch.size,
      areDevToolsAllowed: !app.isPackaged,
    });
    reviveRenderer(window, log);
    // Not at once: the page waits for this process on its way, and then for its own disk.
    window.webContents.once('dom-ready', till.readAhead);
  });
}

/**
 * Chromium keeps its lock and its profile in the data folder and ends without a word where it cannot. In a folder that
 * is soon forgotten it can at least show a window that says so.
 */
function inPassing(launch: Launch): Launch {
  return { ...launch, dataDir: mkdtempSync(join(tmpdir(), 'cabintill-')) };
}

const refuseFolder = (): Promise<Result<never, StartProblem>> =>
  Promise.resolve(fail({ kind: 'data-folder-not-writable' }));

/** A crashed page is loaded again: the till's state is in main and on the disk, not in the page. */
function reviveRenderer(window: BrowserWindow, log: Composition['ports']['log']): void {
  window.webContents.on('render-process-gone', (_event, details) => {
    log('renderer-gone', { reason: details.reason });
    if (details.reason !== 'clean-exit' && !window.isDestroyed()) window.reload();
  });
}

/** Serial ports must be closed before the process ends, or it aborts (serialport's native part). */
function endOrderly(till: Till): void {
  let hasStopped = false;
  app.on('before-quit', (event) => {
    if (hasStopped) return;
    event.preventDefault();
    void till.stop().finally(() => {
      hasStopped = true;
      app.quit();
    });
  });
}
