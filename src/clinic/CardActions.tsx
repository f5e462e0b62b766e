// The buttons of a card: one big one to the next state, and at the first step the two other ways of answering.
import { clinicTexts } from '../i18n/clinic.ts';
import type { CardProps } from './Card.tsx';

const { t } = clinicTexts;

export function CardActions(props: CardProps) {
  const { clinic, referral } = props;
  const { caseId } = referral;
  const busy = clinic.state.value.busy.has(caseId);
  const acknowledge = (how: 'nurse-comes' | 'escort' | 'fever-clinic') =>
    clinic.take(caseId, { to: 'acknowledged', how });
  switch (referral.state) {
    case 'raised':
      return (
        <div class="actions">
          <button
            type="button"
            class="next"
            data-testid="next"
            disabled={busy}
            onClick={() => void acknowledge('nurse-comes')}
          >
            {busy ? t('sending') : t('acknowledge')}
            <small>{t('how-nurse-comes')}</small>
          </button>
          <button
            type="button"
            class="other"
            data-testid="escort"
            disabled={busy}
            onClick={() => void acknowledge('escort')}
          >
            {t('how-escort')}
          </button>
          <button
            type="button"
            class="other"
            data-testid="fever-clinic"
            disabled={busy}
            title={t('how-fever-clinic-long')}
            onClick={() => void acknowledge('fever-clinic')}
          >
            {t('how-fever-clinic')}
          </button>
        </div>
      );
    case 'acknowledged':
      return (
        <div class="actions">
          <button
            type="button"
            class="next"
            data-testid="next"
            disabled={busy}
            onClick={() => void clinic.take(caseId, { to: 'arrived' })}
          >
            {t(busy ? 'sending' : 'arrived')}
          </button>
          <button type="button" class="other" data-testid="other" disabled={busy} onClick={props.onDispose}>
            {t('otherwise')}
          </button>
        </div>
      );
    case 'arrived':
      return (
        <div class="actions">
          <button type="button" class="next" data-testid="next" disabled={busy} onClick={props.onMeasure}>
            {t(busy ? 'sending' : 're-measure')}
          </button>
          <button type="button" class="other" data-testid="other" disabled={busy} onClick={props.onDispose}>
            {t('dispose')}
          </button>
        </div>
      );
    case 're-measured':
      return (
        <div class="actions">
          <button type="button" class="next" data-testid="next" disabled={busy} onClick={props.onDispose}>
            {t(busy ? 'sending' : 'dispose')}
          </button>
          <button type="button" class="other" data-testid="other" disabled={busy} onClick={props.onMeasure}>
            {t('again')}
          </button>
        </div>
      );
    case 'closed':
      return null;
    default:
      return referral.state satisfies never;
  }
}
