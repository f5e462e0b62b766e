// Neither copy was made: the guard must write it down; the barrier stays shut. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import type { Acts, Screen } from '../model.ts';
import { Act, Line } from '../parts/Act.tsx';
import { Face } from '../parts/Face.tsx';
import { Reveal } from '../parts/Reveal.tsx';
import { clockText } from '../parts/words.ts';

export function NotSaved({ screen, acts }: { screen: Extract<Screen, { name: 'not-saved' }>; acts: Acts }) {
  return (
    <>
      <Face icon="warning" word="notSaved.word">
        <p class="title">{t('notSaved.write')}</p>
        <Line word="notSaved.line" />
        <p class="line">{t('notSaved.line2')}</p>
        <p class="title">{t('notSaved.time', { time: clockText(screen.wallMs) })}</p>
      </Face>
      <div class="actions">
        <Reveal secret={screen.secret} primary />
        <Act icon="tick" word="notSaved.done" onPress={acts.dismiss} testId="written-down" />
      </div>
    </>
  );
}
