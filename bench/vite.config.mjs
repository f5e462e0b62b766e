// Builds the benchmarks' page with the peers of bench/package.json. Called by bench/run.mjs.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('page'),
  resolve: { alias: { 'zod/mini': at('../src/contracts/light.ts') } },
  define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' },
  build: { outDir: at('../dist/bench'), emptyOutDir: true, target: 'chrome120', chunkSizeWarningLimit: 4_000 },
});
