// The plain form that begins an order for a person and their companions. Rendered by Orders.
import { useSignal } from '@preact/signals';
import { limits, type PersonLine } from '../contracts/people.ts';
import type { OrderKind } from '../domain/order.ts';
import { deskTexts } from '../i18n/office-desk.ts';
import type { Office } from './office-state.ts';
import { PersonPicker } from './PersonPicker.tsx';
import { Field, json, typedIn } from './parts.tsx';
import { doneAnswer } from './StateForm.tsx';

const { t } = deskTexts;
const kinds: readonly OrderKind[] = ['isolation', 'home', 'hospital', 'watch'];
const usualDays = 14;

export function OrderForm({ office, onBegun }: { office: Office; onBegun: () => void }) {
  const person = useSignal<PersonLine | null>(null);
  const companions = useSignal<readonly PersonLine[]>([]);
  const kind = useSignal<OrderKind>('home');
  const days = useSignal(String(usualDays));
  const reason = useSignal('');
  const hasDays = kind.value !== 'hospital';
  const begin = async (event: Event) => {
    event.preventDefault();
    if (person.value === null) return;
    const body = {
      ...{ change: 'begin', personId: person.value.personId, order: kind.value, reason: reason.value.trim() },
      days: hasDays ? Number(days.value) : null,
      companions: companions.value.map(({ personId }) => personId),
    };
    if ((await office.ask('/hub/orders', doneAnswer, json('POST', body))) === null) return;
    person.value = null;
    companions.value = [];
    reason.value = '';
    onBegun();
  };
  const isFull = companions.value.length >= limits.companions;
  const add = (chosen: PersonLine) => {
    const others = companions.value.filter(({ personId }) => personId !== chosen.personId);
    if (chosen.personId === person.value?.personId || others.length >= limits.companions) return;
    companions.value = [...others, chosen];
  };
  return (
    <form class="block" data-testid="order-form" onSubmit={begin}>
      <h2>{t('order-form')}</h2>
      <PersonPicker
        office={office}
        label={t('find-person')}
        verb="choose"
        testId="order-person"
        onPick={(chosen) => (person.value = chosen)}
      />
      <p data-testid="order-for">
        {t('person')}: <b>{person.value === null ? t('person-none') : lineOf(person.value)}</b>
      </p>
      <div class="line">
        <Field label={t('order-kind')}>
          <select
            data-testid="order-kind"
            value={kind.value}
            onChange={(event) => {
              kind.value = kinds.find((one) => one === typedIn(event)) ?? kind.value;
            }}
          >
            {kinds.map((one) => (
              <option key={one} value={one}>
                {t(`order-${one}`)}
              </option>
            ))}
          </select>
        </Field>
        {hasDays ? (
          <Field label={t('days')}>
            <input
              type="number"
              required
              min={1}
              max={limits.orderDays}
              data-testid="order-days"
              value={days.value}
              onInput={(event) => (days.value = typedIn(event))}
            />
          </Field>
        ) : (
          <p class="hint">{t('days-none')}</p>
        )}
        <Field label={t('reason')}>
          <input
            required
            maxLength={200}
            data-testid="order-reason"
            value={reason.value}
            onInput={(event) => (reason.value = typedIn(event))}
          />
        </Field>
      </div>
      <PersonPicker office={office} label={t('companions-of')} verb="choose" testId="order-companion" onPick={add} />
      <p class="hint" role="status" data-testid="companions-full">
        {isFull && t('companions-full', { most: limits.companions })}
      </p>
      <ul class="rows">
        {companions.value.map((one) => (
          <li key={one.personId} data-testid="companion">
            <span>{lineOf(one)}</span>
            <button
              type="button"
              aria-label={t('remove', { name: one.name })}
              onClick={() => {
                companions.value = companions.value.filter(({ personId }) => personId !== one.personId);
              }}
            >
              ✕
            </button>
          </li>
        ))}
      </ul>
      <button type="submit" class="primary" data-testid="order-begin" disabled={person.value === null}>
        {t('begin')}
      </button>
    </form>
  );
}

const lineOf = ({ name, personId, unit }: PersonLine) => `${name} ${personId} ${unit}`;
