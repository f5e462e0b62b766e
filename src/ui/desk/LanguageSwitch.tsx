// The button that changes the page's language; it is written in the language that it leads to.
import { langTag, language } from '../../i18n/define.ts';
import { deskTexts } from '../../i18n/desk.ts';

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
      {deskTexts.t('other-language')}
    </button>
  );
}
