// The import table itself: the tree obeys it, and a planted forbidden arrow is found.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { arrowFaults } from '../../.ci/arrows.mjs';
import { textFaults } from '../../.ci/text-faults.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('arrows between the rooms', () => {
  it('the tree has no forbidden import', () => {
    expect(arrowFaults(root)).toEqual([]);
  });

  it.each([
    ['src/domain/x.ts', "import { z } from 'zod';", 'package zod'],
    ['src/domain/x.ts', "import { db } from '../store/db.ts';", 'src/store'],
    ['src/contracts/x.ts', "import fs from 'node:fs';", 'node:fs'],
    ['src/gate/x.tsx', "import { hub } from '../../hub/http.ts';", 'hub'],
    ['src/clinic/x.tsx', "import { Gate } from '../gate/GateScreen.tsx';", 'src/gate'],
    ['device/x.ts', "import { hub } from '../hub/http.ts';", 'hub'],
    ['device/x.ts', "import { db } from '../src/store/db.ts';", 'src/store'],
    ['hub/x.ts', "export { line } from '../device/serial-line.ts';", 'device'],
    ['hub/x.ts', "const kit = await import('../test/kit/pty.ts');", 'test'],
    ['src/sync/x.ts', "import { GateScreen } from '../gate/GateScreen.tsx';", 'src/gate'],
    ['src/attic/x.ts', 'export {};', 'not in the table'],
    ['device/x.ts', "import { chromium } from 'playwright';", 'playwright'],
  ])('a forbidden arrow in %s is found: %s', (path, source, named) => {
    const faults = arrowFaults(root, [[path, source]]);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(named);
  });

  it('what the table allows passes', () => {
    const allowed: [string, string][] = [
      ['src/gate/x.tsx', "import { step } from '../domain/passage.ts';\nimport { signal } from '@preact/signals';"],
      ['device/x.ts', "import { SerialPort } from 'serialport';\nimport { entry } from '../src/contracts/entry.ts';"],
    ];
    expect(arrowFaults(root, allowed)).toEqual([]);
  });
});

describe('texts', () => {
  it('no visible Chinese text stands outside the text rooms', () => {
    expect(textFaults(root)).toEqual([]);
  });

  it('a text in a component is found, a comment is not', () => {
    const files: [string, string][] = [['src/gate/x.tsx', '// 请通行 is the word\nconst a = <p>请通行</p>;']];
    expect(textFaults(root, files)).toHaveLength(1);
  });
});
