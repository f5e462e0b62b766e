// What one shift leaves to the next: counts, open cases that must be taken over one by one, what else waits, notes as chips.
// Painted by ShiftPanel between choosing who comes and their PIN.
import { type ShiftNote, shiftNotes } from '../../domain/shift.ts';
import { verdicts } from '../../domain/verdict.ts';
import { t } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import type { OpenItems } from '../model.ts';

export const limits = { casesShown: 3 } as const;

export type Leaving = { taken: ReadonlySet<string>; notes: ReadonlySet<ShiftNote>; fromPresent: boolean };
type Props = {
  open: OpenItems;
  leaving: Leaving;
  onTake: (caseIds: readonly string[]) => void;
  onNote: (note: ShiftNote) => void;
  onNext: () => void;
};

/** All of these in, or all of them out when they were in already. */
export function toggled<T>(set: ReadonlySet<T>, items: readonly T[]): ReadonlySet<T> {
  const without = [...set].filter((one) => !items.includes(one));
  return new Set(items.every((one) => set.has(one)) ? without : [...without, ...items]);
}

export function Handover({ open, leaving, onTake, onNote, onNext }: Props) {
  const { counts, cases, waiting, devices } = open;
  const shown = cases.length > limits.casesShown + 1 ? cases.slice(0, limits.casesShown) : cases;
  const rest = cases.slice(shown.length).map(({ caseId }) => caseId);
  const left = cases.filter(({ caseId }) => !leaving.taken.has(caseId)).length;
  return (
    <>
      <dl class="counts">
        {verdicts.map((verdict) => (
          <div key={verdict}>
            <dt>{t(`count.${verdict}`)}</dt>
            <dd data-testid={`count-${verdict}`}>{counts[verdict]}</dd>
          </div>
        ))}
      </dl>
      <p class="line">{cases.length === 0 ? t('handover.noCases') : t('handover.cases')}</p>
      <fieldset class="choices two" aria-label={t('handover.cases')}>
        {shown.map(({ caseId, caseNo }) => (
          <Button
            key={caseId}
            icon={leaving.taken.has(caseId) ? 'tick' : 'hand'}
            label={caseNo}
            pressed={leaving.taken.has(caseId)}
            onPress={() => onTake([caseId])}
            testId="take-case"
          />
        ))}
        {rest.length > 0 && (
          <Button
            icon={rest.every((one) => leaving.taken.has(one)) ? 'tick' : 'hand'}
            label={t('chip.more', { n: rest.length })}
            pressed={rest.every((one) => leaving.taken.has(one))}
            onPress={() => onTake(rest)}
            testId="take-rest"
          />
        )}
      </fieldset>
      <p class="detail" data-testid="handover-open">
        {t('handover.open', { n: waiting, devices: devices.join(' ') || '–' })}
      </p>
      <fieldset class="choices" aria-label={t('handover.notes')}>
        {shiftNotes.map((note) => (
          <Button
            key={note}
            label={t(`note.${note}`)}
            pressed={leaving.notes.has(note)}
            onPress={() => onNote(note)}
            testId={`note-${note}`}
          />
        ))}
      </fieldset>
      <div class="spacer" />
      <p class="note" role="status" data-testid="handover-note">
        {left > 0 ? t('handover.left', { n: left }) : t(leaving.fromPresent ? 'handover.present' : 'handover.tapOut')}
      </p>
      <Button kind="primary" label={t('handover.next')} disabled={left > 0} onPress={onNext} testId="handover-next" />
    </>
  );
}
