// Rounds for the office, logistics and the leading group: who is missing, by building or class and by college, who has closed what, and the names
// to copy. A tab of OfficePage.
import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { type MissingAnswer, missingAnswer } from '../contracts/rounds.ts';
import type { RoundWindow } from '../domain/round.ts';
import { roundWindows } from '../domain/round.ts';
import { officeRoundTexts } from '../i18n/office-rounds.ts';
import type { Office } from './office-state.ts';
import { namesText } from './round-names.ts';
import { clockText, shortClock } from './show.ts';

const { t, has } = officeRoundTexts;

export const limits = { everyMs: 15_000, answerMs: 20_000 } as const;

/** null: the round that runs now. */
type Choice = { day: string; window: RoundWindow } | null;

export function Rounds({ office }: { office: Office }) {
  const choice = useSignal<Choice>(null);
  const answer = useSignal<MissingAnswer | null>(null);
  const unit = useSignal<string | null>(null);

  async function read(): Promise<void> {
    const asked = choice.value;
    const query = new URLSearchParams(asked === null ? {} : { day: asked.day, window: asked.window });
    if (asked?.window === 'morning') query.set('scope', 'class');
    const got = await office.ask(`/hub/rounds/missing?${query}`, missingAnswer, {}, limits.answerMs);
    // Another choice has been made meanwhile: its own answer is on the way.
    if (got === null || choice.value !== asked) return;
    answer.value = got;
  }
  useEffect(() => {
    void read();
    const timer = setInterval(() => void read(), limits.everyMs);
    return () => clearInterval(timer);
  }, []);
  const choose = (next: Choice) => {
    choice.value = next;
    answer.value = null;
    unit.value = null;
    void read();
  };

  const shown = answer.value;
  const day = choice.value?.day ?? shown?.roundDay ?? '';
  const window = choice.value?.window ?? shown?.window ?? null;
  return (
    <section data-testid="rounds">
      <div class="round-choice">
        <label>
          {t('day')}{' '}
          <input
            type="date"
            data-testid="round-day"
            value={day}
            onChange={({ currentTarget: { value } }) => {
              if (value !== '' && window !== null) choose({ day: value, window });
            }}
          />
        </label>
        <fieldset class="round-windows" aria-label={t('windows')}>
          {roundWindows.map((one) => (
            <button
              key={one}
              type="button"
              data-testid={`round-${one}`}
              aria-pressed={window === one}
              disabled={day === ''}
              onClick={() => choose({ day, window: one })}
            >
              {t(`window-${one}`)}
            </button>
          ))}
        </fieldset>
        {shown && (
          <span class="hint">{t('hours', { from: shortClock(shown.opensMs), to: shortClock(shown.closesMs) })}</span>
        )}
      </div>
      {shown === null ? <p>{t('asking')}</p> : <Shown answer={shown} unit={unit} />}
    </section>
  );
}

function Shown({ answer, unit }: { answer: MissingAnswer; unit: Signal<string | null> }) {
  if (answer.byPlace.length === 0) return <p data-testid="rounds-none">{t('none')}</p>;
  return (
    <>
      <h2 data-testid="round-figures">{t('figures', answer.figures)}</h2>
      <div class="round-tables">
        <Places answer={answer} />
        <Units answer={answer} />
      </div>
      <People answer={answer} unit={unit} />
    </>
  );
}

function Places({ answer }: { answer: MissingAnswer }) {
  return (
    <table data-testid="round-places">
      <caption>{t(`by-place-${answer.scope}`)}</caption>
      <thead>
        <tr>
          <th scope="col">{t(`col-place-${answer.scope}`)}</th>
          <th scope="col" class="number">
            {t('col-missing')}
          </th>
          <th scope="col" class="number">
            {t('col-expected')}
          </th>
          <th scope="col">{t('col-closing')}</th>
        </tr>
      </thead>
      <tbody>
        {answer.byPlace.map((place) => (
          <tr key={place.name} data-testid="round-place" data-overdue={place.overdue}>
            <td>{place.name}</td>
            <td class="number">{place.missing}</td>
            <td class="number">{place.expected}</td>
            <td>
              <Closing answer={answer} place={place} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Closing({ answer, place }: { answer: MissingAnswer; place: MissingAnswer['byPlace'][number] }) {
  const { closing } = place;
  if (closing === null) {
    if (place.overdue) return <span class="chip missing">{t('overdue')}</span>;
    return <span class="hint">{t(answer.hubNowMs < answer.opensMs ? 'not-yet' : 'open')}</span>;
  }
  return (
    <>
      {t('closed-by', { by: closing.by.name, time: clockText(closing.atMs) })}{' '}
      {closing.late && <span class="chip late">{t('late')}</span>}
      {closing.lateReason && <div class="hint">{t('late-reason', { reason: closing.lateReason })}</div>}
    </>
  );
}

function Units({ answer }: { answer: MissingAnswer }) {
  return (
    <table data-testid="round-units">
      <caption>{t('by-unit')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('col-unit')}</th>
          <th scope="col" class="number">
            {t('col-missing')}
          </th>
          <th scope="col" class="number">
            {t('col-expected')}
          </th>
        </tr>
      </thead>
      <tbody>
        {answer.byUnit.map((one) => (
          <tr key={one.name}>
            <td>{one.name}</td>
            <td class="number">{one.missing}</td>
            <td class="number">{one.expected}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function People({ answer, unit }: { answer: MissingAnswer; unit: Signal<string | null> }) {
  const copied = useSignal<'done' | 'by-hand' | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const people = answer.people.filter((one) => unit.value === null || one.unit === unit.value);
  if (answer.figures.missing === 0) return <p data-testid="round-people-none">{t('people-none')}</p>;
  const text = namesText(answer, people);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      copied.value = 'done';
    } catch {
      copied.value = 'by-hand'; // not allowed here: the person copies what is selected
      requestAnimationFrame(() => area.current?.select());
    }
  };
  return (
    <>
      <div class="round-choice">
        <h2>{t('people', { n: unit.value === null ? answer.figures.missing : people.length })}</h2>
        <label>
          {t('unit-filter')}{' '}
          <select
            data-testid="round-unit"
            value={unit.value ?? ''}
            onChange={({ currentTarget: { value } }) => {
              unit.value = value === '' ? null : value;
              copied.value = null;
            }}
          >
            <option value="">{t('all-units')}</option>
            {answer.byUnit
              .filter(({ missing }) => missing > 0)
              .map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
          </select>
        </label>
        <button type="button" class="primary" data-testid="round-copy" onClick={() => void copy()}>
          {t('copy')}
        </button>
        {copied.value && <span role="status">{t(copied.value === 'done' ? 'copied' : 'copy-by-hand')}</span>}
      </div>
      {copied.value === 'by-hand' && <textarea ref={area} readOnly rows={6} aria-label={t('copy-text')} value={text} />}
      {answer.people.length < answer.figures.missing && <p>{t('people-more', { n: answer.people.length })}</p>}
      <table data-testid="round-people">
        <thead>
          <tr>
            <th scope="col">{t(`col-place-${answer.scope}`)}</th>
            <th scope="col">{t('col-room')}</th>
            <th scope="col">{t('col-name')}</th>
            <th scope="col">{t('col-unit')}</th>
            <th scope="col">{t('col-contact')}</th>
            <th scope="col">{t('col-reason')}</th>
          </tr>
        </thead>
        <tbody>
          {people.map((one) => (
            <tr key={one.personId}>
              <td>{one.place}</td>
              <td>{one.bed === null ? one.room : `${one.room}-${one.bed}`}</td>
              <td>{one.name}</td>
              <td>{one.unit}</td>
              <td>{one.contact}</td>
              <td>{reasonText(one.reason)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function reasonText(reason: string | null): string {
  const key = `reason-${reason}`;
  return has(key) ? t(key) : '';
}
