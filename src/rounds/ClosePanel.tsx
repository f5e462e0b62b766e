// The end of a round: the figures, everybody missing by room and name with a reason, the printed list. Rendered by Panels.
import { missingReasons } from '../domain/round.ts';
import { roundsTexts } from '../i18n/rounds.ts';
import { Dialog } from './Panels.tsx';
import type { Bed } from './round-book.ts';
import type { Rounds } from './rounds-controller.ts';
import { clockText, whoText } from './show.ts';
import { missingWord } from './words.ts';

const { t } = roundsTexts;

export function ClosePanel({ rounds }: { rounds: Rounds }) {
  const book = rounds.book.value;
  const key = rounds.key.value;
  if (book === null || key === null) return null;
  const missing = book.beds.filter((bed) => bed.isDue);
  const last = book.closings.at(-1);
  return (
    <Dialog
      rounds={rounds}
      testId="panel-close"
      title={t('close-title', { place: key.place, window: t(`window-${key.window}`) })}
      foot={
        <>
          <button type="button" data-testid="print" onClick={() => print()}>
            {t('print')}
          </button>
          <button type="button" class="primary" data-testid="close-now" onClick={() => rounds.press({ on: 'confirm' })}>
            {t('close-now')}
          </button>
        </>
      }
    >
      <p data-testid="close-figures">{t('close-figures', book.figures)}</p>
      {last !== undefined && (
        <p class="note note-old">
          {t('closed-by', { by: last.by, time: clockText(last.atMs), n: last.missing })} {t('close-again')}
        </p>
      )}
      {missing.length === 0 ? (
        <p class="note note-good">{t('close-complete')}</p>
      ) : (
        <>
          <p>{t('close-missing', { n: missing.length })}</p>
          <ul class="missing">
            {missing.map((bed) => (
              <Missing key={bed.row.personId} rounds={rounds} bed={bed} />
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}

function Missing({ rounds, bed }: { rounds: Rounds; bed: Bed }) {
  const { personId } = bed.row;
  const chosen = rounds.reasons.value.get(personId) ?? 'unknown';
  return (
    <li data-testid="missing-row">
      <span>{whoText(bed)}</span>
      <span class="reasons">
        {missingReasons.map((reason) => (
          <button
            key={reason}
            type="button"
            aria-pressed={chosen === reason}
            aria-label={`${whoText(bed)}: ${missingWord(bed.scope, reason)}`}
            onClick={() => {
              rounds.reasons.value = new Map([...rounds.reasons.value, [personId, reason]]);
            }}
          >
            {missingWord(bed.scope, reason)}
          </button>
        ))}
      </span>
    </li>
  );
}
