// The composition root of the passenger's pages.
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/page.css';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { startServiceWorker } from './fly-mode/service-worker-link.ts';
import { openPhone } from './phone.ts';
import { createPhoneRouter } from './router.ts';
import { keepableHolder } from './storage/keepable-holder.ts';
import { openIndexedDbStorage } from './storage/indexed-db-storage.ts';
import { usePhone } from './stores/phone-store.ts';

const app = createApp(App);
app.use(createPinia());
app.config.errorHandler = (error) => {
  console.error('the page failed', error);
};

const store = usePhone();
startServiceWorker((takeOver) => {
  store.takeOver = takeOver;
});

try {
  const storage = await openIndexedDbStorage(indexedDB);
  await store.begin(
    openPhone({
      baseUrl: '',
      fetch: (input, init) => fetch(input, init),
      storage,
      crypto: globalThis.crypto,
      nowMs: Date.now,
      newHolder: () => keepableHolder(globalThis.crypto, indexedDB),
    }),
  );
} catch (error) {
  // The App shows what the passenger can do about it.
  console.error('the phone could not be opened', error);
}
// After the phone is open: the first screen depends on what it holds.
app.use(createPhoneRouter());
app.mount('#app');
if (store.isOpen) void store.catchUp();
