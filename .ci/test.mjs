// `npm test [-- unit|browser|e2e ...]`: system packages, build, then vitest over the named projects (all by default).
// Ends with a line `N passed, N failed` (and skipped, when there are any) that .ci/run and people read.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
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
const flaky = join(scratch, 'flaky');
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
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--reporter=${join(root, '.ci', 'flaky-reporter.mjs')}`,
    `--outputFile.json=${report}`,
    ...flags,
    ...files,
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

/** What a report says: how many passed, and each failed test with its file and its first line of error. */
function read({ project, report, code }) {
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    const failed = result.testResults.flatMap((file) => {
      const tests = file.assertionResults.filter((test) => test.status === 'failed');
      // A file that cannot even be loaded has no failed test of its own.
      const faults =
        tests.length === 0 && file.status === 'failed' ? [{ fullName: '', failureMessages: [file.message] }] : tests;
      return faults.map((test) => ({
        file: relative(root, file.name),
        text: `${test.fullName}: ${String(test.failureMessages?.[0] ?? '').split('\n')[0]}`,
      }));
    });
    const skipped = result.numPendingTests + (result.numTodoTests ?? 0);
    return { project, passed: result.numPassedTests, failed, skipped, isBroken: code !== 0 && failed.length === 0 };
  } catch (error) {
    console.error(`${project}: no report (${error instanceof Error ? error.message : error})`);
    return { project, passed: 0, failed: [], skipped: 0, isBroken: true };
  }
}

const results = [];
for (const round of rounds) {
  const here = Object.entries(round).filter(([project]) => projects.includes(project));
  const ended = await Promise.all(here.map(([project, flags], index) => run(project, flags, { isAside: index > 0 })));
  results.push(...ended.map(read));
}

const second = existsSync(flaky) ? readFileSync(flaky, 'utf8').trim().split('\n') : [];
const failedFiles = results.flatMap(({ project, failed }) =>
  [...new Set(failed.map(({ file }) => file))].map((file) => ({ project, file })),
);
const stillFailed = [];
for (const { project, file } of failedFiles) {
  const before = results.find((result) => result.project === project).failed.filter((test) => test.file === file);
  const told = before.map(({ text }) => `${file} > ${text}`);
  if (failedFiles.length > aloneMost) {
    stillFailed.push(...told);
    continue;
  }
  console.log(`\n单独再试 · once more, alone: ${file}`);
  const again = read(await run(project, ['--maxWorkers=1'], { files: [file], name: `${project}-alone` }));
  if (again.isBroken || again.failed.length > 0) stillFailed.push(...told);
  else second.push(...told.map((line) => `${line} (alone)`));
}

rmSync(scratch, { recursive: true, force: true });
const sum = (values) => values.reduce((all, value) => all + value, 0);
const isBroken = results.some((result) => result.isBroken);
const passed =
  sum(results.map((result) => result.passed)) + sum(results.map((result) => result.failed.length)) - stillFailed.length;
const failed = stillFailed.length + (isBroken ? 1 : 0);
const skipped = sum(results.map((result) => result.skipped));
if (second.length > 0) console.log(`第二次才通过 · only at the second try:\n  ${second.join('\n  ')}`);
if (stillFailed.length > 0) console.log(`未通过 · failed:\n  ${stillFailed.join('\n  ')}`);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
