// Row "weight": the gate page's script, gzip, as it lies in the build. Called by main.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from '../../test/kit/programs.ts';
import type { Row } from '../table.ts';

const limits = { kilobytes: 40 } as const;

export async function weightRow(): Promise<Row> {
  const folder = join(root, 'dist', 'pages', 'assets');
  const files = readdirSync(folder).filter((name) => /^(gate|updates).*\.js$/.test(name));
  const lines = files.map((name) => ({
    name: name.replace(/-[^-]*\.js$/, ''),
    value: gzipSync(readFileSync(join(folder, name)), { level: 9 }).length / 1_000,
    unit: 'kB',
  }));
  const all = lines.reduce((sum, line) => sum + line.value, 0);
  return {
    name: 'weight',
    title: "The gate page's script, gzip",
    lines: [...lines, { name: 'all', value: all, unit: 'kB' }],
    goals: [{ what: `of ${limits.kilobytes} kB`, ratio: all / limits.kilobytes, most: 1 }],
  };
}
