// The seeded people and one card that nobody knows. Rendered by SimulatorPage.
import { useSignal } from '@preact/signals';
import type { SimulatorState } from '../contracts/simulator.ts';
import { simulatorTexts } from '../i18n/simulator.ts';
import type { Chosen } from './SimulatorPage.tsx';

const { t } = simulatorTexts;

export function PeoplePanel(props: { state: SimulatorState; chosen: Chosen; onChoose(who: Chosen): void }) {
  const { state, chosen } = props;
  const wanted = useSignal('');
  const found = state.people.filter((one) =>
    `${one.name} ${one.personId} ${one.unit} ${one.category}`.includes(wanted.value.trim()),
  );
  return (
    <section aria-labelledby="people-title">
      <h2 id="people-title">{t('people')}</h2>
      <input
        type="search"
        aria-label={t('search')}
        placeholder={t('search')}
        value={wanted.value}
        onInput={(event) => (wanted.value = event.currentTarget.value)}
      />
      <div class="people" role="radiogroup" aria-labelledby="people-title">
        <label class="person" data-chosen={chosen === null}>
          <input type="radio" name="person" value="" checked={chosen === null} onChange={() => props.onChoose(null)} />
          <b>{t('unknown-card')}</b>
          <span class="quiet">{state.unknownUid}</span>
        </label>
        {found.map((one) => (
          <label class="person" key={one.personId} data-chosen={chosen === one.personId}>
            <input
              type="radio"
              name="person"
              value={one.personId}
              checked={chosen === one.personId}
              onChange={() => props.onChoose(one.personId)}
            />
            <b>{one.name}</b>
            <span class="quiet">
              {one.category} · {one.unit}
            </span>
            {one.barred && <span class="barred">{t('barred')}</span>}
          </label>
        ))}
        {found.length === 0 && <p class="quiet">{t('no-people')}</p>}
      </div>
    </section>
  );
}
