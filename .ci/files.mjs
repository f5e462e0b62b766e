// Lists the project's sources for the checks, without what git ignores.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** [path relative to root, text] of every .ts and .tsx file below the given folders. */
export function sourcesBelow(root, folders) {
  const found = [];
  const visit = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) {
      for (const name of readdirSync(path).sort()) if (name !== 'node_modules') visit(join(path, name));
    } else if (/\.tsx?$/.test(path)) found.push([relative(root, path), readFileSync(path, 'utf8')]);
  };
  for (const folder of folders) visit(join(root, folder));
  return found;
}
