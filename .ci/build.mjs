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
  'bench/main.ts',
  'bench/table.ts',
  'bench/rows',
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

/** A folder that this user may not write, as one sentence; launch.mjs prints it. */
function unwritable(error) {
  const where = join(root, 'dist');
  return Object.assign(
    new Error(
      `写不了 ${where}（${error.code}）：请用拥有此目录的用户运行，或先由其运行 npm run build。 / ` +
        `Cannot write ${where} (${error.code}): run this as the user who owns the folder, or have that user run npm run build first.`,
    ),
    { isSentence: true },
  );
}

/** True when the process that took the lock no longer runs; false when that is unknown. */
function ownerIsGone(lock) {
  let pid;
  try {
    pid = Number(readFileSync(join(lock, 'pid'), 'utf8'));
  } catch {
    return false; // taken this very moment, or by an older version: its age decides
  }
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

async function withLock(work) {
  const lock = join(root, 'dist', '.lock');
  try {
    mkdirSync(dirname(lock), { recursive: true });
  } catch (error) {
    throw unwritable(error);
  }
  const until = Date.now() + limits.lockWaitMs;
  for (;;) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw unwritable(error);
      // The lock of a build that was killed (Ctrl-C in the middle of it) is taken over at once.
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (ownerIsGone(lock) || age > limits.lockWaitMs || Date.now() > until) {
        rmSync(lock, { recursive: true, force: true });
      }
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
