// `node .ci/launch.mjs NAME [arguments]`: makes the build current, then runs dist/node/NAME.js in this process.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';

const [name, ...rest] = process.argv.slice(2);
if (!name) {
  console.error('用法 usage: node .ci/launch.mjs NAME [arguments]');
  process.exit(2);
}
try {
  await ensureBuilt();
} catch (error) {
  if (!error.isSentence) throw error;
  console.error(error.message);
  process.exit(1);
}
const program = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'node', `${name}.js`);
process.argv = [process.argv[0], program, ...rest];
await import(pathToFileURL(program).href);
