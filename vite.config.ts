// Builds the two halves of the product: the pages (browser) and the Node programs (bridge, hub, tools).
// `vite build` builds the pages; `vite build --mode node` builds the Node programs. .ci/build.mjs calls both.
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Node programs by the name under which `.ci/launch.mjs` starts them. */
const nodePrograms = {
  hub: 'hub/main.ts',
  bridge: 'device/main.ts',
  start: 'device/simulator/start.ts',
  decode: 'device/cli/decode.ts',
  encode: 'device/cli/encode.ts',
  rehearse: 'device/cli/rehearse.ts',
  crash: 'test/tools/crash.ts',
  soak: 'test/tools/soak.ts',
  screenshots: 'test/tools/screenshots.ts',
};

/** Pages by name; a page is served under its own short path by the bridge, the hub or the simulator. */
const pages = {
  gate: 'index.html',
  clinic: 'src/clinic/clinic.html',
  simulator: 'src/simulator/simulator.html',
};

/** Replaces `self.__PRECACHE__` in the service worker by the gate page's files, each with a revision. */
function precacheList(): Plugin {
  return {
    name: 'mengang-precache-list',
    apply: 'build',
    generateBundle(_options, bundle) {
      const worker = bundle['sw.js'];
      if (worker?.type !== 'chunk') return;
      const files = Object.values(bundle).filter(
        (file) => file.fileName !== 'sw.js' && !/clinic|simulator/.test(file.fileName),
      );
      const list = files.map((file) => {
        const body = file.type === 'chunk' ? file.code : file.source;
        const revision = createHash('sha256').update(body).digest('hex').slice(0, 16);
        return { url: file.fileName === 'index.html' ? '/' : `/${file.fileName}`, revision };
      });
      list.push({ url: '/manifest.webmanifest', revision: '1' });
      worker.code = worker.code.replace(/self\.__PRECACHE__/g, JSON.stringify(list));
    },
  };
}

/** Debian's Chromium: Playwright's own browsers are not downloaded. As root it needs --no-sandbox. */
const chromium = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--autoplay-policy=no-user-gesture-required',
  ],
};

const test = {
  projects: [
    {
      extends: true as const,
      test: {
        name: 'unit',
        environment: 'node',
        include: ['test/**/*.test.{ts,tsx}'],
        exclude: ['test/browser/**', 'test/e2e/**'],
        testTimeout: 30_000,
        hookTimeout: 60_000,
      },
    },
    {
      extends: true as const,
      // Named ahead: on a cold cache Vite would find them one by one, reload in mid-run and load two copies of preact.
      optimizeDeps: {
        include: [
          'preact',
          'preact/hooks',
          'preact/jsx-dev-runtime',
          '@preact/signals',
          'idb',
          'zod/mini',
          'axe-core',
          'workbox-window',
        ],
      },
      test: {
        name: 'browser',
        include: ['test/browser/**/*.test.{ts,tsx}'],
        testTimeout: 60_000,
        browser: {
          enabled: true,
          headless: true,
          screenshotFailures: false,
          provider: playwright({
            launchOptions: chromium,
            contextOptions: { locale: 'zh-CN', timezoneId: 'Asia/Shanghai' },
          }),
          instances: [{ browser: 'chromium' as const }],
        },
      },
    },
    {
      extends: true as const,
      test: {
        name: 'e2e',
        environment: 'node',
        include: ['test/e2e/**/*.test.ts'],
        // One at a time: each starts a hub, a bridge and a browser, and the machines have two cores.
        fileParallelism: false,
        testTimeout: 180_000,
        hookTimeout: 120_000,
      },
    },
  ],
};

export default defineConfig(({ mode }) =>
  mode === 'node'
    ? {
        publicDir: false,
        build: {
          ssr: true,
          outDir: 'dist/node',
          emptyOutDir: true,
          target: 'node20',
          sourcemap: true,
          rollupOptions: {
            input: Object.fromEntries(Object.entries(nodePrograms).map(([name, path]) => [name, at(path)])),
            output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
          },
        },
      }
    : {
        plugins: [precacheList()],
        test,
        build: {
          outDir: 'dist/pages',
          emptyOutDir: true,
          target: 'chrome120',
          modulePreload: { polyfill: false },
          rollupOptions: {
            input: {
              ...Object.fromEntries(Object.entries(pages).map(([name, path]) => [name, at(path)])),
              sw: at('src/sw/sw.ts'),
            },
            output: {
              entryFileNames: (chunk) => (chunk.name === 'sw' ? 'sw.js' : 'assets/[name]-[hash].js'),
            },
          },
        },
      },
);
