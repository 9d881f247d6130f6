import { BrowserWindow } from 'electron';
import type { Settings } from '../../bridge/settings.ts';
import { APP_ORIGIN } from './app-protocol.ts';

/** The tokens' `--ground` of each theme: what is painted before the page is, so that night never flashes white. */
const GROUND = { day: '#f3f1ec', night: '#0d1218' } as const;

export type WindowPlan = {
  readonly preload: string;
  readonly theme: Settings['theme'];
  readonly language: Settings['language'];
  readonly size: { readonly width: number; readonly height: number };
  readonly areDevToolsAllowed: boolean;
};

export function openTillWindow(plan: WindowPlan): BrowserWindow {
  const window = new BrowserWindow({
    ...plan.size,
    useContentSize: true,
    minWidth: 800,
    minHeight: 700,
    show: false,
    backgroundColor: GROUND[plan.theme],
    autoHideMenuBar: true,
    title: 'CabinTill',
    webPreferences: {
      preload: plan.preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      // A till in the background still has to take a scan and print.
      backgroundThrottling: false,
      devTools: plan.areDevToolsAllowed,
    },
  });
  window.removeMenu();
  window.once('ready-to-show', () => {
    window.show();
  });
  void window.loadURL(`${APP_ORIGIN}/index.html?theme=${plan.theme}&lang=${plan.language}`);
  return window;
}
