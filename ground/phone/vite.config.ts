import { resolve } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { precacheList } from './build/precache-list.ts';

const OUT = resolve(import.meta.dirname, '../../out/ground/phone');

export default defineConfig({
  root: import.meta.dirname,
  base: '/phone/',
  plugins: [vue(), precacheList(OUT)],
  worker: { format: 'es' },
  build: {
    // Phones of about 2021 and newer: DecompressionStream('deflate-raw') is asked for anyway.
    target: ['chrome103', 'safari16.4', 'firefox113'],
    outDir: OUT,
    emptyOutDir: true,
    // The policy allows no data: URLs for scripts and styles; every asset is a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        index: resolve(import.meta.dirname, 'index.html'),
        'service-worker': resolve(import.meta.dirname, 'service-worker/service-worker.ts'),
      },
      output: {
        // The service worker keeps its name: a browser looks for the next one where it found the last.
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
