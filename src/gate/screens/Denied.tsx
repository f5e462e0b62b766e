// An order or an open case bars this person: reason, end and name only for the guard. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import type { Acts, Screen } from '../model.ts';
import { Face } from '../parts/Face.tsx';
import { Reveal } from '../parts/Reveal.tsx';
import { ageText, other } from '../parts/words.ts';

export function Denied({
  screen,
  card,
  acts,
}: {
  screen: Extract<Screen, { name: 'deny' }>;
  card: string | null;
  acts: Acts;
}) {
  const line = other('deny.line');
  return (
    <>
      <Face icon="no-entry" word="deny.word">
        <p class="line">{t('deny.line')}</p>
        <p class="detail" lang={line.lang}>
          {line.text}
        </p>
        {screen.caseNo !== null && (
          <p class="case-no" data-testid="case-no">
            {screen.caseNo}
          </p>
        )}
        {screen.phone && <p class="title">{t('case.clinicPhone', { clinic: screen.clinic, phone: screen.phone })}</p>}
        {screen.listAgeMs !== null && <p class="detail">{t('stripe.late', { age: ageText(screen.listAgeMs) })}</p>}
      </Face>
      <div class="actions">
        <Reveal secret={screen.secret} primary />
        <Button
          icon="keypad"
          label={t('act.handheld')}
          sub={other('act.handheld')}
          onPress={() => acts.keypad(card)}
          testId="handheld"
        />
        <Button icon="back" label={t('act.close')} sub={other('act.close')} onPress={acts.dismiss} testId="dismiss" />
      </div>
    </>
  );
}
