// Finds a person and shows their sheet, where presence, whereabouts, leave and cards are changed. Rendered as a tab.
import { useSignal } from '@preact/signals';
import { type PersonAnswer, personAnswer } from '../contracts/people.ts';
import { deskTexts } from '../i18n/office-desk.ts';
import { CardsForm } from './CardsForm.tsx';
import { LeaveForm } from './LeaveForm.tsx';
import type { Office } from './office-state.ts';
import { PersonPicker } from './PersonPicker.tsx';
import { Allowed } from './parts.tsx';
import { StateForm } from './StateForm.tsx';
import { orderText } from './show-orders.ts';

const { t } = deskTexts;

export function People({ office }: { office: Office }) {
  const sheet = useSignal<PersonAnswer | null>(null);
  const load = async (personId: string) => {
    sheet.value = await office.ask(`/hub/people/sheet?${new URLSearchParams({ id: personId })}`, personAnswer);
  };
  const shown = sheet.value;
  return (
    <section class="panel" data-testid="people">
      <PersonPicker
        office={office}
        label={t('find-person')}
        verb="open"
        testId="find"
        onPick={({ personId }) => void load(personId)}
      />
      {shown !== null && (
        <Sheet
          key={`${shown.person.personId} ${shown.person.version}`}
          office={office}
          sheet={shown}
          onChanged={() => void load(shown.person.personId)}
        />
      )}
    </section>
  );
}

function Sheet({ office, sheet, onChanged }: { office: Office; sheet: PersonAnswer; onChanged: () => void }) {
  const { person, orders, caseOpen } = sheet;
  const facts: [string, string][] = [
    [t('category'), person.category],
    [t('unit'), person.unit],
    [t('room'), person.room ?? ''],
    [t('contact'), person.contact],
    [t('told-where'), person.whereabouts],
    [t('travel'), person.travel],
    [t('companions'), person.companions],
    [t('questions'), t(person.questionsDue ? 'yes' : 'no')],
  ];
  if (caseOpen !== null) facts.push([t('case'), t(caseOpen ? 'case-open' : 'case-none')]);
  if (orders !== null) facts.push([t('orders-now'), orders.map(orderText).join('; ') || t('none')]);
  return (
    <article class="person" data-testid="sheet" data-person={person.personId}>
      <h2>{t('sheet-of', { name: person.name, id: person.personId })}</h2>
      {person.gone && <p class="say-bad">{t('gone')}</p>}
      <dl class="facts">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value === '' ? t('unknown') : value}</dd>
          </div>
        ))}
      </dl>
      {!person.gone && (
        <>
          <Allowed office={office} operation="person.update">
            <StateForm office={office} person={person} onChanged={onChanged} />
            <LeaveForm office={office} sheet={sheet} onChanged={onChanged} />
          </Allowed>
          <Allowed office={office} operation="card.change">
            <CardsForm office={office} person={person} onChanged={onChanged} />
          </Allowed>
        </>
      )}
    </article>
  );
}
