// One referral on the board: whose, how hot, where, how long, and the one button to its next state. Rendered by Column.
import { useSignal } from '@preact/signals';
import type { Referral } from '../contracts/clinic.ts';
import { tenthsOf, textOfTenths } from '../domain/reading.ts';
import { clinicTexts } from '../i18n/clinic.ts';
import { language } from '../i18n/define.ts';
import { hubNow, type Notice } from './board-state.ts';
import { CardActions } from './CardActions.tsx';
import type { ClinicController } from './clinic-controller.ts';
import { elapsedText, isOverdue, maskedName, stateSinceMs } from './clinic-rules.ts';

const { t, has } = clinicTexts;

export type CardProps = { clinic: ClinicController; referral: Referral; onMeasure(): void; onDispose(): void };

export function Card(props: CardProps) {
  const { clinic, referral } = props;
  const full = useSignal(false);
  const state = clinic.state.value;
  const now = hubNow(state, clinic.nowMs.value) ?? stateSinceMs(referral);
  const overdue = isOverdue(referral, now);
  const notice = state.notices.get(referral.caseId);
  const { person } = referral;
  const shown = person ? (full.value ? person.name : maskedName(person.name)) : t('visitor');
  const evidence = referral.evidence.at(-1);
  const reason = `reason-${referral.reason}`;
  const mates = referral.roomMates ?? [];
  return (
    <article
      class="card"
      data-testid="card"
      data-case={referral.caseId}
      data-state={referral.state}
      data-overdue={overdue}
    >
      <div class="card-top">
        <span class="reading">
          {referral.shownTenths === null ? t('unknown') : `${textOfTenths(referral.shownTenths)} ℃`}
        </span>
        <span class="chips">
          {overdue && (
            <span class="chip overdue">
              {t(referral.state === 'acknowledged' ? 'chip-not-arrived' : 'chip-overdue')}
            </span>
          )}
          {referral.late && (
            <span class="chip late" title={t('late-label', { age: ageText(referral) })}>
              {t('chip-late', { age: ageText(referral) })}
            </span>
          )}
        </span>
        <time class="elapsed">{elapsedText(now - stateSinceMs(referral))}</time>
      </div>
      <div class="who">
        {person ? (
          <button
            type="button"
            class="name"
            data-testid="name"
            aria-pressed={full.value}
            aria-label={full.value ? person.name : t('show-name', { name: maskedName(person.name) })}
            onClick={() => (full.value = !full.value)}
          >
            {shown}
          </button>
        ) : (
          <span class="name">{shown}</span>
        )}
        <span class="unit">{person?.unit}</span>
        <span class="reason">{has(reason) ? t(reason) : t('reason-other')}</span>
      </div>
      <p class="where">
        {referral.place ?? referral.station.name} · <span class="case-no">{referral.caseNo}</span>
        {mates.length > 0 && (
          <span data-testid="room-mates">
            {' · '}
            {full.value
              ? t('room-mate-names', { names: mates.map(({ name }) => name).join(t('name-stop')) })
              : t('room-mates', { n: mates.length })}
          </span>
        )}
      </p>
      <p class="more-known">
        {referral.acknowledgedBy && referral.how
          ? t('by-how', { by: referral.acknowledgedBy, how: t(`how-${referral.how}`) })
          : evidence && t('evidence', { value: `${textOfTenths(tenthsOf(evidence.centiCelsius))} ℃` })}
        {referral.state === 'acknowledged' && overdue && person?.contact && (
          <> · {t('contact-person', { contact: person.contact })}</>
        )}
        {referral.reMeasured && (
          <>
            {' '}
            ·{' '}
            {t('measured', {
              value: textOfTenths(tenthsOf(referral.reMeasured.centiCelsius)),
              site: t(`site-${referral.reMeasured.site}`),
            })}
          </>
        )}
      </p>
      {notice && (
        <p class="notice" role="alert" data-testid="notice">
          <span>{noticeText(notice)}</span>
          <button type="button" class="plain" onClick={() => clinic.dismiss(referral.caseId)}>
            {t('dismiss')}
          </button>
        </p>
      )}
      <CardActions {...props} />
    </article>
  );
}

function noticeText(notice: Notice): string {
  switch (notice.kind) {
    case 'taken':
      return notice.state === 'acknowledged' && notice.by
        ? t('taken-by', { by: notice.by })
        : t('taken-state', { state: t(`state-${notice.state}`) });
    case 'refused':
      return notice.sentence[language.value];
    case 'unreached':
      return t('unreached');
    default:
      return notice satisfies never;
  }
}

/** How old a late case was when the hub received it. */
function ageText(referral: Referral): string {
  const minutes = Math.max(0, Math.floor((referral.receivedAtMs - referral.passageWallMs) / 60_000));
  return minutes < 120 ? t('minutes', { n: minutes }) : t('hours', { n: Math.floor(minutes / 60) });
}
