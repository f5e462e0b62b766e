// Measure once more, with the reason that tells what to do differently. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import type { ScreenProps } from '../model.ts';
import { Act } from '../parts/Act.tsx';
import { Face } from '../parts/Face.tsx';
import { reasonText } from '../parts/words.ts';

export function Again({ screen, model, acts }: ScreenProps<'again'>) {
  const reason = model.reason ?? '';
  const contactOnly = screen.next === 'contact';
  return (
    <>
      <Face icon="again" word="again.word">
        <p class="line">{reasonText(reason)}</p>
        <p class="title" data-testid="tries">
          {contactOnly
            ? t('again.contactOnly')
            : t('again.tries', { n: Math.min(screen.tries + 1, screen.triesMax), max: screen.triesMax })}
        </p>
      </Face>
      <div class="actions">
        {!contactOnly && <Act kind="primary" icon="again" word="act.retry" onPress={acts.retry} testId="retry" />}
        <Act
          kind={contactOnly ? 'primary' : 'secondary'}
          {...(contactOnly ? { icon: 'keypad' as const } : {})}
          word="act.handheld"
          onPress={() => acts.keypad(contactOnly ? 'contact' : 'infrared')}
          testId="handheld"
        />
        {contactOnly && reason === 'low' && <Act word="act.noContact" onPress={acts.noContact} testId="no-contact" />}
        <Act word="act.refuse" onPress={acts.refuse} testId="refuse" />
        <Act word="act.leave" onPress={acts.leave} testId="leave" />
      </div>
    </>
  );
}
