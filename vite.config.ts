// Builds the two halves of the product: the pages (browser) and the Node programs (bridge, hub, tools).
// `vite build` builds the pages; `vite build --mode node` builds the Node programs. .ci/build.mjs calls both.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import { minify } from 'terser';
import { type BuildEnvironmentOptions, build, type Plugin, type ResolvedConfig } from 'vite';
import { defineConfig } from 'vitest/config';
import { cacheName, gateShell } from './src/sw/shell.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Node programs by the name under which `.ci/launch.mjs` starts them. */
const nodePrograms = {
  hub: 'hub/main.ts',
  export: 'hub/export-main.ts',
  audit: 'hub/audit-main.ts',
  bridge: 'device/main.ts',
  kiosk: 'device/kiosk/main.ts',
  start: 'device/simulator/start.ts',
  decode: 'device/cli/decode.ts',
  encode: 'device/cli/encode.ts',
  convert: 'device/cli/convert.ts',
  osdp: 'device/cli/osdp.ts',
  play: 'device/cli/play.ts',
  rehearse: 'device/cli/rehearse.ts',
  doctor: 'device/cli/doctor.ts',
  crash: 'test/tools/crash.ts',
  simulate: 'test/tools/simulate.ts',
  powercut: 'test/tools/powercut.ts',
  soak: 'test/tools/soak.ts',
  'soak-queue': 'test/tools/soak-queue.ts',
  'soak-devices': 'test/tools/soak-devices.ts',
  fuzz: 'test/tools/fuzz.ts',
  screenshots: 'test/tools/screenshots.ts',
  surge: 'test/tools/surge.ts',
  shift: 'test/tools/shift.ts',
  bench: 'bench/main.ts',
};

/** Built for themselves after the gate page: a chunk shared with them would bring the gate what only they use. */
const boards = {
  clinic: 'src/clinic/clinic.html',
  office: 'src/office/office.html',
  rounds: 'src/rounds/rounds.html',
  'rounds-sw': 'src/sw/rounds-sw.ts',
  admin: 'src/admin/admin.html',
  simulator: 'src/simulator/simulator.html',
  settings: 'src/settings/settings.html',
};

const revisionOf = (body: string | Uint8Array) => createHash('sha256').update(body).digest('hex').slice(0, 16);

type Bundle = Parameters<Extract<Plugin['generateBundle'], (...args: never) => unknown>>[1];
type Built = Bundle[string];

/** The gate page's files: all of its build, and those of public/. */
function gateFiles(bundle: Bundle, publicDir: string): { url: string; revision: string }[] {
  const built = Object.values(bundle)
    .filter((file) => file.fileName !== 'sw.js' && !file.fileName.endsWith('.map'))
    .map((file) => shellFile(file, file.fileName === 'index.html' ? '/' : `/${file.fileName}`));
  const fixed = readdirSync(publicDir, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .map((path) => ({
      url: `/${relative(publicDir, path).split(sep).join('/')}`,
      revision: revisionOf(readFileSync(path)),
    }));
  return [...built, ...fixed];
}

/** The rounds page's files out of the boards' common build: what its page names, and all that its scripts import. */
function roundsFiles(bundle: Bundle): { url: string; revision: string }[] {
  const page = bundle['src/rounds/rounds.html'];
  if (page?.type !== 'asset') throw new Error('the rounds page was not built');
  const names = new Set(
    [...String(page.source).matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1] ?? ''),
  );
  for (const name of names) {
    const file = bundle[name];
    if (file?.type === 'chunk') for (const next of [...file.imports, ...file.dynamicImports]) names.add(next);
  }
  const scripts = [...names].flatMap((name) => bundle[name] ?? []).map((file) => shellFile(file, `/${file.fileName}`));
  return [shellFile(page, '/rounds'), ...scripts];
}

const shellFile = (file: Built, url: string) => ({
  url,
  revision: revisionOf(file.type === 'chunk' ? file.code : file.source),
});

/** A plugin that looks at the whole bundle last: only then has vite put the page itself into it. `emit` adds a file. */
function atLast(
  name: string,
  told: (bundle: Bundle, publicDir: string, emit: (fileName: string, source: string) => void) => void,
): Plugin {
  let publicDir = '';
  return {
    name,
    apply: 'build',
    configResolved(config) {
      publicDir = config.publicDir;
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        told(bundle, publicDir, (fileName, source) => void this.emitFile({ type: 'asset', fileName, source }));
      },
    },
  };
}

/** Replaces `self.__PRECACHE__` in a service worker by its page's files, each with a revision. */
function precacheList(
  worker: string,
  filesOf: (bundle: Bundle, publicDir: string) => { url: string; revision: string }[],
): Plugin {
  return atLast('mengang-precache-list', (bundle, publicDir) => {
    const built = bundle[worker];
    if (built?.type !== 'chunk') return;
    built.code = built.code.replace(/self\.__PRECACHE__/g, () => JSON.stringify(filesOf(bundle, publicDir)));
  });
}

/** Tells the build of the pages (build.json): its version, the cache's name of the gate page as its worker makes it, and its date. */
function pagesStamp(): Plugin {
  return atLast('mengang-build-stamp', (bundle, publicDir, emit) => {
    // As the list of the worker, and before this file could come into it.
    const cache = cacheName(gateShell, gateFiles(bundle, publicDir));
    emit('build.json', JSON.stringify({ ...buildStamp(), cache }));
  });
}

/** What a build can tell of itself; its date is that of the machine that built it. */
function buildStamp(): { version: string; builtAtMs: number } {
  const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { version: string };
  return { version, builtAtMs: Date.now() };
}

/** Puts the drawings of all icons into every page: they are no script, and need no request of their own. */
function inlineIcons(): Plugin {
  return {
    name: 'mengang-icons',
    transformIndexHtml: (html) =>
      html.replace('<body>', () => `<body>\n<div hidden>${readFileSync(at('src/ui/icons.svg'), 'utf8')}</div>`),
  };
}

/**
 * Folds constant tables (every `limits`) into the code that reads them, which Vite's own minifier leaves: 1.4 kB of the gate
 * page's 40. Left out where somebody wants source maps.
 */
function foldConstants(): Plugin {
  return {
    name: 'mengang-fold-constants',
    apply: 'build',
    generateBundle: {
      order: 'post',
      async handler({ sourcemap }, bundle) {
        if (sourcemap) return;
        for (const file of Object.values(bundle)) {
          if (file.type !== 'chunk') continue;
          const folded = await minify(file.code, {
            module: true,
            ecma: 2020,
            // `x === null` and not `null === x`, and statements in place of commas: both pack better.
            compress: { passes: 2, pure_getters: true, lhs_constants: false, sequences: false },
          });
          if (folded.code === undefined) throw new Error(`${file.fileName}: nothing came out of terser`);
          file.code = folded.code;
        }
      },
    },
  };
}

/**
 * A room that is loaded later is a plain `import()`: the app shell has every file at hand, and the page's own sheet holds the styles of all rooms.
 * Vite's helper that fetches sheets and preloads scripts would be 0.8 kB of the gate page's 40.
 */
function plainImports(): Plugin {
  return {
    name: 'mengang-plain-imports',
    apply: 'build',
    enforce: 'pre',
    load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load();' : null),
  };
}

/** Elements are made by preact's own function, which a page has anyway: the one that JSX asks for by itself only wraps it. */
function plainElements(): Plugin {
  return {
    name: 'mengang-plain-elements',
    apply: 'build',
    enforce: 'pre',
    config: () => ({ oxc: { jsx: { runtime: 'classic', pragma: 'createElement', pragmaFrag: 'Fragment' } } }),
    transform: (code, id) => (id.endsWith('.tsx') ? `import { createElement, Fragment } from 'preact';${code}` : null),
  };
}

/** Builds the boards into the same folder as soon as the gate page lies there. */
function boardsAfterwards(): Plugin {
  let gate: ResolvedConfig;
  return {
    name: 'mengang-boards',
    apply: 'build',
    configResolved(config) {
      gate = config;
    },
    async closeBundle(error) {
      if (error !== undefined) return;
      await build({
        root: gate.root,
        configFile: false,
        publicDir: false,
        logLevel: gate.logLevel ?? 'info',
        resolve: { alias: lightPackages },
        plugins: [inlineIcons(), plainElements(), foldConstants(), precacheList('rounds-sw.js', roundsFiles)],
        build: {
          ...pageBuild(boards),
          outDir: gate.build.outDir,
          emptyOutDir: false,
          sourcemap: gate.build.sourcemap,
        },
      });
    },
  };
}

const lightPackages = {
  /** Pages read schemas by a module of the project that does what zod does in a tenth of its size. */
  'zod/mini': at('src/contracts/light.ts'),
  /** The same package as its makers built it for browsers that know async functions: 0.9 kB less than what they name first. */
  'workbox-window': 'workbox-window/build/workbox-window.prod.mjs',
};

const pageBuild = (input: Record<string, string>): BuildEnvironmentOptions => ({
  target: 'chrome120',
  modulePreload: false,
  rollupOptions: {
    input: Object.fromEntries(Object.entries(input).map(([name, path]) => [name, at(path)])),
    output: {
      entryFileNames: (chunk) => (/^(rounds-)?sw$/.test(chunk.name) ? '[name].js' : 'assets/[name]-[hash].js'),
    },
  },
});

/** Debian's Chromium: Playwright's own browsers are not downloaded. As root it needs --no-sandbox. */
const chromium = {
  executablePath: process.env.TEST_CHROMIUM ?? process.env.CHROMIUM ?? '/usr/bin/chromium',
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
        globalSetup: ['test/kit/global-templates.ts'],
        include: ['test/**/*.test.{ts,tsx}'],
        exclude: ['test/browser/**', 'test/e2e/**'],
        // Files share a process and its modules: starting both afresh took a sixth of all that these tests compute. Nothing of ours
        // keeps a state at the top of a module; a file that plants modules of its own takes them out again.
        isolate: false,
        testTimeout: 30_000,
        hookTimeout: 60_000,
        retry: 1,
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
          'uqr',
        ],
      },
      test: {
        name: 'browser',
        include: ['test/browser/**/*.test.{ts,tsx}'],
        testTimeout: 60_000,
        retry: 1,
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
        globalSetup: ['test/kit/global-templates.ts'],
        include: ['test/e2e/**/*.test.ts'],
        // The long queue compares times and takes a minute and a half: `npm run test:long`, beside `npm run soak:queue`.
        exclude: process.env.LONG === undefined ? ['test/e2e/queue.test.ts'] : [],
        // Each starts a hub, a bridge and a browser, and waits for them half of its time: two at once.
        maxWorkers: 2,
        retry: 1,
        testTimeout: 180_000,
        hookTimeout: 120_000,
      },
    },
  ],
};

export default defineConfig(({ mode, command }) =>
  mode === 'node'
    ? {
        publicDir: false,
        define: { __MENGANG_BUILD__: JSON.stringify(buildStamp()) },
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
        plugins: [
          inlineIcons(),
          plainImports(),
          plainElements(),
          foldConstants(),
          precacheList('sw.js', gateFiles),
          pagesStamp(),
          boardsAfterwards(),
        ],
        test,
        resolve: { alias: command === 'build' ? lightPackages : {} },
        build: {
          ...pageBuild({ gate: 'index.html', sw: 'src/sw/sw.ts' }),
          outDir: 'dist/pages',
          emptyOutDir: true,
        },
      },
);
