// Finding a resident: a field and at most eight answers; Enter takes the first, the arrows choose. Rendered by Panels.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { roundsTexts } from '../i18n/rounds.ts';
import { findPeople } from './find-people.ts';
import { Dialog } from './Panels.tsx';
import type { Rounds } from './rounds-controller.ts';
import { standingText, whoText } from './show.ts';

const { t } = roundsTexts;

export function FindPanel({ rounds }: { rounds: Rounds }) {
  const field = useRef<HTMLInputElement>(null);
  const text = useSignal('');
  const nth = useSignal(0);
  useEffect(() => field.current?.focus(), []);
  const book = rounds.book.value;
  const found = findPeople(book?.beds.map(({ row }) => row) ?? [], text.value);
  const go = (personId: string | undefined) => {
    if (personId !== undefined) rounds.press({ on: 'go', personId });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === 'Enter') go(found[nth.value]?.personId);
    else if (event.key === 'ArrowDown') nth.value = Math.min(found.length - 1, nth.value + 1);
    else if (event.key === 'ArrowUp') nth.value = Math.max(0, nth.value - 1);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog rounds={rounds} testId="panel-find" title={t('find')}>
      <label>
        {t('find-how')}
        <input
          ref={field}
          name="find"
          autocomplete="off"
          maxLength={40}
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
            nth.value = 0;
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      <div class="choices">
        {found.map((row, index) => {
          const bed = book?.byId.get(row.personId);
          return (
            <button
              key={row.personId}
              type="button"
              data-testid="found"
              aria-pressed={index === nth.value}
              onClick={() => go(row.personId)}
            >
              {bed === undefined ? row.name : `${whoText(bed)} ${standingText(bed)}`}
            </button>
          );
        })}
      </div>
      {text.value.trim() !== '' && found.length === 0 && <p role="status">{t('find-none')}</p>}
    </Dialog>
  );
}
