// `npm run -s decode -- --profile NAME [--option key=value]... (--hex HEX | --file CAPTURE)`: what a device's bytes mean.
import { decodeTool } from './decode-tool.ts';
import { endQuietlyWithReader } from './tool-arguments.ts';

endQuietlyWithReader(process.stdout);
process.exitCode = await decodeTool(process.argv.slice(2), process.stdout, process.stderr);
