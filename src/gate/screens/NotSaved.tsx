// Neither copy was made: the guard must write it down; the barrier stays shut. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import type { ScreenProps } from '../model.ts';
import { Act, Line } from '../parts/Act.tsx';
import { Face } from '../parts/Face.tsx';
import { Reveal } from '../parts/Reveal.tsx';
import { clockText } from '../parts/words.ts';

export function NotSaved({ screen, acts }: ScreenProps<'not-saved'>) {
  return (
    <>
      <Face icon="warning" word="not-saved.word">
        <p class="title">{t('not-saved.write')}</p>
        <Line word="not-saved.line" />
        <p class="line">{t('not-saved.line2')}</p>
        <p class="title">{t('not-saved.time', { time: clockText(screen.wallMs) })}</p>
      </Face>
      <div class="actions">
        <Reveal secret={screen.secret} primary />
        <Act icon="tick" word="not-saved.done" onPress={acts.dismiss} testId="written-down" />
      </div>
    </>
  );
}
