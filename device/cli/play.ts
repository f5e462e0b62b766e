// `npm run play -- --profile NAME (--path PTY | --link FILE)`: plays a device in bytes at its real baud rate, with faults as switches.
// Commands go in as JSON lines on standard input, news come as JSON lines. Ends on SIGINT, SIGTERM or after --count.
import { systemClock } from '../clock.ts';
import { openSerialPort } from '../serial-port.ts';
import { seededRandom } from '../simulator/seeded-random.ts';
import { playTool } from './play-tool.ts';
import { endQuietlyWithReader } from './tool-arguments.ts';

endQuietlyWithReader(process.stdout);
const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
});
process.exitCode = await playTool({
  argv: process.argv.slice(2),
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  openPort: openSerialPort,
  clock: systemClock,
  randomOf: seededRandom,
  anySeed: () => Math.floor(Math.random() * 4_294_967_296),
  wallMs: Date.now,
  stopped,
});
// An input that is still open would keep the process.
process.stdin.destroy();
