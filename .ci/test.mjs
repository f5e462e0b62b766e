// `npm test [-- unit|browser|e2e ...]`: system packages, build, then vitest over the named projects (all by default).
// Ends with a line `N passed, N failed` (and skipped, when there are any) that .ci/run and people read.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { ensurePackages, offerOptionalPackages } from './setup.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const known = ['unit', 'browser', 'e2e'];
const wanted = process.argv.slice(2).filter((name) => known.includes(name));
const filters = process.argv.slice(2).filter((name) => !known.includes(name));
const projects = wanted.length > 0 ? wanted : known;

ensurePackages();
offerOptionalPackages();
await ensureBuilt();

const scratch = mkdtempSync(join(tmpdir(), 'mengang-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
let broken = false;
const flaky = join(scratch, 'flaky');
/** Debian's headless shell is the same Chromium without its windows: a fifth faster. The kiosk's tests start the whole one. */
const shell = '/usr/bin/chromium-headless-shell';
const testChromium = process.env.CHROMIUM === undefined && existsSync(shell) ? { TEST_CHROMIUM: shell } : {};
/**
 * What is run at once, and with what. Most unit tests wait for ptys, processes and clocks: one worker, the default on two cores, sits
 * idle beside them. End-to-end tests wait for half of their time, and have patience for the browser tests beside them.
 */
const rounds = [{ unit: ['--maxWorkers=3'] }, { e2e: [], browser: [] }];

/** Runs one project; what `isAside` says is told when it has ended, so that two do not talk into each other. */
function run(project, flags, isAside) {
  const report = join(scratch, `${project}.json`);
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--reporter=${join(root, '.ci', 'flaky-reporter.mjs')}`,
    `--outputFile.json=${report}`,
    ...flags,
    ...filters,
  ];
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const env = { ...process.env, TZ: process.env.TZ ?? 'UTC', FLAKY_LIST: flaky, ...testChromium };
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
      ended({ project, report, code });
    });
  });
}

function count({ project, report, code }) {
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    total.passed += result.numPassedTests;
    total.failed += result.numFailedTests;
    total.skipped += result.numPendingTests + (result.numTodoTests ?? 0);
    // A suite that cannot even be loaded has no failed test of its own.
    if (result.numFailedTests === 0 && result.numFailedTestSuites > 0) total.failed += result.numFailedTestSuites;
  } catch (error) {
    console.error(`${project}: no report (${error instanceof Error ? error.message : error})`);
    broken = true;
  }
  if (code !== 0) broken = true;
}

for (const round of rounds) {
  const here = Object.entries(round).filter(([project]) => projects.includes(project));
  const ended = await Promise.all(here.map(([project, flags], index) => run(project, flags, index > 0)));
  for (const one of ended) count(one);
}
const second = existsSync(flaky) ? readFileSync(flaky, 'utf8').trim().split('\n') : [];
if (second.length > 0) console.log(`第二次才通过 · only at the second try:\n  ${second.join('\n  ')}`);
rmSync(scratch, { recursive: true, force: true });
if (broken && total.failed === 0) total.failed = 1;
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exit(broken || total.failed > 0 || total.passed === 0 ? 1 : 0);
