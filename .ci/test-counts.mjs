// What a run of `npm test` comes to: from vitest's JSON reports to the last line. Pure, so that it is tested (test/ci).
import { relative } from 'node:path';

/**
 * One project's run. `report`: vitest's JSON report, null when there is none; `uncaught`: errors that no test caught, which fail the
 * run whatever its tests say. `files`: how many tests of each file passed. `failed`: each with its file and first line of error.
 */
export function readRun({ project, report, code, uncaught, root }) {
  if (report === null) return { project, files: new Map(), failed: [], skipped: 0, broken: ['no report', ...uncaught] };
  const files = new Map();
  const failed = [];
  for (const file of report.testResults) {
    const name = relative(root, file.name);
    files.set(name, file.assertionResults.filter((test) => test.status === 'passed').length);
    const tests = file.assertionResults.filter((test) => test.status === 'failed');
    // A file that cannot even be loaded has no failed test of its own.
    const faults =
      tests.length === 0 && file.status === 'failed' ? [{ fullName: '', failureMessages: [file.message] }] : tests;
    for (const { fullName, failureMessages } of faults)
      failed.push({ file: name, text: `${fullName}: ${String(failureMessages?.[0] ?? '').split('\n')[0]}` });
  }
  const unexplained = code !== 0 && failed.length === 0 && uncaught.length === 0 ? [`ended with ${code}`] : [];
  const skipped = report.numPendingTests + (report.numTodoTests ?? 0);
  return { project, files, failed, skipped, broken: [...uncaught, ...unexplained] };
}

/** Files with a failed test, each with its project: what is run once more. */
export function failedFiles(runs) {
  return runs.flatMap(({ project, failed }) =>
    [...new Set(failed.map(({ file }) => file))].map((file) => ({ project, file })),
  );
}

/**
 * The sum of all. `again`: runs of one file each, alone, after all others; where it is whole, its counts stand in the place of the
 * file's first ones, and what had failed is told as passed at the second try.
 */
export function sumUp(runs, again) {
  const sum = { passed: 0, skipped: 0, failed: [], second: [] };
  for (const { project, files, failed, skipped, broken } of runs) {
    sum.skipped += skipped;
    sum.failed.push(...broken.map((text) => `${project} > ${text}`));
    for (const [file, passed] of files) {
      const alone = again.find((run) => run.project === project && run.files.has(file));
      const isWhole = alone !== undefined && alone.failed.length === 0 && alone.broken.length === 0;
      const told = failed.filter((test) => test.file === file).map(({ text }) => `${file} > ${text}`);
      sum.passed += isWhole ? alone.files.get(file) : passed;
      if (isWhole) sum.second.push(...told.map((line) => `${line} (alone)`));
      else sum.failed.push(...told);
    }
  }
  return sum;
}
