// The rounds page: sign-in, enrolment, then the round itself in three columns. Rendered by main.tsx.
import { langTag, language } from '../i18n/define.ts';
import { roundsTexts } from '../i18n/rounds.ts';
import { LanguageSwitch } from '../ui/desk/LanguageSwitch.tsx';
import { PasswordDialog } from '../ui/desk/PasswordDialog.tsx';
import { SignIn } from '../ui/desk/SignIn.tsx';
import { Enrol } from './Enrol.tsx';
import { EntryPad } from './EntryPad.tsx';
import { Panels } from './Panels.tsx';
import { Places } from './Places.tsx';
import { PrintSheet } from './PrintSheet.tsx';
import { Rooms } from './Rooms.tsx';
import type { RoundsApp } from './rounds-app.ts';
import type { Rounds } from './rounds-controller.ts';
import { clockText } from './show.ts';
import type { ThermometerSight } from './tablet-devices.ts';

const { t } = roundsTexts;

export function RoundsPage({ app }: { app: RoundsApp }) {
  return (
    <>
      <ScreenNow app={app} />
      {app.mustSetPassword.value && (
        <PasswordDialog once={true} setPassword={app.setPassword} onClose={() => (app.mustSetPassword.value = false)} />
      )}
    </>
  );
}

function ScreenNow({ app }: { app: RoundsApp }) {
  const screen = app.screen.value;
  switch (screen.at) {
    case 'starting':
    case 'second-page':
      return <Notice text={t(screen.at)} />;
    case 'store-failed':
      return <Notice text={t('store-failed', { code: screen.code })} />;
    case 'sign-in':
      return <SignIn title={t('title')} over={screen.over} signIn={app.signIn} />;
    case 'enrol':
      return <Enrol app={app} name={screen.name} />;
    case 'round':
      return <Round app={app} rounds={screen.rounds} />;
    default:
      return screen satisfies never;
  }
}

function Notice({ text }: { text: string }) {
  return (
    <main class="door">
      <h1>{t('title')}</h1>
      <p>{text}</p>
    </main>
  );
}

function Round({ app, rounds }: { app: RoundsApp; rounds: Rounds }) {
  return (
    <>
      <div class="round" data-testid="round">
        <Header app={app} rounds={rounds} />
        <Places rounds={rounds} />
        <Rooms rounds={rounds} notes={<Notes app={app} rounds={rounds} />} />
        <EntryPad rounds={rounds} />
        <Panels rounds={rounds} />
      </div>
      <PrintSheet rounds={rounds} />
    </>
  );
}

function Header({ app, rounds }: { app: RoundsApp; rounds: Rounds }) {
  const figures = rounds.book.value?.figures;
  const window = rounds.key.value?.window;
  return (
    <header class="top">
      <div class="top-words">
        <h1>{rounds.place.value ?? t('title')}</h1>
        <p>
          {window && t(`window-${window}`)} <TimeLeft rounds={rounds} />
        </p>
      </div>
      <div class="top-words grow">
        {figures && (
          <p class="missing-count" data-testid="missing">
            {t('missing', { n: figures.missing, all: figures.expected })}
          </p>
        )}
        <Connection app={app} rounds={rounds} />
      </div>
      <LanguageSwitch />
      <button type="button" class="who" data-testid="sign-out" onClick={() => void app.signOut()}>
        <span>{rounds.staff.name}</span> · {t('sign-out')}
      </button>
    </header>
  );
}

function TimeLeft({ rounds }: { rounds: Rounds }) {
  const now = rounds.now.value;
  const { opensMs, closesMs } = rounds.times.value;
  const minutes = (ms: number) => Math.max(0, Math.ceil(ms / 60_000));
  if (now < opensMs) return <span class="chip">{t('opens', { time: clockText(opensMs) })}</span>;
  if (now <= closesMs) return <span class="chip">{t('left', { n: minutes(closesMs - now) })}</span>;
  return (
    <span class="chip chip-late" data-testid="over">
      {t('over', { n: minutes(now - closesMs) })}
    </span>
  );
}

function Connection({ app, rounds }: { app: RoundsApp; rounds: Rounds }) {
  const isAway = rounds.isAway.value || rounds.sight.value === 'away';
  const { count, unsaved } = rounds.waiting.value;
  const held = rounds.held.value;
  return (
    <p
      class="connection"
      data-testid="connection"
      data-state={isAway ? 'away' : 'online'}
      data-unsent={count}
      data-unsaved={unsaved}
    >
      <span class={isAway ? 'dot dot-away' : 'dot'} aria-hidden="true" />
      {t(isAway ? 'away' : held === null && !rounds.noPlaces.value ? 'connecting' : 'online')} ·{' '}
      {count === 0 ? t('all-sent') : t('unsent', { n: count })}
      {isAway && held !== null && ` · ${t('sheet-age', { time: clockText(held.asOfMs) })}`}
      {app.devices.value !== null && <Thermometer sight={app.devices.value.thermometer.value} />}
    </p>
  );
}

/** On a tablet with a bridge: whether its thermometer may be used. */
function Thermometer({ sight: { state, code, simulated } }: { sight: ThermometerSight }) {
  if (state === 'none') return null;
  return (
    <span data-testid="thermometer" data-state={state}>
      {' · '}
      {t(`thermometer-${state}`, { code: code ?? '' }).trim()}
      {simulated && ` · ${t('simulated')}`}
    </span>
  );
}

/** What must be read before going on; the gravest first. */
function Notes({ app, rounds }: { app: RoundsApp; rounds: Rounds }) {
  const trouble = rounds.trouble.value ?? (rounds.waiting.value.failing ? 'not-saved' : null);
  const refused = rounds.refused.value;
  return (
    <>
      {trouble !== null && (
        <p class="note note-bad" role="alert" data-testid="trouble">
          {t(trouble)}
        </p>
      )}
      {rounds.sight.value === 'not-enrolled' && (
        <p class="note note-bad" role="alert">
          {t('not-enrolled')}
        </p>
      )}
      {app.staysSignedIn.value && (
        <p class="note note-old" role="alert">
          {t('sign-out-away')}
        </p>
      )}
      {rounds.sessionOver.value && (
        <p class="note note-old" role="alert">
          {t('session-over')}
          <button type="button" onClick={() => app.signInAgain()}>
            {t('sign-in-again')}
          </button>
        </p>
      )}
      <OfficeNotice rounds={rounds} />
      {refused !== null && (
        <p class="note note-bad" role="alert">
          {refused[language.value]}
        </p>
      )}
    </>
  );
}

/** One notice of the office at a time, until this manager has read it. */
function OfficeNotice({ rounds }: { rounds: Rounds }) {
  const notice = rounds.notices.value[0];
  if (notice === undefined) return null;
  const { noticeId, zh, en } = notice;
  const isEnglish = language.value === 'en' && en !== null;
  const { title, text } = language.value === 'en' && en !== null ? en : zh;
  return (
    <section class="note notice" data-testid="notice" lang={langTag[isEnglish ? 'en' : 'zh']}>
      <div>
        <strong>{title}</strong>
        <p>{text}</p>
      </div>
      <button type="button" onClick={() => void rounds.readNotice(noticeId)}>
        {t('notice-read')}
      </button>
    </section>
  );
}
