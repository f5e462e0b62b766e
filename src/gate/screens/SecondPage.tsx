// Another window of this gate is open: this one only says so and waits. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import { Line } from '../parts/Act.tsx';
import { Face } from '../parts/Face.tsx';

export function SecondPage() {
  return (
    <Face icon="windows" word="second-page.word">
      <Line word="second-page.line" />
      <p class="detail">{t('second-page.line2')}</p>
    </Face>
  );
}
