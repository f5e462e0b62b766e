// Thermometers against their neighbours and their own day before, newest hour first. Rendered by OfficePage.
import type { DriftRow } from '../contracts/drift.ts';
import { officeTexts } from '../i18n/office.ts';
import { degrees, tenthsText, timeText } from './show.ts';

const { t } = officeTexts;

export function Drift({ rows }: { rows: readonly DriftRow[] }) {
  if (rows.length === 0) return <p data-testid="drift-none">{t('drift-none')}</p>;
  const difference = (tenths: number | null) => (tenths === null ? t('unknown') : tenthsText(tenths));
  return (
    <table data-testid="drift">
      <thead>
        <tr>
          <th scope="col">{t('col-station')}</th>
          <th scope="col">{t('col-site')}</th>
          <th scope="col">{t('col-hour')}</th>
          <th scope="col">{t('col-median')}</th>
          <th scope="col">{t('col-readings')}</th>
          <th scope="col">{t('col-neighbours')}</th>
          <th scope="col">{t('col-yesterday')}</th>
          <th scope="col">{t('col-level')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.station.id} ${row.site} ${row.hourMs}`} data-testid="drift-row" data-level={row.level}>
            <th scope="row">
              {row.station.name} <span class="hint">{row.station.campus}</span>
            </th>
            <td>{t(`site-${row.site}`)}</td>
            <td>{timeText(row.hourMs)}</td>
            <td class="number">{degrees(row.medianCenti)}</td>
            <td class="number">{row.readings}</td>
            <td class="number">{difference(row.fromNeighboursTenths)}</td>
            <td class="number">{difference(row.fromYesterdayTenths)}</td>
            <td class={row.level === 'alarm' ? 'say-bad' : ''}>{t(`level-${row.level}`)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
