// An order or an open case bars this person: reason, end and name only for the guard. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import type { ScreenProps } from '../model.ts';
import { Act, Line } from '../parts/Act.tsx';
import { Face } from '../parts/Face.tsx';
import { Reveal } from '../parts/Reveal.tsx';
import { ageText } from '../parts/words.ts';

export function Denied({ screen, acts }: ScreenProps<'deny'>) {
  return (
    <>
      <Face icon="no-entry" word="deny.word">
        <Line word="deny.line" />
        {screen.caseNo !== null && (
          <p class="case-no" data-testid="case-no">
            {screen.caseNo}
          </p>
        )}
        {screen.phone && <p class="title">{`${screen.clinic} ${screen.phone}`}</p>}
        {screen.clockUnsure && (
          <p class="detail" data-testid="clock-unsure">
            {t('deny.clock')}
          </p>
        )}
        {screen.listAgeMs !== null && <p class="detail">{t('stripe.late', { age: ageText(screen.listAgeMs) })}</p>}
      </Face>
      <div class="actions">
        <Reveal secret={screen.secret} primary />
        <Act icon="keypad" word="act.handheld" onPress={() => acts.keypad()} testId="handheld" />
        <Act icon="back" word="act.close" onPress={acts.dismiss} testId="dismiss" />
      </div>
    </>
  );
}
