// Approved leave of one person: the list, and a new one. Rendered by People.
import { useSignal } from '@preact/signals';
import type { PersonAnswer } from '../contracts/people.ts';
import { deskTexts } from '../i18n/office-desk.ts';
import type { Office } from './office-state.ts';
import { ConfirmButton, Field, json, typedIn } from './parts.tsx';
import { doneAnswer } from './StateForm.tsx';

const { t } = deskTexts;

export function LeaveForm({
  office,
  sheet: { person, today },
  onChanged,
}: {
  office: Office;
  sheet: PersonAnswer;
  onChanged: () => void;
}) {
  const from = useSignal(today);
  const to = useSignal(today);
  const reason = useSignal('');
  const post = async (body: object) => {
    const sent = json('POST', { personId: person.personId, ...body });
    if ((await office.ask('/hub/people/leaves', doneAnswer, sent)) !== null) onChanged();
  };
  return (
    <form
      class="block"
      data-testid="leave-form"
      onSubmit={(event) => {
        event.preventDefault();
        void post({ change: 'approve', fromDay: from.value, toDay: to.value, reason: reason.value.trim() });
      }}
    >
      <h3>{t('leave-form')}</h3>
      <ul class="rows">
        {person.leaves.map((leave) => (
          <li key={leave.leaveId} data-testid="leave">
            <span>{t('leave-row', { from: leave.fromDay, to: leave.toDay, reason: leave.reason })}</span>
            <span class="hint">{t('leave-by', { by: leave.by })}</span>
            <ConfirmButton
              label={t('leave-cancel')}
              name={`${t('leave-cancel')} ${leave.fromDay}`}
              testId="leave-cancel"
              onConfirm={() => void post({ change: 'cancel', leaveId: leave.leaveId })}
            />
          </li>
        ))}
      </ul>
      <div class="line">
        <Field label={t('from')}>
          <input type="date" required value={from.value} onInput={(event) => (from.value = typedIn(event))} />
        </Field>
        <Field label={t('to')}>
          <input
            type="date"
            required
            min={from.value}
            value={to.value}
            onInput={(event) => (to.value = typedIn(event))}
          />
        </Field>
        <Field label={t('reason')}>
          <input
            required
            maxLength={200}
            data-testid="leave-reason"
            value={reason.value}
            onInput={(event) => (reason.value = typedIn(event))}
          />
        </Field>
        <button type="submit" data-testid="leave-approve">
          {t('leave-approve')}
        </button>
      </div>
    </form>
  );
}
