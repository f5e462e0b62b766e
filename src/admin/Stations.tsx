// Stations and how they are known, to be paired, renamed and revoked. Rendered by AdminPage.
import { useSignal } from '@preact/signals';
import type { StationRow } from '../contracts/admin.ts';
import { adminTexts } from '../i18n/admin.ts';
import { timeText } from '../ui/desk/instants.ts';
import type { Open } from './AdminPage.tsx';
import type { Admin } from './admin-state.ts';

const { t, has } = adminTexts;

export function Stations({ admin, onOpen }: { admin: Admin; onOpen(open: Open): void }) {
  const query = useSignal('');
  const all = admin.stations.value;
  if (all === null) return <p>{t('asking')}</p>;
  const mayManage = admin.mayManage();
  const shown = all.filter((station) => fits(station, query.value));
  return (
    <>
      <div class="tools">
        <label class="search">
          {t('search-stations')}
          <input
            type="search"
            name="query"
            value={query.value}
            onInput={(e) => (query.value = e.currentTarget.value)}
          />
        </label>
        <p class="hint" data-testid="count" aria-live="polite">
          {t('count', { shown: shown.length, all: all.length })}
        </p>
        <span class="space" />
        {mayManage ? (
          <button type="button" class="primary" data-testid="pair" onClick={() => onOpen({ what: 'pair' })}>
            {t('pair-station')}
          </button>
        ) : (
          <p class="hint">{t('read-only')}</p>
        )}
      </div>
      {shown.length === 0 ? (
        <p data-testid="none">{t(all.length === 0 ? 'stations-none' : 'none')}</p>
      ) : (
        <table data-testid="stations">
          <thead>
            <tr>
              <th scope="col">{t('col-code')}</th>
              <th scope="col">{t('col-station')}</th>
              <th scope="col">{t('col-campus')}</th>
              <th scope="col">{t('col-key')}</th>
              <th scope="col">{t('col-last')}</th>
              {mayManage && <th scope="col">{t('col-acts')}</th>}
            </tr>
          </thead>
          <tbody>
            {shown.map((station) => (
              <tr key={station.stationId} data-testid="station" data-station={station.stationId}>
                <td>{station.code}</td>
                <th scope="row">
                  {station.name} <span class="hint under">{station.stationId}</span>
                </th>
                <td>{station.campus}</td>
                <td>{standingText(station)}</td>
                <td>{station.lastMs === null ? t('never') : timeText(station.lastMs)}</td>
                {mayManage && (
                  <td>
                    <Acts station={station} onOpen={onOpen} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Acts({ station, onOpen }: { station: StationRow; onOpen(open: Open): void }) {
  const button = (what: 'rename' | 'revoke') => (
    <button
      type="button"
      data-testid={what}
      aria-label={`${t(what)} ${station.name}`}
      onClick={() => onOpen({ what, station })}
    >
      {t(what)}
    </button>
  );
  return (
    <span class="acts">
      {button('rename')}
      {station.revokedMs === null && button('revoke')}
    </span>
  );
}

function standingText({ revokedMs, keyId, keySource }: StationRow): string {
  if (revokedMs !== null) return t('revoked', { time: timeText(revokedMs) });
  if (keyId === null) return t('key-none');
  const source = `key-${keySource}`;
  return has(source) ? `${keyId} · ${t(source)}` : keyId;
}

function fits(station: StationRow, query: string): boolean {
  const text = `${station.code} ${station.name} ${station.campus} ${station.stationId}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
