// `npm run -s rehearse -- --entries FILE [--policy FILE]`: which past verdicts another policy would change, as JSON lines, and
// a summary line. Called by rehearse; answers the exit code.
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { policyDocument, policyOf } from '../../src/contracts/policy.ts';
import { defaultPolicy, type Policy } from '../../src/domain/policy.ts';
import { cliTexts } from '../texts-cli.ts';
import { recomputeLine } from './rehearse-entries.ts';
import { boundedLines } from './rehearse-lines.ts';
import { limits } from './rehearse-scenario.ts';

/** 2 when a line was bad or a file cannot be used; every other line is answered all the same. */
export async function rehearsePast(entriesPath: string, policyPath: string | null): Promise<number> {
  const policy = policyPath === null ? defaultPolicy : await policyFrom(policyPath);
  if (typeof policy === 'string') return fail(policy);
  const counts = { lines: 0, checks: 0, changed: 0, unchanged: 0, noReadingDecides: 0, notHeld: 0, bad: 0 };
  try {
    for await (const line of boundedLines(createReadStream(entriesPath), limits.lineBytes)) {
      if ('text' in line && line.text.trim() === '') continue;
      counts.lines += 1;
      const found =
        'text' in line
          ? recomputeLine(line.text, policy)
          : ({ kind: 'bad', error: `The line is longer than ${limits.lineBytes} bytes.` } as const);
      if (found.kind === 'bad') {
        counts.bad += 1;
        await say({ line: counts.lines, error: found.error });
      } else if (found.kind !== 'other') {
        counts.checks += 1;
        if (found.kind === 'same') counts.unchanged += 1;
        else if (found.kind === 'kept') counts[found.why === 'not-held' ? 'notHeld' : 'noReadingDecides'] += 1;
        else {
          counts.changed += 1;
          await say(found.line);
        }
      }
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return fail(cliTexts.unreadable(entriesPath, String(error.code)));
  }
  await say({ summary: { policyVersion: policy.version, ...counts } });
  return counts.bad > 0 ? 2 : 0;
}

/** The policy of a file, or one sentence that says what is wrong with it. */
async function policyFrom(path: string): Promise<Policy | string> {
  try {
    const read: unknown = JSON.parse(await readFile(path, 'utf8'));
    const isWrapped = typeof read === 'object' && read !== null && 'document' in read;
    const parsed = policyDocument.safeParse(isWrapped ? read.document : read);
    if (parsed.success) return policyOf(parsed.data, 0);
    const issue = parsed.error.issues[0];
    const at = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : (issue?.path.join('.') ?? '');
    return cliTexts.policyRefused(path, at);
  } catch (error) {
    if (error instanceof SyntaxError) return cliTexts.policyNoJson(path);
    if (error instanceof RangeError) return cliTexts.policyContradicts(path, error.message);
    if (error instanceof Error && 'code' in error) return cliTexts.unreadable(path, String(error.code));
    throw error;
  }
}

function fail(sentence: string): number {
  process.stderr.write(`${sentence}\n`);
  return 2;
}

async function say(line: object): Promise<void> {
  if (!process.stdout.write(`${JSON.stringify(line)}\n`)) await once(process.stdout, 'drain');
}
