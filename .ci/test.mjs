// `npm test [-- unit|browser|e2e ...]`: system packages, build, then vitest over the named projects (all by default).
// Ends with a line `N passed, N failed` (and skipped, when there are any) that .ci/run and people read.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensurePackages, offerOptionalPackages } from './setup.mjs';
import { failedFiles, readRun, sumUp } from './test-counts.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const known = ['unit', 'browser', 'e2e'];
const wanted = process.argv.slice(2).filter((name) => known.includes(name));
const filters = process.argv.slice(2).filter((name) => !known.includes(name));
const projects = wanted.length > 0 ? wanted : known;

ensurePackages();
offerOptionalPackages();
await ensureBuilt();

const scratch = mkdtempSync(join(tmpdir(), 'mengang-test-'));
/** Debian's headless shell is the same Chromium without its windows: a fifth faster. The kiosk's tests start the whole one. */
const shell = '/usr/bin/chromium-headless-shell';
const testChromium = process.env.CHROMIUM === undefined && existsSync(shell) ? { TEST_CHROMIUM: shell } : {};
/**
 * What is run at once, and with what. Most unit tests wait for ptys, processes and clocks: one worker, the default on two cores, sits
 * idle beside them. End-to-end tests wait for half of their time, and have patience for the browser tests beside them.
 */
const rounds = [{ unit: ['--maxWorkers=3'] }, { e2e: [], browser: [] }];

/** Files with a failed test that are run once more, alone, at the end; when there are more, the fault is not the machine's. */
const aloneMost = 3;

/** Runs one project; what `isAside` says is told when it has ended, so that two do not talk into each other. */
function run(project, flags, { isAside = false, files = filters, name = project } = {}) {
  const report = join(scratch, `${name}.json`);
  const uncaught = join(scratch, `${name}-uncaught`);
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--reporter=${join(root, '.ci', 'reporter.mjs')}`,
    `--outputFile.json=${report}`,
    ...flags,
    ...files,
  ];
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const env = {
    ...process.env,
    TZ: process.env.TZ ?? 'UTC',
    FLAKY_LIST: join(scratch, 'flaky'),
    UNCAUGHT_LIST: uncaught,
    ...testChromium,
  };
  const child = spawn(process.execPath, [vitest, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', isAside ? 'pipe' : 'inherit', isAside ? 'pipe' : 'inherit'],
  });
  const told = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece) => told.push(piece));
  return new Promise((ended) => {
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(told));
      ended(readRun({ project, report: jsonOf(report), code, uncaught: linesOf(uncaught), root }));
    });
  });
}

function linesOf(path) {
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
}

/** null when the run ended before it wrote its report: its own words stand above. */
function jsonOf(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

const runs = [];
for (const round of rounds) {
  const here = Object.entries(round).filter(([project]) => projects.includes(project));
  runs.push(...(await Promise.all(here.map(([project, flags], index) => run(project, flags, { isAside: index > 0 })))));
}

const again = [];
const doubtful = failedFiles(runs);
for (const { project, file } of doubtful.length > aloneMost ? [] : doubtful) {
  console.log(`\n单独再试 · once more, alone: ${file}`);
  again.push(await run(project, ['--maxWorkers=1'], { files: [file], name: `${project}-alone` }));
}

const { passed, skipped, failed, second } = sumUp(runs, again);
const retried = [...linesOf(join(scratch, 'flaky')), ...second];
rmSync(scratch, { recursive: true, force: true });
if (retried.length > 0) console.log(`第二次才通过 · only at the second try:\n  ${retried.join('\n  ')}`);
if (failed.length > 0) console.log(`未通过 · failed:\n  ${failed.join('\n  ')}`);
console.log(`${passed} passed, ${failed.length} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed.length > 0 || passed === 0 ? 1 : 0);
