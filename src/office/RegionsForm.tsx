// The office's list of regions for the travel question: typed or pasted, one a line, sent as a whole. Rendered by Notices.
import { useSignal } from '@preact/signals';
import { limits, type Region } from '../contracts/region.ts';
import { deskTexts } from '../i18n/office-desk.ts';
import type { Office } from './office-state.ts';
import { Field, json, typedIn } from './parts.tsx';
import { linesOf, readLines } from './region-lines.ts';
import { doneAnswer } from './StateForm.tsx';

const { t } = deskTexts;

export function RegionsForm(props: { office: Office; regions: readonly Region[]; onSaved: (count: number) => void }) {
  const typed = useSignal(linesOf(props.regions));
  /** Said after a press of the button, until the list is in order. */
  const isAsked = useSignal(false);
  const read = readLines(typed.value);
  const fault = 'fault' in read ? read.fault : null;
  const save = async (event: Event) => {
    event.preventDefault();
    const now = readLines(typed.value);
    isAsked.value = 'fault' in now;
    if ('fault' in now) return;
    const { regions } = now;
    if ((await props.office.ask('/hub/office/regions', doneAnswer, json('PUT', { regions }))) === null) return;
    typed.value = linesOf(regions);
    props.onSaved(regions.length);
  };
  return (
    <form class="block" data-testid="regions-form" onSubmit={save}>
      <h2>{t('regions-form')}</h2>
      <p id="regions-what" class="hint">
        {t('regions-what', { max: limits.regions })}
      </p>
      <Field label={t('regions-names')}>
        <textarea
          rows={8}
          data-testid="regions-text"
          aria-describedby="regions-what regions-fault"
          aria-invalid={isAsked.value && fault !== null}
          value={typed.value}
          onInput={(event) => (typed.value = typedIn(event))}
        />
      </Field>
      <p id="regions-fault" class="say-bad" role="alert" data-testid="regions-fault">
        {isAsked.value &&
          fault !== null &&
          t(`region-${fault.why}`, { ...fault, max: limits.nameChars, most: limits.regions })}
      </p>
      <button type="submit" class="primary" data-testid="regions-save">
        {t('save')}
      </button>
    </form>
  );
}
