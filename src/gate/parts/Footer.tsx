// The four fixed buttons in the thumb zone. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { other } from './words.ts';

export type FooterActs = { handheld(): void; opening(): void; shift(): void; language(): void };

export function Footer({ acts }: { acts: FooterActs }) {
  return (
    <footer class="footer">
      <Button
        icon="keypad"
        label={t('act.handheldShort')}
        sub={other('act.handheldShort')}
        onPress={acts.handheld}
        testId="footer-handheld"
      />
      <Button
        icon="barrier"
        label={t('act.opening')}
        sub={other('act.opening')}
        onPress={acts.opening}
        testId="footer-opening"
      />
      <Button icon="guard" label={t('act.shift')} sub={other('act.shift')} onPress={acts.shift} testId="footer-shift" />
      <Button icon="globe" label={t('otherLanguage')} onPress={acts.language} testId="footer-language" />
    </footer>
  );
}
