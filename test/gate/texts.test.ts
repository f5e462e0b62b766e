// The texts of the gate: both languages say every text with the same marks, and every reason has its words.
import { describe, expect, it } from 'vitest';
import { reasons } from '../../src/domain/verdict.ts';
import { reasonText } from '../../src/gate/parts/words.ts';
import { defineTexts, fill, language } from '../../src/i18n/define.ts';
import { gateTexts } from '../../src/i18n/texts.ts';

const marks = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([mark]) => mark).sort();

describe('the texts of the gate', () => {
  it('fill the same marks in both languages', () => {
    for (const key of gateTexts.keys)
      expect([key, marks(gateTexts.tIn('en', key))]).toEqual([key, marks(gateTexts.tIn('zh', key))]);
  });

  it('leave no Chinese in English and no text empty', () => {
    for (const key of gateTexts.keys) {
      if (key === 'otherLanguage') continue;
      expect(gateTexts.tIn('en', key), key).not.toMatch(/[\u3400-\u9fff]/);
      expect(gateTexts.tIn('zh', key).length * gateTexts.tIn('en', key).length, key).toBeGreaterThan(0);
    }
  });

  it('have words for every reason', () => {
    expect(reasons.filter((reason) => reasonText(reason) === reason)).toEqual([]);
    expect(reasonText('of-a-newer-hub')).toBe('of-a-newer-hub');
  });

  it('never say 确认 or 确诊: beside a fever it reads as a diagnosis', () => {
    for (const key of gateTexts.keys) expect(gateTexts.tIn('zh', key)).not.toMatch(/确认|确诊|已确/);
  });

  it('follow the language of the page', () => {
    const { t } = defineTexts({ a: '{n} 人' }, { a: '{n} people' });
    expect(t('a', { n: 2 })).toBe('2 人');
    language.value = 'en';
    expect(t('a', { n: 2 })).toBe('2 people');
    language.value = 'zh';
  });

  it('keep a mark without a value visible', () => {
    expect(fill('{a} {b}', { a: 0 })).toBe('0 {b}');
  });
});
