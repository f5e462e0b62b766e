// The office's list of regions for the travel question: typed or pasted, one a line, sent as a whole. Rendered by Notices.
import { useSignal } from '@preact/signals';
import { limits, type Region } from '../contracts/region.ts';
import { deskTexts } from '../i18n/office-desk.ts';
import type { Office } from './office-state.ts';
import { Field, json, typedIn } from './parts.tsx';
import { carriedOver, linesOf, readLines } from './region-lines.ts';
import { doneAnswer } from './StateForm.tsx';

const { t } = deskTexts;

export function RegionsForm(props: {
  office: Office;
  regions: readonly Region[];
  onSaved: (count: number) => void;
  /** The list that stands at the hub after it took nothing; null when it cannot be had. */
  onRefused: () => Promise<readonly Region[] | null>;
}) {
  const typed = useSignal(linesOf(props.regions));
  /** The list that was there when the typing began. */
  const begun = useSignal(props.regions);
  const isMoved = useSignal(false);
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
    const request = json('PUT', { regions, was: begun.value });
    isMoved.value = false;
    if ((await props.office.ask('/hub/office/regions', doneAnswer, request)) === null) {
      const there = await props.onRefused();
      if (there === null || linesOf(there) === linesOf(begun.value)) return;
      typed.value = linesOf(carriedOver(begun.value, regions, there));
      begun.value = there;
      isMoved.value = true;
      return;
    }
    begun.value = regions;
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
        {isMoved.value && t('both-changes')}
      </p>
      <button type="submit" class="primary" data-testid="regions-save">
        {t('save')}
      </button>
    </form>
  );
}
