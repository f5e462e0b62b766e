// Builds dist/pages and dist/node when a source is newer than the last build; called by every npm script that runs
// the product. One build at a time: a folder serves as the lock, since the hub and the bridge are often started together.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const limits = { lockWaitMs: 120_000, lockPollMs: 200 };
const sources = [
  'src',
  'device',
  'hub',
  'public',
  'test/tools',
  'test/kit',
  'index.html',
  'vite.config.ts',
  'package-lock.json',
];

/** Fingerprint of all sources by path, size and modification time. */
function fingerprint() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
    else hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
  };
  for (const source of sources) visit(join(root, source));
  return hash.digest('hex');
}

const stampFile = join(root, 'dist', '.stamp');
const readStamp = () => {
  try {
    return readFileSync(stampFile, 'utf8');
  } catch {
    return '';
  }
};

async function withLock(work) {
  const lock = join(root, 'dist', '.lock');
  mkdirSync(dirname(lock), { recursive: true });
  const until = Date.now() + limits.lockWaitMs;
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch {
      // A build takes seconds: a lock older than the wait belongs to a process that was killed.
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > limits.lockWaitMs || Date.now() > until) rmSync(lock, { recursive: true, force: true });
      await new Promise((resolve) => setTimeout(resolve, limits.lockPollMs));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Makes dist current. Prints nothing unless it fails. */
export async function ensureBuilt({ force = false } = {}) {
  if (!force && readStamp() === fingerprint()) return;
  await withLock(async () => {
    const wanted = fingerprint();
    if (!force && readStamp() === wanted) return;
    const configFile = join(root, 'vite.config.ts');
    for (const [mode, name] of [
      ['production', 'pages'],
      ['node', 'node'],
    ]) {
      const fresh = join(root, 'dist', `.${name}-new`);
      await build({ root, configFile, mode, logLevel: 'error', build: { outDir: fresh, emptyOutDir: true } });
      rmSync(join(root, 'dist', name), { recursive: true, force: true });
      renameSync(fresh, join(root, 'dist', name));
    }
    writeFileSync(stampFile, wanted);
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await ensureBuilt({ force: process.argv.includes('--force') });
}
