// One thing has one name on all pages: who reads it at the gate must know it again at the clinic, in a round and at the office.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { roundSymptoms, roundWindows } from '../../src/domain/round.ts';
import { adminTexts } from '../../src/i18n/admin.ts';
import { clinicTexts } from '../../src/i18n/clinic.ts';
import { languages, type Texts } from '../../src/i18n/define.ts';
import { deskTexts } from '../../src/i18n/office-desk.ts';
import { officeRoundTexts } from '../../src/i18n/office-rounds.ts';
import { roundsTexts } from '../../src/i18n/rounds.ts';
import { settingsTexts } from '../../src/i18n/settings.ts';
import { gateTexts } from '../../src/i18n/texts.ts';
import { visitorTexts } from '../../src/i18n/visitors.ts';
import { root } from '../kit/programs.ts';

it.each(languages)('symptoms and listed regions that the gate asks for, in %s', (which) => {
  const asked = gateTexts.tIn(which, 'questions.symptoms').toLowerCase();
  for (const symptom of roundSymptoms.filter((one) => one !== 'fever-medicine')) {
    const name = roundsTexts.tIn(which, `symptom-${symptom}`);
    expect(asked).toContain(name.toLowerCase());
    expect(clinicTexts.tIn(which, `symptom-${symptom}`)).toBe(name);
  }
  const listed = which === 'zh' ? '通报地区' : 'listed region';
  expect(gateTexts.tIn(which, 'questions.region')).toContain(listed);
  for (const key of ['listed-region', 'reason-region', 'regions', 'cleared-refused'] as const)
    expect(clinicTexts.tIn(which, key).toLowerCase()).toContain(listed);
  expect(deskTexts.tIn(which, 'regions-form').toLowerCase()).toContain(listed);
});

it.each(languages)('the windows of a round, in %s', (which) => {
  for (const window of roundWindows)
    expect(officeRoundTexts.tIn(which, `window-${window}`)).toBe(roundsTexts.tIn(which, `window-${window}`));
});

it('the hub has one name, on every page and in every sentence of bridge, hub and their tools', () => {
  const rooms = ['src/i18n', 'device', 'hub'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name}`)
      .filter((path) => /^src\/i18n\/.*\.ts$|\/texts(-[a-z]+)?\.ts$/.test(path)),
  );
  const others = rooms.flatMap((path) =>
    readFileSync(join(root, path), 'utf8')
      .split('\n')
      .filter((line) => /服务器|中心/.test(line) || (path.startsWith('src/') && /\bserver\b/i.test(line)))
      .map((line) => `${path}: ${line.trim()}`),
  );
  expect(rooms.length).toBeGreaterThan(20);
  expect(others).toEqual([]);
});

it('the PIN of guards is no 密码, which is what others sign in with', () => {
  const said = [gateTexts, visitorTexts, settingsTexts, adminTexts].flatMap(pairsOf);
  const pins = said.filter(([, en]) => /\bPINs?\b/.test(en) && !/password/i.test(en));
  expect(pins.length).toBeGreaterThan(10);
  expect(pins.filter(([zh]) => zh.includes('密码'))).toEqual([]);
});

function pairsOf<Key extends string>({ keys, tIn }: Texts<Key>): [zh: string, en: string][] {
  return keys.map((key) => [tIn('zh', key), tIn('en', key)]);
}
