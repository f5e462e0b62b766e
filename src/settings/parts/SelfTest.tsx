// The lines of the self-test, failed ones first, each with its code and what to do. Rendered by PostPanel.
import type { SelfTestAnswer, TestLine } from '../../contracts/post.ts';
import { language } from '../../i18n/define.ts';
import { errorCodes } from '../../i18n/error-codes.ts';
import { postTexts } from '../../i18n/settings-post.ts';
import { span, timeOfDay } from './times.ts';

const { t, has } = postTexts;

export function SelfTest({ test }: { test: SelfTestAnswer }) {
  const time = timeOfDay(test.atWallMs);
  const failures = test.lines.filter(({ ok }) => !ok);
  return (
    <>
      <p role="status" data-good={test.ok} data-bad={!test.ok} data-testid="test-said">
        {test.ok ? t('test-all-good', { time }) : t('test-failures', { time, n: failures.length })}
      </p>
      <ul class="test-lines" data-testid="test-lines">
        {[...failures, ...test.lines.filter(({ ok }) => ok)].map((line) => (
          <Line key={`${line.subject} ${line.deviceId}`} line={line} />
        ))}
      </ul>
    </>
  );
}

function Line({ line }: { line: TestLine }) {
  const { subject, deviceId, ok, code } = line;
  const todo = ok ? '' : todoOf(line);
  return (
    <li data-testid={`test-${deviceId ?? subject}`} data-ok={ok}>
      <span class="state" data-good={ok} data-bad={!ok}>
        {t(ok ? 'pass' : 'fail')}
      </span>
      <span>
        <strong>{t(`subject-${subject}`, { id: deviceId ?? '' })}</strong> {foundOf(line)}
        {code !== null && <strong> {code}</strong>}
        {todo !== '' && <span class="todo">{todo}</span>}
      </span>
    </li>
  );
}

/** A device's own words stand with its code. */
function foundOf({ subject, finding, code, ms, n }: TestLine): string {
  if (subject === 'device' && code !== null) return lookUp(code)?.[0] ?? t(`say-${finding}`);
  return t(`say-${finding}`, {
    ...(ms === null ? {} : { ago: span(Math.abs(ms)), seconds: Math.round(Math.abs(ms) / 100) / 10 }),
    ...(n === null ? {} : { n }),
  });
}

function todoOf({ subject, finding, code }: TestLine): string {
  const listed = subject === 'device' && code !== null ? lookUp(code)?.[1] : undefined;
  const key = `do-${finding}`;
  return listed ?? (has(key) ? t(key) : '');
}

/** What the code means and what to do, in the page's language. */
function lookUp(code: string): readonly [means: string, todo: string] | undefined {
  const line = errorCodes.find(([one]) => one === code);
  if (line === undefined) return undefined;
  const [, zh, zhDo, en, enDo] = line;
  return language.value === 'zh' ? [zh, zhDo] : [en, enDo];
}
