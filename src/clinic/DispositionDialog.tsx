// How a case ends, each way with what it does to the gates. Rendered by ClinicBoard.
import { useSignal } from '@preact/signals';
import type * as z from 'zod/mini';
import type { Referral } from '../contracts/clinic.ts';
import { disposition } from '../contracts/downlink.ts';
import { tenthsOf, textOfTenths } from '../domain/reading.ts';
import { clinicTexts } from '../i18n/clinic.ts';
import { Dialog } from '../ui/desk/Dialog.tsx';
import { CaseLine } from './CaseLine.tsx';
import type { ClinicController } from './clinic-controller.ts';
import { isOrdered, limits, mayClose } from './clinic-rules.ts';

const { t } = clinicTexts;
type Disposition = z.infer<typeof disposition>;

export function DispositionDialog(props: { clinic: ClinicController; referral: Referral; onClose(): void }) {
  const { clinic, referral } = props;
  const chosen = useSignal<Disposition | null>(null);
  const days = useSignal<number>(limits.orderDays);
  const busy = clinic.state.value.busy.has(referral.caseId);
  const measured = referral.reMeasured;
  const allowed = (one: Disposition) => mayClose(referral, one);

  const submit = async () => {
    const one = chosen.value;
    if (!one || busy) return;
    await clinic.take(referral.caseId, {
      to: 'closed',
      disposition: one,
      ...(isOrdered(one) ? { days: days.value } : {}),
    });
    props.onClose();
  };
  const move = (by: number) => {
    days.value = Math.min(limits.orderDaysMax, Math.max(1, days.value + by));
  };
  return (
    <Dialog title={t('dispose-title')} testid="dispose-dialog" onClose={props.onClose}>
      <h2>{t('dispose-title')}</h2>
      <CaseLine referral={referral} />
      {measured && (
        <p class="case-line">
          {t('measured', {
            value: `${textOfTenths(tenthsOf(measured.centiCelsius))} ℃`,
            site: t(`site-${measured.site}`),
          })}
          {measured.symptoms.map((one) => ` · ${t(`symptom-${one}`)}`)}
          {measured.listedRegion && ` · ${t('listed-region')}`}
        </p>
      )}
      <div class="ways" role="radiogroup" aria-label={t('dispose-title')}>
        {disposition.options.filter(allowed).map((one) => (
          <label class="way" key={one} data-chosen={chosen.value === one}>
            <input
              type="radio"
              name="disposition"
              value={one}
              checked={chosen.value === one}
              onChange={() => (chosen.value = one)}
            />
            <b>{t(`disposition-${one}`)}</b>
            <span>{t(`effect-${one}`)}</span>
          </label>
        ))}
      </div>
      {referral.state !== 'acknowledged' && !allowed('cleared') && <p class="hint">{t('cleared-refused')}</p>}
      {referral.person === null && <p class="hint">{t('unknown-person-orders')}</p>}
      {chosen.value && isOrdered(chosen.value) && (
        <p class="days">
          {t('days')}
          <button type="button" class="plain" aria-label={t('days-less')} onClick={() => move(-1)}>
            −
          </button>
          <output data-testid="days">{days.value}</output>
          <button type="button" class="plain" aria-label={t('days-more')} onClick={() => move(1)}>
            +
          </button>
          <span class="hint">{t('days-hint', { n: days.value })}</span>
        </p>
      )}
      <div class="sheet-actions">
        <button type="button" class="plain" onClick={props.onClose}>
          {t('cancel')}
        </button>
        <button
          type="button"
          class="primary"
          data-testid="confirm"
          disabled={chosen.value === null || busy}
          onClick={() => void submit()}
        >
          {chosen.value ? t('confirm', { disposition: t(`disposition-${chosen.value}`) }) : t('dispose-title')}
        </button>
      </div>
    </Dialog>
  );
}
