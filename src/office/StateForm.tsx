// Presence, whereabouts with their days, and whether somebody's home is on campus. Rendered by People.
import { useSignal } from '@preact/signals';
import * as z from 'zod/mini';
import { contract } from '../contracts/kit.ts';
import type { PersonAnswer } from '../contracts/people.ts';
import { whereCodes } from '../domain/whereabouts.ts';
import { deskTexts } from '../i18n/office-desk.ts';
import type { Office } from './office-state.ts';
import { Field, json, typedIn } from './parts.tsx';

const { t } = deskTexts;
export const doneAnswer = z.object({ contract });
const presences = ['on-campus', 'away', 'granted'] as const;

export function StateForm({
  office,
  person,
  onChanged,
}: {
  office: Office;
  person: PersonAnswer['person'];
  onChanged: () => void;
}) {
  const presence = useSignal(person.presence);
  const code = useSignal(person.where.code);
  const since = useSignal(person.where.since ?? '');
  const until = useSignal(person.where.until ?? '');
  const home = useSignal(person.homeOnCampus);
  const save = async (event: Event) => {
    event.preventDefault();
    const where = { code: code.value, since: since.value || null, until: until.value || null };
    const body = {
      ...{ personId: person.personId, version: person.version, presence: presence.value },
      ...{ homeOnCampus: home.value, where },
    };
    if ((await office.ask('/hub/people/sheet', doneAnswer, json('PUT', body))) !== null) onChanged();
  };
  return (
    <form class="block" data-testid="state-form" onSubmit={save}>
      <h3>{t('state-form')}</h3>
      <div class="line">
        <Field label={t('presence')}>
          <select
            data-testid="presence"
            value={presence.value}
            onChange={(event) => {
              presence.value = presences.find((one) => one === typedIn(event)) ?? presence.value;
            }}
          >
            {presences.map((one) => (
              <option key={one} value={one}>
                {t(`presence-${one}`)}
              </option>
            ))}
          </select>
        </Field>
        <Field label={t('where')}>
          <select
            data-testid="where"
            value={code.value}
            onChange={(event) => {
              code.value = whereCodes.find((one) => one === typedIn(event)) ?? code.value;
            }}
          >
            {whereCodes.map((one) => (
              <option key={one} value={one}>
                {t(`where-${one}`)}
              </option>
            ))}
          </select>
        </Field>
        <Field label={t('since')}>
          <input type="date" value={since.value} onInput={(event) => (since.value = typedIn(event))} />
        </Field>
        <Field label={t('until')}>
          <input type="date" value={until.value} onInput={(event) => (until.value = typedIn(event))} />
        </Field>
        <label class="tick">
          <input
            type="checkbox"
            checked={home.value}
            onChange={(event) => (home.value = event.currentTarget.checked)}
          />
          {t('home-on-campus')}
        </label>
        <button type="submit" class="primary" data-testid="state-save">
          {t('save')}
        </button>
      </div>
    </form>
  );
}
