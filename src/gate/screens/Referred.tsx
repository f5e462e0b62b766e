// Somebody with a fever waits aside: no name, no number, the case number and what the clinic says. Painted by GateScreen.
import { t } from '../../i18n/texts.ts';
import type { ScreenProps } from '../model.ts';
import { Act, Line } from '../parts/Act.tsx';
import { Face } from '../parts/Face.tsx';
import { Reveal } from '../parts/Reveal.tsx';

type Refer = ScreenProps<'refer'>['screen'];

function CaseLine({ screen }: { screen: Refer }) {
  const { caseState, how, phone, clinic } = screen;
  return (
    <p class="case-state" data-testid="case-state" data-state={caseState} aria-live="polite">
      {caseState === 'undelivered' ? (
        <>
          {t('case.undelivered')} <span class="phone">{phone || clinic}</span>
        </>
      ) : caseState === 'pending' ? (
        t('case.none')
      ) : caseState === 'acknowledged' ? (
        `${t('case.acknowledged')}${how === null ? '' : ` · ${t(how === 'fever-clinic' ? 'case.fetched' : `case.${how}`)}`}`
      ) : (
        t(`case.${caseState}`)
      )}
    </p>
  );
}

export function Referred({ screen, acts }: ScreenProps<'refer'>) {
  return (
    <>
      <Face icon="hand" word="refer.word">
        <Line word="refer.line" />
        {screen.caseNo !== null && (
          <p class="case-no" data-testid="case-no">
            {screen.caseNo}
          </p>
        )}
        <CaseLine screen={screen} />
        {screen.phone && screen.caseState !== 'undelivered' && (
          <p class="detail">{`${screen.clinic} ${screen.phone}`}</p>
        )}
      </Face>
      <div class="actions">
        <Act kind="primary" icon="tick" word="act.handover" onPress={acts.dismiss} testId="handover" />
        <Act icon="keypad" word="act.evidence" onPress={() => acts.keypad('contact')} testId="evidence" />
        <Act word="act.slip" onPress={() => acts.room('slip')} testId="slip" />
        <Reveal secret={screen.secret} more={screen.how === 'fever-clinic' ? t('case.fever-clinic') : null} />
      </div>
    </>
  );
}
