// The round on A4: who is missing by name, then everybody by room. On paper only; it stands ready while the closing is open. Rendered
// by RoundsPage.
import { roundsTexts } from '../i18n/rounds.ts';
import type { Bed } from './round-book.ts';
import type { Rounds } from './rounds-controller.ts';
import { bedPlace, clockText, dayText, standingText, whoText } from './show.ts';

const { t } = roundsTexts;

export function PrintSheet({ rounds }: { rounds: Rounds }) {
  const book = rounds.book.value;
  const key = rounds.key.value;
  if (rounds.keys.value.panel !== 'close' || book === null || key === null) return null;
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
            {beds.map((bed) => (
              <Line key={bed.row.personId} bed={bed} />
            ))}
          </ul>
        ))}
      </div>
      <p class="print-signed">{t('print-signed')}</p>
    </article>
  );
}

function Line({ bed }: { bed: Bed }) {
  const standing = bed.records.find((one) => one.entryId === bed.state.stands);
  return (
    <li>
      {bedPlace(bed)} {bed.row.name} <b>{bed.isDue ? '______' : standingText(bed)}</b>
      {standing !== undefined && ` ${clockText(standing.atMs)}`}
    </li>
  );
}
