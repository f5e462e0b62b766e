// Whose case a dialog is about, in one line: case number, masked name, what the gate measured.
import type { Referral } from '../contracts/clinic.ts';
import { textOfTenths } from '../domain/reading.ts';
import { clinicTexts } from '../i18n/clinic.ts';
import { maskedName } from './clinic-rules.ts';

const { t } = clinicTexts;

export function CaseLine(props: { referral: Referral }) {
  const { caseNo, person, shownTenths, station } = props.referral;
  return (
    <p class="case-line">
      <b>{caseNo}</b> · {person ? maskedName(person.name) : t('visitor')} ·{' '}
      {shownTenths === null ? t('unknown') : `${textOfTenths(shownTenths)} ℃`} · {station.name}
    </p>
  );
}
