// The four fixed buttons in the thumb zone. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Act } from './Act.tsx';

export type FooterActs = { handheld(): void; opening(): void; shift(): void; language(): void };

export function Footer({ acts }: { acts: FooterActs }) {
  return (
    <footer class="footer">
      <Act icon="keypad" word="act.handheld" onPress={acts.handheld} testId="footer-handheld" />
      <Act icon="barrier" word="act.opening" onPress={acts.opening} testId="footer-opening" />
      <Act icon="guard" word="act.shift" onPress={acts.shift} testId="footer-shift" />
      <Button icon="globe" label={t('otherLanguage')} onPress={acts.language} testId="footer-language" />
    </footer>
  );
}
