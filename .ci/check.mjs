// `npm run check`: types, lint and format, arrows, texts. Runs all of them, prints what each says, fails if any fails.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { arrowFaults } from './arrows.mjs';
import { textFaults } from './text-faults.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const projects = ['.', 'src/domain', 'src/contracts', 'src', 'src/sw', 'device', 'hub', 'test'];
// The benchmarks' page needs the peers, which only `npm run bench` installs.
if (existsSync(join(root, 'bench', 'node_modules'))) projects.push('bench/page');
let failed = false;
const say = (what, ok, detail = '') => {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${what}${detail ? `\n${detail}` : ''}`);
  if (!ok) failed = true;
};
for (const project of projects) {
  const run = spawnSync(bin('tsc'), ['-p', project], { cwd: root, encoding: 'utf8' });
  say(`types ${project}`, run.status === 0, run.status === 0 ? '' : run.stdout + run.stderr);
}
const lint = spawnSync(bin('biome'), ['check', '--error-on-warnings', '.'], { cwd: root, encoding: 'utf8' });
say('lint and format', lint.status === 0, lint.status === 0 ? '' : lint.stdout + lint.stderr);
const arrows = arrowFaults(root);
say('arrows', arrows.length === 0, arrows.join('\n'));
const texts = textFaults(root);
say('texts', texts.length === 0, texts.join('\n'));
process.exit(failed ? 1 : 0);
