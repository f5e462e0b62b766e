// Neither copy was made: the guard must write it down; the barrier stays shut. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import type { Acts, Screen } from '../model.ts';
import { Face } from '../parts/Face.tsx';
import { Reveal } from '../parts/Reveal.tsx';
import { clockText, other } from '../parts/words.ts';

export function NotSaved({ screen, acts }: { screen: Extract<Screen, { name: 'not-saved' }>; acts: Acts }) {
  const line = other('notSaved.line');
  return (
    <>
      <Face icon="warning" word="notSaved.word">
        <p class="title">{t('notSaved.write')}</p>
        <p class="line">{t('notSaved.line')}</p>
        <p class="detail" lang={line.lang}>
          {line.text}
        </p>
        <p class="line">{t('notSaved.line2')}</p>
        <p class="title">{t('notSaved.time', { time: clockText(screen.wallMs) })}</p>
      </Face>
      <div class="actions">
        <Reveal secret={screen.secret} primary />
        <Button
          icon="tick"
          label={t('notSaved.done')}
          sub={other('notSaved.done')}
          onPress={acts.dismiss}
          testId="written-down"
        />
      </div>
    </>
  );
}
