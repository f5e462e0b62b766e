// The left column: buildings (or classes) with percent and missing, worst first. Rendered by RoundsPage.
import { roundsTexts } from '../i18n/rounds.ts';
import type { Rounds } from './rounds-controller.ts';

const { t } = roundsTexts;

export function Places({ rounds }: { rounds: Rounds }) {
  const scope = rounds.scope.value;
  const chosen = rounds.place.value;
  const told = rounds.places.value;
  const book = rounds.book.value;
  // Without the hub at least the place that is kept here.
  const rows =
    told.length > 0 || chosen === null
      ? told.map(({ place, percent, figures, closing, overdue }) => ({
          ...{ place, percent, missing: figures.missing, isClosed: closing !== null, overdue },
        }))
      : [{ place: chosen, percent: 0, missing: 0, isClosed: false, overdue: false }];
  return (
    <nav class="places" aria-label={t(scope === 'class' ? 'scope-class' : 'scope-building')}>
      {rounds.scopes.length > 1 && (
        <div class="scopes">
          {rounds.scopes.map((one) => (
            <button
              key={one}
              type="button"
              data-testid={`scope-${one}`}
              aria-pressed={scope === one}
              onClick={() => void rounds.setScope(one)}
            >
              {t(`scope-${one}`)}
            </button>
          ))}
        </div>
      )}
      <ul>
        {rows.map((row) => {
          const isHere = row.place === chosen;
          // The place at hand counts what this tablet knows, which may be ahead of the hub.
          const percent = isHere && book !== null ? book.percent : row.percent;
          const missing = isHere && book !== null ? book.figures.missing : row.missing;
          return (
            <li key={row.place}>
              <button
                type="button"
                class="place"
                data-testid="place"
                aria-current={isHere ? 'true' : undefined}
                onClick={() => void rounds.choose(row.place, scope)}
              >
                <strong>{row.place}</strong>
                <span class="percent">{percent}%</span>
                <span class={missing > 0 ? 'chip chip-missing' : 'chip chip-good'}>
                  {t('place-missing', { n: missing })}
                </span>
                {row.overdue && <span class="chip chip-late">{t('place-overdue')}</span>}
                {row.isClosed && <span class="chip chip-good">{t('place-closed')}</span>}
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
