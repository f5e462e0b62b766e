// `npm run -s rehearse`: scenarios as JSON lines on standard input, what the gate would do as JSON lines on standard output.
// With --entries it recomputes past verdicts instead (rehearse-past). Exit code 2 when a line was bad; its own answer says why.
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { cliTexts } from '../texts-cli.ts';
import { boundedLines } from './rehearse-lines.ts';
import { rehearsePast } from './rehearse-past.ts';
import { type RehearsedLine, rehearseLine } from './rehearse-run.ts';
import { limits } from './rehearse-scenario.ts';
import { endQuietlyWithReader } from './tool-arguments.ts';

endQuietlyWithReader(process.stdout);
const asked = askedFor(process.argv.slice(2));
if (asked === null) {
  process.stderr.write(`${cliTexts.rehearseUsage}\n`);
  process.exitCode = 2;
} else if (asked.entries !== undefined) process.exitCode = await rehearsePast(asked.entries, asked.policy ?? null);
else await rehearseScenarios();

/** null for what this tool does not know. */
function askedFor(args: string[]): { entries?: string; policy?: string } | null {
  try {
    const { values } = parseArgs({ args, options: { entries: { type: 'string' }, policy: { type: 'string' } } });
    return values.policy !== undefined && values.entries === undefined ? null : values;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

async function rehearseScenarios(): Promise<void> {
  for await (const line of boundedLines(process.stdin, limits.lineBytes)) {
    if ('text' in line && line.text.trim() === '') continue;
    const answer: RehearsedLine =
      'text' in line
        ? rehearseLine(line.text)
        : { name: null, error: `The line is longer than ${limits.lineBytes} bytes; split the scenario.` };
    if ('error' in answer) process.exitCode = 2;
    if (!process.stdout.write(`${JSON.stringify(answer)}\n`)) await once(process.stdout, 'drain');
  }
}
