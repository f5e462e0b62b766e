// Vitest's global set-up: a folder for the templates of one run (state-template.ts), gone at its end.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'mengang-templates-'));
  chmodSync(folder, 0o755); // as root the database runs as its own user, who must reach its data in here
  process.env.TEST_TEMPLATES = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
