// Somebody who is there and on no list: room and circumstances, a temperature if there is one, never a name. Rendered by Panels.
import { keypadTenths } from '../domain/round-value.ts';
import { roundsTexts } from '../i18n/rounds.ts';
import { Dialog } from './Panels.tsx';
import { limits, type Rounds } from './rounds-controller.ts';
import { word } from './words.ts';

const { t } = roundsTexts;

export function FoundPanel({ rounds }: { rounds: Rounds }) {
  const { room, note, tenths } = rounds.found.value;
  const count = rounds.book.value?.found ?? 0;
  const change = (part: Partial<typeof rounds.found.value>) => {
    rounds.found.value = { ...rounds.found.value, ...part };
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (room.trim() !== '') rounds.press({ on: 'confirm' });
  };
  return (
    <Dialog
      rounds={rounds}
      testId="panel-found"
      title={t('found-title')}
      foot={
        <button type="submit" form="found-form" class="primary" disabled={room.trim() === ''}>
          {t('found-keep')}
        </button>
      }
    >
      <p>{t('found-how')}</p>
      <form id="found-form" onSubmit={submit}>
        <label>
          {word(rounds.scope.value, 'found-room')}
          <input
            name="room"
            autocomplete="off"
            required
            maxLength={40}
            value={room}
            onInput={(event) => change({ room: event.currentTarget.value })}
          />
        </label>
        <label>
          {t('found-note')}
          <input
            name="note"
            autocomplete="off"
            maxLength={limits.noteChars}
            value={note}
            onInput={(event) => change({ note: event.currentTarget.value })}
          />
        </label>
        <label>
          {t('found-value')}
          <input
            name="value"
            inputMode="numeric"
            autocomplete="off"
            pattern="\d\d\.?\d"
            maxLength={4}
            onInput={(event) => change({ tenths: keypadTenths(event.currentTarget.value, rounds.policy.value) })}
          />
        </label>
      </form>
      {tenths === null && count > 0 && <p>{t('found-list', { n: count })}</p>}
    </Dialog>
  );
}
