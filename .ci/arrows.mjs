// The table of allowed imports between rooms (design.md, The house), executed. Called by `npm run check` and by the test
// that plants a forbidden arrow.
import { dirname, join, normalize, relative } from 'node:path';
import { sourcesBelow } from './files.mjs';

const pages = [
  'src/gate',
  'src/rounds',
  'src/clinic',
  'src/office',
  'src/admin',
  'src/my',
  'src/simulator',
  'src/settings',
];
const shared = ['src/contracts', 'src/domain'];
const pageRooms = ['src/store', 'src/sync', 'src/ui', 'src/i18n', ...shared];
const tools = [
  'vite',
  'vitest',
  'playwright',
  'fast-check',
  'axe-core',
  'canonicalize',
  '@vitest/',
  '@biomejs/',
  'typescript',
];

/** room -> { rooms it may import beside itself, packages it may import (prefixes; 'node:' = Node's own; '*' = any but tools) } */
export const arrowTable = {
  'src/domain': { rooms: [], packages: [] },
  'src/contracts': { rooms: ['src/domain'], packages: ['zod'] },
  'src/i18n': { rooms: [], packages: ['@preact/signals'] },
  'src/ui': { rooms: ['src/i18n'], packages: ['preact', '@preact/signals'] },
  'src/store': { rooms: shared, packages: ['idb', 'zod', '@preact/signals'] },
  'src/sync': { rooms: [...shared, 'src/store'], packages: ['zod', '@preact/signals'] },
  'src/sw': { rooms: [], packages: [] },
  ...Object.fromEntries(
    pages.map((page) => [
      page,
      { rooms: pageRooms, packages: ['preact', '@preact/signals', 'zod', 'idb', 'workbox-window', 'uqr', 'uplot'] },
    ]),
  ),
  device: { rooms: shared, packages: ['node:', '*'] },
  hub: { rooms: shared, packages: ['node:', '*'] },
};

/** The room of a file: the longest name in the table that its path begins with; null outside of all rooms. */
function roomOf(path) {
  const room = Object.keys(arrowTable)
    .filter((name) => path === name || path.startsWith(`${name}/`))
    .sort((a, b) => b.length - a.length)[0];
  return room ?? (path.startsWith('test/') || path.startsWith('bench/') ? path.split('/')[0] : null);
}

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'"`;]*?\sfrom\s*)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|import\.meta\.glob\(\s*['"]([^'"]+)['"]/g;

/** Every import that the table does not allow, as a sentence; empty when all is well. `files` may be given for a test. */
export function arrowFaults(root, files = sourcesBelow(root, ['src', 'device', 'hub'])) {
  const faults = [];
  for (const [path, source] of files) {
    const room = roomOf(path);
    if (room === null) {
      faults.push(`${path}: this folder is not in the table of rooms (.ci/arrows.mjs)`);
      continue;
    }
    const rule = arrowTable[room];
    if (!rule) continue;
    for (const match of source.matchAll(importPattern)) {
      const target = match[1] ?? match[2] ?? match[3];
      if (target.startsWith('.')) {
        const file = normalize(join(dirname(path), target.replace(/\?.*$/, '')));
        const targetRoom = roomOf(relative('.', file));
        if (targetRoom !== room && !rule.rooms.includes(targetRoom)) {
          faults.push(`${path}: ${room} must not import ${targetRoom ?? file} (${target})`);
        }
      } else {
        const any =
          rule.packages.includes('*') &&
          !tools.some((tool) => target === tool || target.startsWith(tool)) &&
          !target.startsWith('node:');
        const named = rule.packages.some(
          (name) => target === name || target.startsWith(name.endsWith(':') ? name : `${name}/`),
        );
        if (!any && !named) faults.push(`${path}: ${room} must not import the package ${target}`);
      }
    }
  }
  return faults;
}
