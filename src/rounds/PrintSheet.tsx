// The round on A4: who is missing by name, then everybody by room. On paper only, and made only while it is printed. Rendered by
// RoundsPage.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { roundsTexts } from '../i18n/rounds.ts';
import type { Rounds } from './rounds-controller.ts';
import { bedPlace, clockText, dayText, standingText, whoText } from './show.ts';

const { t } = roundsTexts;

const isPrinting = signal(false);

/** Draws the sheet, then asks the browser to print it. */
export function printNow(): void {
  isPrinting.value = true;
}

export function PrintSheet({ rounds }: { rounds: Rounds }) {
  const isOn = isPrinting.value;
  useEffect(() => {
    // Also for who prints by Ctrl+P.
    const before = () => (isPrinting.value = true);
    const after = () => (isPrinting.value = false);
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
    };
  }, []);
  useEffect(() => {
    if (isOn) print();
  }, [isOn]);
  const book = rounds.book.value;
  const key = rounds.key.value;
  if (!isOn || book === null || key === null) return null;
  const missing = book.beds.filter((bed) => bed.isDue);
  const rooms = book.groups.flatMap((group) => group.rooms);
  return (
    <article class="print-sheet" data-testid="print-sheet">
      <h1>{t('close-title', { place: key.place, window: t(`window-${key.window}`) })}</h1>
      <p>
        {key.roundDay} · {t('print-made', { time: dayText(rounds.now.value) })}
      </p>
      <p>{t('close-figures', book.figures)}</p>
      {missing.length > 0 && (
        <p>
          <strong>{t('print-missing')}</strong> {missing.map(whoText).join('、')}
        </p>
      )}
      <div class="print-rooms">
        {rooms.map(({ room, beds }) => (
          <ul key={`${room} ${beds[0]?.row.personId}`}>
            {beds.map((bed) => {
              const standing = bed.records.find((one) => one.entryId === bed.state.stands);
              return (
                <li key={bed.row.personId}>
                  <span>{bedPlace(bed)}</span> <span>{bed.row.name}</span>{' '}
                  <b>{bed.isDue ? '______' : standingText(bed)}</b>
                  {standing !== undefined && ` ${clockText(standing.atMs)}`}
                </li>
              );
            })}
          </ul>
        ))}
      </div>
      <p class="print-signed">{t('print-signed')}</p>
    </article>
  );
}
