// Notices with who has them, a form to publish one, the telephone numbers of gates and rounds, and the regions of the travel question.
// Rendered as a tab.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import {
  type Audience,
  limits,
  type OfficeNoticesAnswer,
  officeNoticesAnswer,
  type Phones,
} from '../contracts/notice.ts';
import { language } from '../i18n/define.ts';
import { deskTexts } from '../i18n/office-desk.ts';
import type { Office } from './office-state.ts';
import { ConfirmButton, Done, Field, json, typedIn } from './parts.tsx';
import { RegionsForm } from './RegionsForm.tsx';
import { doneAnswer } from './StateForm.tsx';
import { timeText } from './show.ts';

const { t } = deskTexts;
const audiences: readonly Audience[] = ['both', 'gates', 'rounds'];
const phoneKeys = ['hotline', 'psychology', 'psychologyLink', 'security', 'dutyOffice', 'studentAffairs'] as const;

export function Notices({ office }: { office: Office }) {
  const view = useSignal<OfficeNoticesAnswer | null>(null);
  const done = useSignal<string | null>(null);
  const load = async () => {
    // What is being typed in one form outlives a list that could not be read after another was sent.
    const got = await office.ask('/hub/office/notices', officeNoticesAnswer);
    view.value = got ?? view.value;
    return got;
  };
  const after = (text: string) => {
    done.value = text;
    void load();
  };
  useEffect(() => void load(), []);
  const shown = view.value;
  if (shown === null) return <section class="panel" data-testid="notices" />;
  return (
    <section class="panel" data-testid="notices">
      <Done text={done.value} />
      <NoticeForm office={office} today={shown.today} onPublished={() => after(t('published'))} />
      <h2>{t('notices-now')}</h2>
      {shown.notices.length === 0 && <p>{t('notices-none')}</p>}
      <ul class="rows tall">
        {shown.notices.map((notice) => {
          const isOver = notice.untilDay < shown.today;
          const words = (language.value === 'en' ? notice.en : null) ?? notice.zh;
          const state = notice.endedMs !== null ? 'notice-ended' : isOver ? 'notice-over' : 'notice-until';
          return (
            <li key={notice.noticeId} data-testid="notice" data-live={state === 'notice-until'}>
              <div class="space">
                <b>{words.title}</b>
                <p class="told">{words.text}</p>
                <span class="hint">
                  {[
                    timeText(notice.publishedMs),
                    notice.by,
                    t(`audience-${notice.audience}`),
                    t(state, { day: notice.untilDay }),
                    t('notice-reach', { gates: notice.gates, stations: shown.stations, readers: notice.readers }),
                  ].join(' · ')}
                </span>
              </div>
              {state === 'notice-until' && (
                <ConfirmButton
                  label={t('notice-end')}
                  name={t('notice-end-of', { title: words.title })}
                  testId="notice-end"
                  onConfirm={async () => {
                    const path = `/hub/office/notices/${notice.noticeId}/end`;
                    if ((await office.ask(path, doneAnswer, { method: 'POST' })) !== null) void load();
                  }}
                />
              )}
            </li>
          );
        })}
      </ul>
      <PhonesForm
        office={office}
        phones={shown.phones}
        onSaved={() => after(t('saved'))}
        onRefused={async () => (await load())?.phones ?? null}
      />
      <RegionsForm
        office={office}
        regions={shown.regions}
        onSaved={(n) => after(n === 0 ? t('regions-cleared') : t('regions-saved', { n }))}
        onRefused={async () => (await load())?.regions ?? null}
      />
    </section>
  );
}

function NoticeForm({ office, today, onPublished }: { office: Office; today: string; onPublished: () => void }) {
  const zh = useSignal({ title: '', text: '' });
  const en = useSignal({ title: '', text: '' });
  const audience = useSignal<Audience>('both');
  const untilDay = useSignal(today);
  const publish = async (event: Event) => {
    event.preventDefault();
    const hasEnglish = en.value.title.trim() !== '';
    const body = { zh: zh.value, en: hasEnglish ? en.value : null, audience: audience.value, untilDay: untilDay.value };
    if ((await office.ask('/hub/office/notices', doneAnswer, json('POST', body))) === null) return;
    zh.value = { title: '', text: '' };
    en.value = { title: '', text: '' };
    onPublished();
  };
  const english = en.value.title.trim() !== '';
  return (
    <form class="block" data-testid="notice-form" onSubmit={publish}>
      <h2>{t('notice-form')}</h2>
      <div class="two">
        <Field label={t('notice-title')}>
          <input
            required
            maxLength={limits.titleChars}
            data-testid="notice-title"
            value={zh.value.title}
            onInput={(event) => (zh.value = { ...zh.value, title: typedIn(event) })}
          />
        </Field>
        <Field label={t('notice-title-en')}>
          <input
            maxLength={limits.titleChars}
            value={en.value.title}
            onInput={(event) => (en.value = { ...en.value, title: typedIn(event) })}
          />
        </Field>
        <Field label={t('notice-text')}>
          <textarea
            required
            rows={3}
            maxLength={1_000}
            data-testid="notice-text"
            value={zh.value.text}
            onInput={(event) => (zh.value = { ...zh.value, text: typedIn(event) })}
          />
        </Field>
        <Field label={t('notice-text-en')}>
          <textarea
            rows={3}
            maxLength={1_000}
            required={english}
            value={en.value.text}
            onInput={(event) => (en.value = { ...en.value, text: typedIn(event) })}
          />
        </Field>
      </div>
      <div class="line">
        <Field label={t('audience')}>
          <select
            value={audience.value}
            onChange={(event) => {
              audience.value = audiences.find((one) => one === typedIn(event)) ?? audience.value;
            }}
          >
            {audiences.map((one) => (
              <option key={one} value={one}>
                {t(`audience-${one}`)}
              </option>
            ))}
          </select>
        </Field>
        <Field label={t('until-day')}>
          <input
            type="date"
            required
            min={today}
            value={untilDay.value}
            onInput={(event) => (untilDay.value = typedIn(event))}
          />
        </Field>
        <button type="submit" class="primary" data-testid="notice-publish">
          {t('publish')}
        </button>
      </div>
    </form>
  );
}

function PhonesForm(props: {
  office: Office;
  phones: Phones;
  onSaved: () => void;
  /** The numbers that stand at the hub after it took nothing; null when they cannot be had. */
  onRefused: () => Promise<Phones | null>;
}) {
  const typed = useSignal(props.phones);
  /** The numbers that were there when the typing began. */
  const begun = useSignal(props.phones);
  const isMoved = useSignal(false);
  const save = async (event: Event) => {
    event.preventDefault();
    isMoved.value = false;
    const request = json('PUT', { phones: typed.value, was: begun.value });
    if ((await props.office.ask('/hub/office/phones', doneAnswer, request)) !== null) {
      begun.value = typed.value;
      props.onSaved();
      return;
    }
    const there = await props.onRefused();
    if (there === null || phoneKeys.every((key) => there[key] === begun.value[key])) return;
    const carried = { ...there };
    for (const key of phoneKeys) if (typed.value[key] !== begun.value[key]) carried[key] = typed.value[key];
    typed.value = carried;
    begun.value = there;
    isMoved.value = true;
  };
  return (
    <form class="block" data-testid="phones-form" onSubmit={save}>
      <h2>{t('phones-form')}</h2>
      <div class="two">
        {phoneKeys.map((key) => (
          <Field key={key} label={t(`phone-${key}`)}>
            <input
              maxLength={200}
              data-testid={`phone-${key}`}
              {...(key === 'psychologyLink' ? { type: 'url', pattern: 'https://\\S+' } : { type: 'tel' })}
              value={typed.value[key]}
              onInput={(event) => (typed.value = { ...typed.value, [key]: typedIn(event).trim() })}
            />
          </Field>
        ))}
      </div>
      <p class="say-bad" role="alert" data-testid="phones-moved">
        {isMoved.value && t('both-changes')}
      </p>
      <button type="submit" class="primary" data-testid="phones-save">
        {t('save')}
      </button>
    </form>
  );
}
