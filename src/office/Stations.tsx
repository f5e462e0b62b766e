// How each station stands: signature, entries without a gap, gaps, last received. Rendered by OfficePage.
import type { OfficeStation } from '../contracts/office.ts';
import { officeTexts } from '../i18n/office.ts';
import { timeText } from './show.ts';

const { t } = officeTexts;

export function Stations({ stations }: { stations: readonly OfficeStation[] }) {
  if (stations.length === 0) return <p>{t('stations-none')}</p>;
  return (
    <table data-testid="stations">
      <thead>
        <tr>
          <th scope="col">{t('col-station')}</th>
          <th scope="col">{t('col-standing')}</th>
          <th scope="col">{t('col-received')}</th>
          <th scope="col">{t('col-writers')}</th>
          <th scope="col">{t('col-gaps')}</th>
          <th scope="col">{t('col-last')}</th>
        </tr>
      </thead>
      <tbody>
        {stations.map(({ station, code, standing, received, writers, gaps, lastMs }) => (
          <tr key={station.id} data-testid="station" data-station={station.id}>
            <th scope="row">
              {code} {station.name} <span class="hint">{station.campus}</span>
            </th>
            <td>{t(`standing-${standing}`)}</td>
            <td class="number">{received}</td>
            <td class="number">{writers}</td>
            <td class={gaps > 0 ? 'number say-bad' : 'number'}>{gaps}</td>
            <td>{lastMs === null ? t('never') : timeText(lastMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
