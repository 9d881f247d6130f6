import { resolve } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';

// Electron 33 is the oldest runtime the till starts in: newer syntax would be a blank page there.
const NODE = 'node20.18';
const CHROME = 'chrome130';

/** Only the native part of serialport stays outside the bundle: it finds its prebuilt binary by its own folder. */
const NATIVE = ['electron', /^node:/, '@serialport/bindings-cpp'];

export default defineConfig({
  main: {
    build: {
      target: NODE,
      outDir: 'out/electron',
      emptyOutDir: false,
      externalizeDeps: false,
      rolldownOptions: {
        input: { main: 'electron/main.ts', 'test-main': 'tests/e2e/root/test-main.ts' },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
        external: NATIVE,
      },
    },
  },
  preload: {
    build: {
      target: NODE,
      outDir: 'out/electron',
      emptyOutDir: false,
      externalizeDeps: false,
      rolldownOptions: {
        input: { preload: 'electron/preload.ts' },
        // A sandboxed preload must be CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
        external: ['electron'],
      },
    },
  },
  renderer: {
    root: 'renderer',
    base: './',
    plugins: [vue()],
    worker: { format: 'es' },
    build: {
      target: CHROME,
      outDir: resolve(import.meta.dirname, 'out/renderer'),
      emptyOutDir: true,
      // The policy allows no data: URLs; every asset is a file.
      assetsInlineLimit: 0,
      minify: true,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: 'renderer/index.html' },
    },
  },
});
