// `npm run -s encode -- --profile NAME --command COMMAND [--channel 1]`: the bytes of one command, as lower-case hex.
import { encodeTool } from './encode-tool.ts';
import { endQuietlyWithReader } from './tool-arguments.ts';

endQuietlyWithReader(process.stdout);
process.exitCode = await encodeTool(process.argv.slice(2), process.stdout, process.stderr);
