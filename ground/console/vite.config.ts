import { resolve } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [vue()],
  build: {
    target: ['chrome109', 'edge109', 'firefox115', 'safari16.4'],
    outDir: resolve(import.meta.dirname, '../../out/ground/console'),
    emptyOutDir: true,
    // Every asset is a file: nothing is written into the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
});
