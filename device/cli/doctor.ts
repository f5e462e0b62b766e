// `npm run -s doctor -- [--config FILE] [--path PORT]... [--seconds N] [--ask] [--json]` on this machine.
import { openAnyPort } from '../any-port.ts';
import { systemClock } from '../clock.ts';
import { thisMachine } from '../doctor/machine.ts';
import { doctorTool } from './doctor-tool.ts';

const code = await doctorTool(process.argv.slice(2), thisMachine(openAnyPort, systemClock), {
  out: (line) => void process.stdout.write(`${line}\n`),
  error: (line) => void process.stderr.write(`${line}\n`),
});
// A port that was held back by its driver must not keep the program: everything has been closed.
process.stdout.write('', () => process.exit(code));
