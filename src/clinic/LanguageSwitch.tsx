// The button that changes the page's language; it is written in the language that it leads to.
import { clinicTexts } from '../i18n/clinic.ts';
import { langTag, language } from '../i18n/define.ts';

export function LanguageSwitch() {
  const other = language.value === 'zh' ? 'en' : 'zh';
  return (
    <button
      type="button"
      class="plain"
      lang={langTag[other]}
      data-testid="language"
      onClick={() => (language.value = other)}
    >
      {clinicTexts.t('other-language')}
    </button>
  );
}
