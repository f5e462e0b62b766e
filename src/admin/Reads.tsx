// Who read whose data, newest first, by reader and day; numbers and never names of those who were read. Rendered by AdminPage.
import { adminTexts } from '../i18n/admin.ts';
import { timeText } from '../ui/desk/instants.ts';
import { type Admin, limits } from './admin-state.ts';

const { t, has } = adminTexts;

export function Reads({ admin }: { admin: Admin }) {
  const filter = admin.filter.value;
  const reads = admin.reads.value;
  const staff = admin.people.value?.staff ?? [];
  return (
    <>
      <div class="tools">
        <label>
          {t('reads-staff')}
          <select
            name="reads-staff"
            value={filter.staff}
            onChange={(e) => void admin.readLog({ ...filter, staff: e.currentTarget.value })}
          >
            <option value="">{t('reads-anybody')}</option>
            {staff.map((who) => (
              <option key={who.staffId} value={who.staffId}>
                {who.name}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('reads-day')}
          <input
            type="date"
            name="reads-day"
            value={filter.day}
            onChange={(e) => void admin.readLog({ ...filter, day: e.currentTarget.value })}
          />
        </label>
        <button
          type="button"
          data-testid="any-day"
          disabled={filter.day === ''}
          onClick={() => void admin.readLog({ ...filter, day: '' })}
        >
          {t('reads-any-day')}
        </button>
        <p class="hint">{t('reads-note')}</p>
      </div>
      {reads === null ? (
        <p>{t('asking')}</p>
      ) : reads.rows.length === 0 ? (
        <p data-testid="none">{t('none')}</p>
      ) : (
        <table data-testid="reads">
          <thead>
            <tr>
              <th scope="col">{t('col-time')}</th>
              <th scope="col">{t('col-reader')}</th>
              <th scope="col">{t('col-what')}</th>
              <th scope="col">{t('col-target')}</th>
            </tr>
          </thead>
          <tbody>
            {reads.rows.map((row) => (
              <tr key={`${row.atMs} ${row.staff.staffId} ${row.what} ${row.target}`} data-testid="read">
                <td>{timeText(row.atMs)}</td>
                <th scope="row">
                  {row.staff.name || row.staff.staffId} <span class="hint under">{textOf('role', row.staff.role)}</span>
                </th>
                <td>{textOf('what', row.what)}</td>
                <td class="target">{row.target}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {reads !== null && reads.rows.length > 0 && <End admin={admin} shown={reads.rows.length} next={reads.next} />}
    </>
  );
}

function End({ admin, shown, next }: { admin: Admin; shown: number; next: string | null }) {
  if (next === null) return <p class="hint">{t('reads-end')}</p>;
  if (shown >= limits.readsShown) return <p class="hint">{t('reads-narrow', { n: shown })}</p>;
  return (
    <button type="button" class="more" data-testid="more" onClick={() => void admin.readMore()}>
      {t('more')}
    </button>
  );
}

/** A kind that this page has no word for yet stands as the hub calls it. */
function textOf(group: 'role' | 'what', key: string): string {
  const text = `${group}-${key}`;
  return has(text) ? t(text) : key;
}
