// The composition root of the renderer: the only place that knows the window's bridge.
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import type { TillBridge } from '../bridge/contract.ts';
import App from './App.vue';
import { FIRST_ROWS } from './composables/use-first-rows.ts';
import { keepFontsLoaded, loadCommonFonts, loadFontsFor } from './fonts/load-fonts.ts';
import type { ReadyAnswer } from './ledger/catch-up.ts';
import { deleteLedger } from './ledger/open-ledger.ts';
import { createScanSounds, SCAN_SOUNDS } from './scanning/scan-sounds.ts';
import { useSessionStore } from './stores/session-store.ts';
import { useSettingsStore } from './stores/settings-store.ts';
import { openTill } from './till/open-till.ts';

declare global {
  interface Window {
    /** What the preload provides. */
    readonly till: TillBridge;
  }
}

/** What the sell screen shows of the flight before anybody has touched it. */
function textInView({ flight, crew }: ReadyAnswer): string {
  const { categories, items } = flight.catalogue;
  const names = [...categories, ...items.slice(0, FIRST_ROWS)].map(({ zh, en }) => zh + en);
  return JSON.stringify([crew, flight.cities, names]);
}

function reload(): void {
  window.location.reload();
}

// Asked for before anything else: the files are on their way while the ledger opens.
const fontsReady = loadCommonFonts();

const app = createApp(App, {
  onTryAgain: reload,
  onRebuild: () => {
    deleteLedger().then(reload, reload);
  },
});
app.use(createPinia());
app.provide(SCAN_SOUNDS, createScanSounds());
app.config.errorHandler = (error) => {
  console.error('the screen failed', error);
};

const session = useSessionStore();
const settings = useSettingsStore();
app.mount('#app');
keepFontsLoaded(document.body);

const opened = await openTill({ bridge: window.till, onLedgerFault: session.block });
// No word is shown in one font and then in another.
await fontsReady;
if (opened.ok) {
  await loadFontsFor(textInView(opened.value.answer));
  session.begin(opened.value);
  settings.adopt(opened.value.answer.settings);
} else {
  session.block(opened.error);
}
// Chromium may clear what it was not asked to keep; it promises nothing, and asking costs nothing (journal.md 5.4).
void navigator.storage.persist();
