// What the gates' desks told today: what runs short, and who took over from whom. Staff are named, nobody who passed is. A tab of
// OfficePage (tabs.tsx).
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type GateDeskAnswer, gateDeskAnswer } from '../contracts/gate-desk.ts';
import { officeGateTexts } from '../i18n/office-gates.ts';
import '../i18n/live-language.ts';
import type { Office } from './office-state.ts';
import { timeText } from './show.ts';

const { t, has } = officeGateTexts;

export function GateDesk({ office }: { office: Office }) {
  const seen = useSignal<GateDeskAnswer | null>(null);
  const turn = office.turn.value;
  useEffect(() => {
    void office.ask('/hub/office/gate-desk', gateDeskAnswer).then((answer) => {
      if (answer !== null) seen.value = answer;
    });
  }, [turn]);
  const desk = seen.value;
  if (desk === null) return <p>{t('asking')}</p>;
  return (
    <section class="panel">
      <h2>{t('short')}</h2>
      {desk.supplies.length === 0 ? (
        <p>{t('short-none')}</p>
      ) : (
        <table data-testid="supplies">
          <thead>
            <tr>
              <th scope="col">{t('col-time')}</th>
              <th scope="col">{t('col-gate')}</th>
              <th scope="col">{t('col-item')}</th>
            </tr>
          </thead>
          <tbody>
            {desk.supplies.map((row) => (
              <tr key={row.entryId}>
                <td>{timeText(row.atWallMs)}</td>
                <th scope="row">{row.station.name}</th>
                <td class="say-bad">{t(`item-${row.item}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <h2>{t('handovers')}</h2>
      {desk.handovers.length === 0 ? (
        <p>{t('handovers-none')}</p>
      ) : (
        <table data-testid="handovers">
          <thead>
            <tr>
              <th scope="col">{t('col-time')}</th>
              <th scope="col">{t('col-gate')}</th>
              <th scope="col">{t('col-post')}</th>
              <th scope="col">{t('col-who')}</th>
              <th scope="col">{t('col-passages')}</th>
              <th scope="col">{t('col-cases')}</th>
              <th scope="col">{t('col-notes')}</th>
            </tr>
          </thead>
          <tbody>
            {desk.handovers.map((row) => (
              <tr key={row.entryId}>
                <td>{timeText(row.atWallMs)}</td>
                <th scope="row">{row.station.name}</th>
                <td>{t(`post-${row.roster}`)}</td>
                <td>
                  {row.from ?? t('nobody')} → {row.to ?? t('nobody')}
                </td>
                <td class="number">{row.passages}</td>
                <td class="number">{row.cases}</td>
                <td>{row.notes.map((note) => noteText(note)).join(' · ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** A note of a newer gate is shown as it came. */
function noteText(note: string): string {
  const key = `note-${note}`;
  return has(key) ? t(key) : note;
}
