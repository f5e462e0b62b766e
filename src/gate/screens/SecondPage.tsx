// Another window of this gate is open: this one only says so and waits. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import { Face } from '../parts/Face.tsx';
import { other } from '../parts/words.ts';

export function SecondPage() {
  const line = other('second.line');
  return (
    <Face icon="windows" word="second.word">
      <p class="line">{t('second.line')}</p>
      <p class="detail" lang={line.lang}>
        {line.text}
      </p>
      <p class="detail">{t('second.line2')}</p>
    </Face>
  );
}
