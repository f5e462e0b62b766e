// `npm run -s osdp -- --path PORT --address N [--baud 9600] [--scbk HEX]`: talks to OSDP devices as their control unit. Events come
// as JSON lines; `led`, `buzzer`, `text` and `output` go in as JSON lines on standard input. Ends on SIGINT or SIGTERM.
import { systemClock } from '../clock.ts';
import { openSerialPort } from '../serial-port.ts';
import { osdpTool } from './osdp-tool.ts';
import { endQuietlyWithReader } from './tool-arguments.ts';

endQuietlyWithReader(process.stdout);
const stopped = new Promise<void>((resolve) => {
  process.once('SIGINT', resolve);
  process.once('SIGTERM', resolve);
});
process.exitCode = await osdpTool({
  argv: process.argv.slice(2),
  input: process.stdin,
  output: process.stdout,
  errors: process.stderr,
  openPort: openSerialPort,
  clock: systemClock,
  random: Math.random,
  stopped,
});
// An input that is still open would keep the process.
process.stdin.destroy();
