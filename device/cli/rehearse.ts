// `npm run -s rehearse`: scenarios as JSON lines on standard input, what the gate would do as JSON lines on standard output.
// Exit code 2 when a line was bad; its own answer says why.
import { once } from 'node:events';
import { boundedLines } from './rehearse-lines.ts';
import { type RehearsedLine, rehearseLine } from './rehearse-run.ts';
import { limits } from './rehearse-scenario.ts';
import { endQuietlyWithReader } from './tool-arguments.ts';

endQuietlyWithReader(process.stdout);
for await (const line of boundedLines(process.stdin, limits.lineBytes)) {
  if ('text' in line && line.text.trim() === '') continue;
  const answer: RehearsedLine =
    'text' in line
      ? rehearseLine(line.text)
      : { name: null, error: `The line is longer than ${limits.lineBytes} bytes; split the scenario.` };
  if ('error' in answer) process.exitCode = 2;
  if (!process.stdout.write(`${JSON.stringify(answer)}\n`)) await once(process.stdout, 'drain');
}
