// `npm run bench [-- NAME ...] [--json]`: installs the peers when they are missing, builds, runs dist/node/bench.js.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { ensureBuilt } from '../.ci/build.mjs';
import { ensurePackages } from '../.ci/setup.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

ensurePackages();
if (!existsSync(at('node_modules'))) {
  console.log('正在安装对照库 · installing the peers');
  const installed = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: at('.'), stdio: 'inherit' });
  if (installed.status !== 0) process.exit(1);
}
await ensureBuilt();
await build({ configFile: at('vite.config.mjs'), logLevel: 'error' });
const run = spawnSync(process.execPath, [at('../dist/node/bench.js'), ...process.argv.slice(2)], {
  cwd: at('..'),
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
