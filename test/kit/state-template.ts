// A hub's state folder made once for many tests: initdb, migrations and a few commands take seconds of a core, a copy a tenth of one.
// Only vitest sets `TEST_TEMPLATES` (global-templates.ts): tools, and tests of the first start itself, begin with nothing.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from './programs.ts';

const limits = { makeMs: 90_000 } as const;
const execute = promisify(execFile);

/**
 * Fills `stateDir` with a copy of what `make` leaves in a folder of its own, its server stopped; `make` is called once for all
 * workers of a run. False when there are no templates here, or when the data lies elsewhere (a temp folder behind a closed one):
 * then nothing was written.
 */
export async function fillState(
  name: string,
  stateDir: string,
  make: (stateDir: string) => Promise<void>,
): Promise<boolean> {
  const templates = process.env.TEST_TEMPLATES;
  if (templates === undefined) return false;
  const template = join(templates, name);
  await until('the template is made', () => existsSync(template) || makeOnce(template, make), limits.makeMs);
  const notes = JSON.parse(readFileSync(join(template, 'database.json'), 'utf8'));
  if (notes.dataDir !== join(`${template}.new`, 'postgres')) return false;
  mkdirSync(stateDir, { recursive: true });
  await execute('cp', ['-a', `${template}/.`, stateDir]); // keeps the owner of the data, whom the server runs as
  const own = { ...notes, dataDir: join(stateDir, 'postgres'), port: 0 };
  writeFileSync(join(stateDir, 'database.json'), JSON.stringify(own));
  return true;
}

/** False when another worker is at it. */
async function makeOnce(template: string, make: (stateDir: string) => Promise<void>): Promise<boolean> {
  const lock = `${template}.lock`;
  try {
    mkdirSync(lock);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
  try {
    if (!existsSync(template)) {
      await make(`${template}.new`);
      renameSync(`${template}.new`, template);
    }
    return true;
  } finally {
    rmdirSync(lock);
  }
}
