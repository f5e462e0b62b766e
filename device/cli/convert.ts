// `npm run -s convert -- --uid HEX`: every number that may stand printed on the card with these bytes.
import { convertTool } from './convert-tool.ts';
import { endQuietlyWithReader } from './tool-arguments.ts';

endQuietlyWithReader(process.stdout);
process.exitCode = await convertTool(process.argv.slice(2), process.stdout, process.stderr);
