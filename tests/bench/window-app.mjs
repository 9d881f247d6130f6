// Runs inside Electron: opens the till or a blank window, and reports from outside the page when it is usable and how
// much memory its processes take. No debugger is attached, so nothing but the program itself is measured.
import { appendFileSync } from 'node:fs';
import { app, BrowserWindow } from 'electron';

const SETTLE_MS = 6000;
const SAMPLES = 5;
const SAMPLE_EVERY_MS = 400;

/**
 * @type {{ target: string | null, blankPage: string, userData: string, probe: string, report: string,
 *   isMemoryWanted: boolean }}
 */
const plan = JSON.parse(process.env['CABINTILL_BENCH'] ?? '');

/** @param {number} forMs */
function pause(forMs) {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}

/** @param {object} fact */
function report(fact) {
  appendFileSync(plan.report, `${JSON.stringify(fact)}\n`);
}

/** Sum of all processes in bytes, as Chromium counts working sets: shared pages count in each. */
function workingSet() {
  return app.getAppMetrics().reduce((sum, { memory }) => sum + memory.workingSetSize * 1024, 0);
}

async function sampleMemory() {
  await pause(SETTLE_MS);
  for (let i = 0; i < SAMPLES; i++) {
    report({ workingSet: workingSet() });
    await pause(SAMPLE_EVERY_MS);
  }
}

app.on('web-contents-created', (_event, contents) => {
  contents.once('did-navigate', () => {
    // Not contents.executeJavaScript: that waits for the page to have loaded.
    void contents.mainFrame.executeJavaScript(plan.probe).then(async (usableAtMs) => {
      report({ usableAtMs });
      if (plan.isMemoryWanted) await sampleMemory();
      app.quit();
    });
  });
});

if (plan.target === null) {
  app.setPath('userData', plan.userData);
  void app.whenReady().then(() => {
    const window = new BrowserWindow({ width: 1280, height: 800, useContentSize: true });
    void window.loadFile(plan.blankPage);
  });
} else {
  await import(plan.target);
}
