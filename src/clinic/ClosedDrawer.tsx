// What was closed today, latest first. Rendered by ClinicBoard.
import { textOfTenths } from '../domain/reading.ts';
import { clinicTexts } from '../i18n/clinic.ts';
import { Dialog } from '../ui/desk/Dialog.tsx';
import { closedToday } from './board-state.ts';
import type { ClinicController } from './clinic-controller.ts';
import { campusClockText, maskedName, mayArrive } from './clinic-rules.ts';

const { t } = clinicTexts;

export function ClosedDrawer(props: { clinic: ClinicController; onClose(): void }) {
  const closed = closedToday(props.clinic.state.value, props.clinic.nowMs.value);
  return (
    <Dialog title={t('closed-title')} testid="closed-drawer" onClose={props.onClose} drawer>
      <div class="drawer-top">
        <h2>{t('closed-title')}</h2>
        <button type="button" class="plain" onClick={props.onClose}>
          {t('close')}
        </button>
      </div>
      {closed.length === 0 && <p class="empty">{t('closed-none')}</p>}
      <ul class="closed-list">
        {closed.map((one) => (
          <li key={one.caseId} data-testid="card" data-case={one.caseId} data-state="closed">
            <time>{campusClockText(one.closedAtMs ?? 0).slice(0, 5)}</time>
            <span>
              {one.caseNo} · {one.person ? maskedName(one.person.name) : t('visitor')} ·{' '}
              {one.shownTenths === null ? t('unknown') : `${textOfTenths(one.shownTenths)} ℃`}
            </span>
            <b>{one.disposition && t(`disposition-${one.disposition}`)}</b>
            {mayArrive(one) && (
              <button
                type="button"
                class="plain"
                data-testid="came"
                disabled={props.clinic.state.value.busy.has(one.caseId)}
                onClick={() => void props.clinic.take(one.caseId, { to: 'arrived' })}
              >
                {t('came')}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
