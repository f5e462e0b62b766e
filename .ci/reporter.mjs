// What vitest's JSON report leaves out, a line each in the files that `npm test` names: tests that passed only at their second try
// (`FLAKY_LIST`), which a retry must not hide (docs/testing.md), and errors that no test caught (`UNCAUGHT_LIST`).
import { appendFileSync } from 'node:fs';

export default class Reporter {
  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky !== true) return;
    const line = `${test.module.relativeModuleId} > ${test.fullName}`;
    note(process.env.FLAKY_LIST, line);
    const first = test.result().errors?.[0];
    console.log(`\nonly at the second try: ${line}\n${first?.stack ?? first?.message ?? ''}\n`);
  }

  onTestRunEnd(_modules, uncaught) {
    for (const error of uncaught) note(process.env.UNCAUGHT_LIST, `${error.name ?? 'Error'}: ${error.message}`);
  }
}

function note(list, text) {
  if (list) appendFileSync(list, `${text.split('\n')[0]}\n`);
}
