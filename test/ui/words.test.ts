// One thing has one name on all pages: who reads it at the gate must know it again at the clinic, in a round and at the office.
import { expect, it } from 'vitest';
import { roundSymptoms, roundWindows } from '../../src/domain/round.ts';
import { clinicTexts } from '../../src/i18n/clinic.ts';
import { languages } from '../../src/i18n/define.ts';
import { deskTexts } from '../../src/i18n/office-desk.ts';
import { officeRoundTexts } from '../../src/i18n/office-rounds.ts';
import { roundsTexts } from '../../src/i18n/rounds.ts';
import { gateTexts } from '../../src/i18n/texts.ts';

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
