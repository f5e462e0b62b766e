// Cards of one person: report one lost, put it back in use, give out a new one. Rendered by People.
import { useSignal } from '@preact/signals';
import type { PersonAnswer } from '../contracts/people.ts';
import { deskTexts } from '../i18n/office-desk.ts';
import type { Office } from './office-state.ts';
import { ConfirmButton, Field, json, typedIn } from './parts.tsx';
import { doneAnswer } from './StateForm.tsx';

const { t } = deskTexts;

export function CardsForm({
  office,
  person,
  onChanged,
}: {
  office: Office;
  person: PersonAnswer['person'];
  onChanged: () => void;
}) {
  const kind = useSignal<'uid' | 'printed'>('printed');
  const number = useSignal('');
  const post = async (body: object) => {
    const sent = json('POST', { personId: person.personId, ...body });
    if ((await office.ask('/hub/people/cards', doneAnswer, sent)) !== null) onChanged();
  };
  const row = (card: { kind: 'uid' | 'printed'; tail: string }) =>
    t('card-row', { kind: t(`kind-${card.kind}`), tail: card.tail });
  return (
    <form
      class="block"
      data-testid="cards-form"
      onSubmit={(event) => {
        event.preventDefault();
        void post({ change: 'issue', kind: kind.value, number: number.value.trim() });
      }}
    >
      <h3>{t('cards')}</h3>
      <ul class="rows">
        {person.cards.map((card) => (
          <li key={card.ref} data-testid="card">
            <span>{row(card)}</span>
            <ConfirmButton
              label={t('card-lost')}
              name={`${t('card-lost')} ${row(card)}`}
              testId="card-lost"
              onConfirm={() => void post({ change: 'lost', ref: card.ref })}
            />
          </li>
        ))}
        {person.lost.map((card) => (
          <li key={card.ref} data-testid="lost-card">
            <span>{row(card)}</span>
            <span class="say-bad">{t('card-is-lost')}</span>
            <ConfirmButton
              label={t('card-found')}
              name={`${t('card-found')} ${row(card)}`}
              testId="card-found"
              onConfirm={() => void post({ change: 'found', ref: card.ref })}
            />
          </li>
        ))}
      </ul>
      <div class="line">
        <Field label={t('card-kind')}>
          <select
            value={kind.value}
            onChange={(event) => {
              kind.value = typedIn(event) === 'uid' ? 'uid' : 'printed';
            }}
          >
            <option value="printed">{t('kind-printed')}</option>
            <option value="uid">{t('kind-uid')}</option>
          </select>
        </Field>
        <Field label={t('card-number')}>
          <input
            required
            maxLength={60}
            autocomplete="off"
            data-testid="card-number"
            value={number.value}
            onInput={(event) => (number.value = typedIn(event))}
          />
        </Field>
        <button type="submit" data-testid="card-issue">
          {t('card-issue')}
        </button>
      </div>
    </form>
  );
}
