// What was set aside, conflicts, or is missing: one row each, in plain words, raw bytes on demand. Rendered by OfficePage.
import type { OfficeAnswer, OfficeFault } from '../contracts/office.ts';
import { officeTexts } from '../i18n/office.ts';
import { type Office, rawKey } from './office-state.ts';
import { timeText } from './show.ts';

const { t, has } = officeTexts;

export function Faults({ office, view }: { office: Office; view: OfficeAnswer }) {
  const { counts, faults } = view;
  const all = counts.setAside + counts.conflicts + counts.chain + counts.gaps;
  if (all === 0) return <p data-testid="faults-none">{t('faults-none')}</p>;
  return (
    <>
      <h2 data-testid="faults-count">{t('faults-count', counts)}</h2>
      {all > faults.length && <p>{t('faults-more', { n: faults.length })}</p>}
      <table data-testid="faults">
        <thead>
          <tr>
            <th scope="col">{t('col-kind')}</th>
            <th scope="col">{t('col-station')}</th>
            <th scope="col">{t('col-place')}</th>
            <th scope="col">{t('col-time')}</th>
            <th scope="col">{t('col-reason')}</th>
            <th scope="col">{t('col-raw')}</th>
          </tr>
        </thead>
        <tbody>
          {faults.map((fault) => (
            <Row key={`${rawKey(fault)} ${fault.reason}`} office={office} fault={fault} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function Row({ office, fault }: { office: Office; fault: OfficeFault }) {
  const { kind, station, seq, reason } = fault;
  const writer = fault.writerId.slice(0, 8);
  const key = rawKey(fault);
  const shown = office.raw.value.get(key);
  const reasonKey = `reason-${reason}`;
  return (
    <>
      <tr data-testid="fault" data-kind={kind} data-reason={reason}>
        <td>{t(`kind-${kind}`)}</td>
        <td>
          {station.name || station.id} <span class="hint">{station.campus}</span>
        </td>
        <td>{seq === 0 ? t('place-none') : t('place', { writer, seq })}</td>
        <td>{timeText(fault.atMs)}</td>
        <td>{has(reasonKey) ? t(reasonKey) : t('reason-other', { reason })}</td>
        <td>
          {fault.sha256 !== null && (
            <button
              type="button"
              data-testid="raw"
              aria-expanded={shown !== undefined}
              aria-label={`${t(shown === undefined ? 'show-raw' : 'hide-raw')} ${writer} ${seq}`}
              onClick={() => void office.toggleRaw(fault)}
            >
              {t(shown === undefined ? 'show-raw' : 'hide-raw')}
            </button>
          )}
        </td>
      </tr>
      {shown !== undefined && (
        <tr>
          <td colSpan={6}>
            <textarea
              readOnly
              rows={6}
              data-testid="raw-text"
              aria-label={t('raw-label', { writer, seq })}
              value={shown ?? t('raw-gone')}
            />
          </td>
        </tr>
      )}
    </>
  );
}
