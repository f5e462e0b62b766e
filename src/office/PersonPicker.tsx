// Finds people by name, initials or number, a page at a time, and hands on the one that is chosen. Called by People and Orders.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import type * as z from 'zod/mini';
import { limits, type PersonLine, peopleAnswer } from '../contracts/people.ts';
import { deskTexts } from '../i18n/office-desk.ts';
import type { Office } from './office-state.ts';
import { Field, typedIn } from './parts.tsx';

const { t } = deskTexts;

type Props = {
  office: Office;
  label: string;
  /** `open` and `choose` say it differently. */
  verb: 'open' | 'choose';
  testId: string;
  onPick(person: PersonLine): void;
};

export function PersonPicker({ office, label, verb, testId, onPick }: Props) {
  const query = useSignal('');
  const found = useSignal<z.infer<typeof peopleAnswer> | null>(null);
  const search = async (after: string) => {
    const q = query.value.trim();
    if (q === '') return;
    office.refused.value = null;
    found.value = await office.ask(`/hub/people?${new URLSearchParams({ q, after })}`, peopleAnswer);
  };
  const field = useRef<HTMLInputElement>(null);
  const pick = (person: PersonLine) => {
    // The button that was pressed goes with the list: a keyboard would begin again at the top of the page.
    field.current?.focus();
    found.value = null;
    onPick(person);
  };
  return (
    <search class="picker" aria-label={label} data-testid={testId}>
      <div class="line">
        <Field label={label}>
          <input
            ref={field}
            data-testid={`${testId}-query`}
            maxLength={limits.queryChars}
            autocomplete="off"
            value={query.value}
            onInput={(event) => {
              query.value = typedIn(event);
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              void search('');
            }}
          />
        </Field>
        <button type="button" data-testid={`${testId}-find`} onClick={() => void search('')}>
          {t('find')}
        </button>
      </div>
      {found.value !== null && found.value.people.length === 0 && <p role="status">{t('found-none')}</p>}
      {found.value !== null && found.value.people.length > 0 && (
        <ul class="found" aria-label={t('found-results')}>
          {found.value.people.map((person) => (
            <Found key={person.personId} {...{ person, verb, testId }} onPick={pick} />
          ))}
          {found.value.next !== null && (
            <li>
              <button type="button" data-testid={`${testId}-more`} onClick={() => void search(found.value?.next ?? '')}>
                {t('more')}
              </button>
            </li>
          )}
        </ul>
      )}
    </search>
  );
}

function Found({ person, verb, testId, onPick }: Pick<Props, 'verb' | 'testId' | 'onPick'> & { person: PersonLine }) {
  const { personId, name, category, unit, room, gone } = person;
  const about = [category, unit, room, gone ? t('gone') : null].filter(Boolean).join(' · ');
  return (
    <li>
      <button
        type="button"
        data-testid={`${testId}-person`}
        data-person={personId}
        aria-label={`${t(verb, { name })} ${personId} ${about}`}
        onClick={() => onPick(person)}
      >
        <b>{name}</b> {personId} <span class="hint">{about}</span>
      </button>
    </li>
  );
}
