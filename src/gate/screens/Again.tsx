// Measure once more, with the reason that tells what to do differently. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import type { Acts, Screen } from '../model.ts';
import { Face } from '../parts/Face.tsx';
import { other, reasonText } from '../parts/words.ts';

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
          <Button
            kind="primary"
            icon="again"
            label={t('act.retry')}
            sub={other('act.retry')}
            onPress={() => acts.retry(card)}
            testId="retry"
          />
        )}
        <Button
          kind={contactOnly ? 'primary' : 'secondary'}
          {...(contactOnly ? { icon: 'keypad' as const } : {})}
          label={t('act.handheld')}
          sub={other('act.handheld')}
          onPress={() => acts.keypad(card, contactOnly ? 'contact' : 'infrared')}
          testId="handheld"
        />
        {contactOnly && reason === 'low' && (
          <Button
            label={t('act.noContact')}
            sub={other('act.noContact')}
            onPress={() => acts.noContact(card)}
            testId="no-contact"
          />
        )}
        <Button label={t('act.refuse')} sub={other('act.refuse')} onPress={() => acts.refuse(card)} testId="refuse" />
        <Button label={t('act.leave')} sub={other('act.leave')} onPress={() => acts.leave(card)} testId="leave" />
      </div>
    </>
  );
}
