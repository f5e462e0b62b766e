// Who passed a gate without a measurement today: a quiet stripe with the newest, and the list of the day behind it. Nobody is named:
// the contact at the barrier does not know who it was. Rendered by ClinicBoard.
import type { UnmeasuredRow } from '../contracts/unmeasured.ts';
import { clinicTexts } from '../i18n/clinic.ts';
import { Dialog } from '../ui/desk/Dialog.tsx';
import { campusClockText, elapsedText } from './clinic-rules.ts';

const { t } = clinicTexts;

/** Received so long after it happened is told, as with a case (protocol.md, Referral). */
export const limits = { lateMs: 15 * 60_000 } as const;

export function UnmeasuredStripe(props: { rows: readonly UnmeasuredRow[] | null; onOpen(): void }) {
  const { rows } = props;
  if (rows === null) {
    return (
      <p class="passed" role="status" data-testid="unmeasured">
        {t('unmeasured-unread')}
      </p>
    );
  }
  const newest = rows[0];
  if (newest === undefined) return null;
  return (
    <div class="passed" data-testid="unmeasured">
      <p role="status">
        <strong>{t('unmeasured', { n: rows.length })}</strong> {t('unmeasured-newest')}
        {clockOf(newest)} {newest.station.name} · {sayingOf(newest)}
      </p>
      <button type="button" class="plain" data-testid="unmeasured-all" onClick={props.onOpen}>
        {t('unmeasured-all')}
      </button>
    </div>
  );
}

export function UnmeasuredDrawer(props: { rows: readonly UnmeasuredRow[]; onClose(): void }) {
  return (
    <Dialog title={t('unmeasured-title')} testid="unmeasured-drawer" onClose={props.onClose} drawer>
      <div class="drawer-top">
        <h2>{t('unmeasured-title')}</h2>
        <button type="button" class="plain" onClick={props.onClose}>
          {t('close')}
        </button>
      </div>
      <p class="hint">{t('unmeasured-hint')}</p>
      <ul class="closed-list passed-list">
        {props.rows.map((one) => (
          <li key={one.entryId} data-testid="unmeasured-row" data-cause={one.cause}>
            <time>{clockOf(one)}</time>
            <span>
              <b>{one.station.name}</b> · {sayingOf(one)}
            </span>
            {one.receivedAtMs - one.atWallMs > limits.lateMs && (
              <span class="chip late">
                {t('chip-late', { age: t('minutes', { n: Math.floor((one.receivedAtMs - one.atWallMs) / 60_000) }) })}
              </span>
            )}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

const clockOf = (one: UnmeasuredRow) => campusClockText(one.atWallMs).slice(0, 5);

function sayingOf(one: UnmeasuredRow): string {
  const cause =
    one.cause === 'held-open' && one.openMs !== null
      ? t('unmeasured-held-open-for', { time: elapsedText(one.openMs) })
      : t(`unmeasured-${one.cause}`);
  return one.times > 1 ? t('unmeasured-times', { cause, n: one.times }) : cause;
}
