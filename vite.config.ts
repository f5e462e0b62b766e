// Builds the two halves of the product: the pages (browser) and the Node programs (bridge, hub, tools).
// `vite build` builds the pages; `vite build --mode node` builds the Node programs. .ci/build.mjs calls both.
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

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
      const files = Object.values(bundle).filter((file) => file.fileName !== 'sw.js' && !/clinic|simulator/.test(file.fileName));
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
