// What `npm test` says at its end: no failure is lost, whatever a second try brings.
import { expect, it } from 'vitest';
import { failedFiles, readRun, sumUp } from '../../.ci/test-counts.mjs';

const root = '/project';
const test = (status: string, fullName = 'a rule holds') => ({
  status,
  fullName,
  failureMessages: status === 'failed' ? ['Error: no\n  at x'] : [],
});
const file = (name: string, ...assertionResults: ReturnType<typeof test>[]) => ({
  name: `${root}/${name}`,
  status: assertionResults.every(({ status }) => status !== 'failed') ? 'passed' : 'failed',
  message: '',
  assertionResults,
});
const runOf = (
  testResults: (ReturnType<typeof file> & { message?: string })[],
  more: { code?: number; uncaught?: string[]; skipped?: number } = {},
) =>
  readRun({
    project: 'unit',
    report: { testResults, numPendingTests: more.skipped ?? 0 },
    code: more.code ?? 0,
    uncaught: more.uncaught ?? [],
    root,
  });

const good = file('test/a.test.ts', test('passed'), test('passed'));
const bad = file('test/b.test.ts', test('passed'), test('failed'));
const mended = file('test/b.test.ts', test('passed'), test('passed'));

it('counts what passed, failed and was skipped, and names what failed', () => {
  expect(sumUp([runOf([good, bad], { code: 1, skipped: 2 })], [])).toEqual({
    passed: 3,
    skipped: 2,
    failed: ['test/b.test.ts > a rule holds: Error: no'],
    second: [],
  });
});

it('takes a file that passes alone as passed, and tells it', () => {
  const first = runOf([good, bad], { code: 1 });
  expect(failedFiles([first])).toEqual([{ project: 'unit', file: 'test/b.test.ts' }]);
  expect(sumUp([first], [runOf([mended])])).toMatchObject({
    passed: 4,
    failed: [],
    second: ['test/b.test.ts > a rule holds: Error: no (alone)'],
  });
});

it('keeps a failure when the file fails alone too, or ends with an error that nobody caught', () => {
  const first = runOf([good, bad], { code: 1 });
  for (const alone of [runOf([bad], { code: 1 }), runOf([mended], { code: 1, uncaught: ['Error: late'] })])
    expect(sumUp([first], [alone])).toMatchObject({
      passed: 3,
      failed: ['test/b.test.ts > a rule holds: Error: no'],
      second: [],
    });
});

it('an error that nobody caught fails the run, also beside a test that passes alone', () => {
  const first = runOf([good, bad], { code: 1, uncaught: ['Error: late'] });
  expect(sumUp([first], [runOf([mended])])).toMatchObject({ passed: 4, failed: ['unit > Error: late'] });
});

it('a run without a report, or that ended badly without saying why, fails', () => {
  const lost = readRun({ project: 'e2e', report: null, code: null, uncaught: [], root });
  expect(sumUp([lost], [])).toMatchObject({ passed: 0, failed: ['e2e > no report'] });
  expect(sumUp([runOf([good], { code: 1 })], [])).toMatchObject({ passed: 2, failed: ['unit > ended with 1'] });
});

it('a file that could not be loaded is one failure, and counts with all its tests when it loads alone', () => {
  const unloaded = { ...file('test/b.test.ts'), status: 'failed', message: 'SyntaxError: here\nthere' };
  const first = runOf([good, unloaded], { code: 1 });
  expect(sumUp([first], [])).toMatchObject({ passed: 2, failed: ['test/b.test.ts > : SyntaxError: here'] });
  expect(sumUp([first], [runOf([mended])])).toMatchObject({ passed: 4, failed: [] });
});
