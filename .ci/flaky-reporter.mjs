// Names the tests that passed only at their second try: a retry keeps one slow moment of a machine from failing a run, and must not
// hide that it was needed. `npm test` prints the list above its last line, and docs/testing.md says what to do with it.
import { appendFileSync } from 'node:fs';

export default class FlakyReporter {
  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky !== true) return;
    const line = `${test.module.relativeModuleId} > ${test.fullName}`;
    if (process.env.FLAKY_LIST) appendFileSync(process.env.FLAKY_LIST, `${line}\n`);
    const first = test.result().errors?.[0];
    console.log(`\nonly at the second try: ${line}\n${first?.stack ?? first?.message ?? ''}\n`);
  }
}
