// Every code that the programs give is in the list that people look it up in, once, in both languages.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { deviceCode } from '../../device/error-codes.ts';
import { errorCodes } from '../../src/i18n/error-codes.ts';
import { root } from '../kit/programs.ts';

const listed = errorCodes.map(([code]) => code);

it('lists each code once and in order, with a meaning and one thing to do in both languages', () => {
  expect(listed).toEqual([...new Set(listed)].sort());
  for (const [code, zh, zhDo, en, enDo] of errorCodes) {
    expect(code).toMatch(/^E-[1-7]\d$/);
    expect(`${zh}${zhDo}`, code).toMatch(/^[^a-zA-Z]+$/);
    expect(`${en}${enDo}`, code).not.toMatch(/[\u3400-\u9fff]/);
    for (const text of [zh, zhDo, en, enDo]) expect(text.length, code).toBeGreaterThan(1);
  }
});

it('lists what every device can say', () => {
  const states = ['absent', 'opening', 'silent', 'faulted'] as const;
  const said = (['reader', 'thermometer', 'barrier', 'feedback'] as const).flatMap((role) =>
    states.map((state) => deviceCode(role, state, false)),
  );
  const sensors = [
    deviceCode('thermometer', 'online', true),
    deviceCode('thermometer', 'online', false, 'device-warm-up'),
    deviceCode('thermometer', 'online', false, 'device-barred'),
  ];
  for (const code of [...said, ...sensors]) expect(listed).toContain(code);
});

it('lists every code that stands anywhere in the programs', () => {
  for (const folder of ['src', 'device', 'hub']) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(name) || name.endsWith('error-codes.ts')) continue;
      for (const [code] of readFileSync(join(root, folder, name), 'utf8').matchAll(/E-[1-7]\d/g))
        expect(listed, `${folder}/${name}`).toContain(code);
    }
  }
});

it('is what the operations page prints', () => {
  const page = readFileSync(join(root, 'docs', 'operations.md'), 'utf8');
  for (const [code, , , en, enDo] of errorCodes) expect(page).toContain(`| ${code} | ${en} | ${enDo} |`);
});
