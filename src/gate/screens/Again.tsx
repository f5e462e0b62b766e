// Measure once more, with the reason that tells what to do differently. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import type { Acts, Screen } from '../model.ts';
import { Act } from '../parts/Act.tsx';
import { Face } from '../parts/Face.tsx';
import { reasonText } from '../parts/words.ts';

type Props = { screen: Extract<Screen, { name: 'again' }>; reason: string; card: string | null; acts: Acts };

export function Again({ screen, reason, card, acts }: Props) {
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
        {!contactOnly && (
          <Act kind="primary" icon="again" word="act.retry" onPress={() => acts.retry(card)} testId="retry" />
        )}
        <Act
          kind={contactOnly ? 'primary' : 'secondary'}
          {...(contactOnly ? { icon: 'keypad' as const } : {})}
          word="act.handheld"
          onPress={() => acts.keypad(card, contactOnly ? 'contact' : 'infrared')}
          testId="handheld"
        />
        {contactOnly && reason === 'low' && (
          <Act word="act.noContact" onPress={() => acts.noContact(card)} testId="no-contact" />
        )}
        <Act word="act.refuse" onPress={() => acts.refuse(card)} testId="refuse" />
        <Act word="act.leave" onPress={() => acts.leave(card)} testId="leave" />
      </div>
    </>
  );
}
