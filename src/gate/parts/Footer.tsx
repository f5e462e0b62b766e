// The fixed buttons in the thumb zone; for ten seconds after an admission the last one takes it back. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Act } from './Act.tsx';

export type FooterActs = {
  handheld(): void;
  guests(): void;
  opening(): void;
  more(): void;
  shift(): void;
  language(): void;
};

export function Footer({ acts, undo }: { acts: FooterActs; undo: (() => void) | null }) {
  return (
    <footer class="footer">
      <Act icon="keypad" word="act.handheld" onPress={acts.handheld} testId="footer-handheld" />
      <Act icon="question" word="act.guests" onPress={acts.guests} testId="footer-guests" />
      <Act icon="barrier" word="act.opening" onPress={acts.opening} testId="footer-opening" />
      <Act icon="more" word="act.more" onPress={acts.more} testId="footer-more" />
      <Act icon="guard" word="act.shift" onPress={acts.shift} testId="footer-shift" />
      {undo === null ? (
        <Button icon="globe" label={t('otherLanguage')} onPress={acts.language} testId="footer-language" />
      ) : (
        <Act icon="undo" word="act.undo" onPress={() => undo()} testId="footer-undo" />
      )}
    </footer>
  );
}
