// The full-width warning that the board is old: amber from 25 s, the telephone from 2 min. Rendered by ClinicBoard.
import type { Referral } from '../contracts/clinic.ts';
import { clinicTexts } from '../i18n/clinic.ts';
import type { Connection } from './board-state.ts';
import { campusClockText } from './clinic-rules.ts';

const { t } = clinicTexts;

/** Numbers shown while the board is dark; the rest is on the cards. */
export const limits = { contacts: 6 } as const;

export function Banner(props: { connection: Connection; referrals: readonly Referral[] }) {
  const { state, heardHubMs } = props.connection;
  if (state !== 'stale' && state !== 'dark') return null;
  const time = heardHubMs === null ? t('unknown') : campusClockText(heardHubMs);
  if (state === 'stale') {
    return (
      <p class="banner stale" role="alert" data-testid="banner">
        <strong>{t('stale', { time })}</strong> {t('stale-more')}
      </p>
    );
  }
  const open = props.referrals.filter((referral) => referral.state !== 'closed' && referral.person?.contact);
  return (
    <div class="banner dark" role="alert" data-testid="banner">
      <strong>{t('dark', { time })}</strong>
      <p>
        ☎ {t('dark-phone')} {t('dark-more')}
      </p>
      <p>
        {open.slice(0, limits.contacts).map((referral) => (
          <span class="contact" key={referral.caseId}>
            {referral.caseNo} {referral.person?.contact}
          </span>
        ))}
      </p>
    </div>
  );
}
