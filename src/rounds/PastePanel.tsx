// A pasted column before it is entered: row by row with names and what would happen to each. Rendered by Panels.
import { useRef } from 'preact/hooks';
import { valueClass } from '../domain/round-value.ts';
import { roundsTexts } from '../i18n/rounds.ts';
import { Dialog } from './Panels.tsx';
import type { PastedRow } from './pasted-column.ts';
import type { Rounds } from './rounds-controller.ts';
import { degrees, standingText, whoText } from './show.ts';

const { t } = roundsTexts;

export function PastePanel({ rounds }: { rounds: Rounds }) {
  const text = useRef<HTMLTextAreaElement>(null);
  const pasted = rounds.pasted.value;
  if (pasted === null) {
    return (
      <Dialog
        rounds={rounds}
        testId="panel-paste"
        title={t('paste-title')}
        foot={
          <button type="button" class="primary" onClick={() => rounds.paste(text.current?.value ?? '')}>
            {t('paste-show')}
          </button>
        }
      >
        <label>
          {t('paste-how')}
          <textarea ref={text} name="paste" rows={10} />
        </label>
      </Dialog>
    );
  }
  const enters = pasted.rows.filter((row) => isEntered(rounds, row)).length;
  return (
    <Dialog
      rounds={rounds}
      testId="panel-paste"
      title={t('paste-title')}
      foot={
        <button
          type="button"
          class="primary"
          data-testid="paste-enter"
          disabled={enters === 0}
          onClick={() => rounds.press({ on: 'confirm' })}
        >
          {t('paste-enter', { n: enters })} <kbd>Enter</kbd>
        </button>
      }
    >
      <table>
        <thead>
          <tr>
            <th>{t('paste-row')}</th>
            <th>{t('paste-who')}</th>
            <th>{t('paste-value')}</th>
            <th>{t('paste-state')}</th>
          </tr>
        </thead>
        <tbody>
          {pasted.rows.map((row, index) => (
            <Row key={index} rounds={rounds} row={row} />
          ))}
        </tbody>
      </table>
      {pasted.cut > 0 && <p class="note note-old">{t('paste-cut', { n: pasted.cut })}</p>}
    </Dialog>
  );
}

function isEntered(rounds: Rounds, { state, tenths }: PastedRow): boolean {
  return state === 'good' && tenths !== null && valueClass(tenths, rounds.policy.value) !== 'invalid';
}

function Row({ rounds, row }: { rounds: Rounds; row: PastedRow }) {
  const bed = row.personId === null ? undefined : rounds.book.value?.byId.get(row.personId);
  const isGood = isEntered(rounds, row);
  return (
    <tr data-testid="paste-row" class={isGood ? '' : 'left-out'}>
      <td class="pasted">{row.text}</td>
      <td>{bed === undefined ? '' : whoText(bed)}</td>
      <td>{row.tenths === null ? '' : degrees(row.tenths)}</td>
      <td>
        {resultText(rounds, row)}
        {isGood && bed !== undefined && bed.state.class !== 'missing' && (
          <span class="chip chip-late">{t('paste-already', { what: standingText(bed) })}</span>
        )}
      </td>
    </tr>
  );
}

function resultText(rounds: Rounds, { state, tenths }: PastedRow): string {
  if (state !== 'good' || tenths === null) return t(`paste-${state === 'good' ? 'no-value' : state}`);
  switch (valueClass(tenths, rounds.policy.value)) {
    case 'invalid':
      return t('paste-range');
    case 'low':
      return t('paste-low');
    case 'abnormal':
      return t('paste-refer');
    default:
      return t('paste-good');
  }
}
