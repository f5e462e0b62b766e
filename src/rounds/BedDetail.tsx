// What is known of the bed at hand: every record of it with its writer (nothing is overwritten in silence), readings at the gate,
// and who still needs a second reading. Rendered by Rooms.
import { roundsTexts } from '../i18n/rounds.ts';
import type { Bed, Book } from './round-book.ts';
import type { Rounds } from './rounds-controller.ts';
import { clockText, degrees, whatText, whoText } from './show.ts';

const { t } = roundsTexts;

export const limits = { records: 4, second: 3 } as const;

export function BedDetail({ rounds }: { rounds: Rounds }) {
  const book = rounds.book.value;
  const bed = rounds.bed.value;
  if (book === null) return null;
  const due = book.secondDue;
  return (
    <section class="detail" aria-live="polite" data-testid="detail">
      {due.slice(0, limits.second).map(({ personId, caseId }) => (
        <SecondDue key={caseId} bed={book.byId.get(personId)} book={book} rounds={rounds} />
      ))}
      {bed !== null && <Records bed={bed} />}
    </section>
  );
}

function SecondDue({ bed, book, rounds }: { bed: Bed | undefined; book: Book; rounds: Rounds }) {
  if (bed === undefined) return null;
  return (
    <p class="note note-refer" data-testid="second-due">
      <button
        type="button"
        onClick={() => {
          rounds.press({ on: 'go', personId: bed.row.personId });
          rounds.press({ on: 'second' });
        }}
      >
        {t('second')}
      </button>
      <span>
        {t('second-due', { who: whoText(bed) })}
        <br />
        {matesText(bed, book)}
      </span>
    </p>
  );
}

/** Of a class the list does not know who lives with whom; the hub does. */
function matesText(bed: Bed, book: Book): string {
  if (bed.scope === 'class' && bed.row.room !== '') return t('class-mates');
  const mates = bed.scope === 'class' ? [] : book.beds.filter((one) => one.row.room === bed.row.room && one !== bed);
  return mates.length === 0
    ? t('no-room-mates')
    : t('room-mates', { names: mates.map((one) => one.row.name).join('、') });
}

function Records({ bed }: { bed: Bed }) {
  const { row, state, records } = bed;
  const standing = records.find((one) => one.entryId === state.stands);
  const others = records.filter((one) => one !== standing).slice(-limits.records);
  return (
    <>
      {standing !== undefined && (
        <p data-testid="standing">
          {t('entered-by', {
            by: standing.by,
            time: clockText(standing.atMs),
            what: whatText(standing.record, bed.scope),
          })}
          {(state.timing === 'late' || state.timing === 'very-late') && (
            <span class="chip chip-late">{t('late-mark')}</span>
          )}
          {state.reasonDue && <span class="chip chip-missing">{t('reason-due')}</span>}
        </p>
      )}
      {others.map((one) => (
        <p key={one.entryId} data-testid="also-by">
          {t('also-by', { by: one.by, time: clockText(one.atMs), what: whatText(one.record, bed.scope) })}
        </p>
      ))}
      {row.gate.map((one) => (
        <p key={one.entryId}>
          {t('from-gate', { time: clockText(one.atMs) })} {degrees(one.tenths)}
        </p>
      ))}
      {row.excuse !== null && !bed.expected && <p>{t('excused', { why: t(`excuse-${row.excuse}`) })}</p>}
    </>
  );
}
