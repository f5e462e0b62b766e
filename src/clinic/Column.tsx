// One state of the board with its cards: three and a "+n" for the rest. Rendered by ClinicBoard.
import { useSignal } from '@preact/signals';
import { clinicTexts } from '../i18n/clinic.ts';
import { type Column as Cards, limits } from './board-state.ts';
import { Card } from './Card.tsx';
import type { ClinicController } from './clinic-controller.ts';

const { t } = clinicTexts;

export function Column(props: {
  clinic: ClinicController;
  column: Cards;
  onMeasure(caseId: string): void;
  onDispose(caseId: string): void;
}) {
  const { column } = props;
  const all = useSignal(false);
  const shown = all.value ? column.cards : column.cards.slice(0, limits.cardsShown);
  const rest = column.cards.length - limits.cardsShown;
  return (
    <section class="column" data-column={column.state} aria-label={t(`column-${column.state}`)}>
      <h2>
        <span class={`chip ${column.state}`}>{t(`column-${column.state}`)}</span>
        <b>{column.cards.length}</b>
        {rest > 0 && (
          <button
            type="button"
            class="plain more"
            data-testid="more"
            aria-expanded={all.value}
            aria-label={all.value ? t('less') : t('more-label', { n: rest })}
            onClick={() => (all.value = !all.value)}
          >
            {all.value ? t('less') : t('more', { n: rest })}
          </button>
        )}
      </h2>
      <div class="cards">
        {shown.map((referral) => (
          <Card
            key={referral.caseId}
            clinic={props.clinic}
            referral={referral}
            onMeasure={() => props.onMeasure(referral.caseId)}
            onDispose={() => props.onDispose(referral.caseId)}
          />
        ))}
        {column.cards.length === 0 && <p class="empty">{t('column-empty')}</p>}
      </div>
    </section>
  );
}
