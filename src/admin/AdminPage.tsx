// The page of administrators and the auditor: signs in, then people, stations, or who read what. Rendered by main.tsx.
import { useSignal } from '@preact/signals';
import type { StaffRow, StationRow } from '../contracts/admin.ts';
import { adminTexts } from '../i18n/admin.ts';
import { language } from '../i18n/define.ts';
import { Account } from '../ui/desk/Account.tsx';
import { clockText } from '../ui/desk/instants.ts';
import { SignIn } from '../ui/desk/SignIn.tsx';
import { type Admin, tabs } from './admin-state.ts';
import { CardsDialog } from './CardsDialog.tsx';
import { Once } from './Once.tsx';
import { People } from './People.tsx';
import { PersonDialog } from './PersonDialog.tsx';
import { Reads } from './Reads.tsx';
import { Stations } from './Stations.tsx';
import { EndDialog, PairDialog, PasswordReset, PinDialog, RenameDialog, RevokeDialog } from './small-dialogs.tsx';

const { t } = adminTexts;

/** The sheet that is open; one at a time. */
export type Open =
  | { what: 'person'; who: StaffRow | null }
  | { what: 'password' | 'pin' | 'cards' | 'end'; who: StaffRow }
  | { what: 'pair' }
  | { what: 'rename' | 'revoke'; station: StationRow }
  | null;

export function AdminPage({ admin }: { admin: Admin }) {
  const open = useSignal<Open>(null);
  const session = admin.session.value;
  if (session === null) return <main class="asking">{t(admin.isAway.value ? 'unreached' : 'asking')}</main>;
  if (session === 'signed-out') return <SignIn title={t('title')} over={admin.isOver.value} signIn={admin.signIn} />;
  const isMine = session.role === 'admin' || session.role === 'auditor';
  const refused = admin.refused.value;
  return (
    <>
      <header class="top">
        <h1>{t('title')}</h1>
        {admin.hubNowMs.value !== null && (
          <p data-testid="as-of">{t('as-of', { time: clockText(admin.hubNowMs.value) })}</p>
        )}
        <span class="space" />
        <button type="button" data-testid="refresh" onClick={() => void admin.refresh()}>
          {t('refresh')}
        </button>
        <Account
          name={session.name}
          once={session.maySetPassword === true}
          setPassword={admin.setPassword}
          signOut={() => void admin.signOut()}
        />
      </header>
      {isMine && (
        <nav aria-label={t('views')}>
          {tabs.map((tab) => (
            <button
              key={tab}
              type="button"
              data-testid={`tab-${tab}`}
              aria-pressed={admin.tab.value === tab}
              onClick={() => void admin.show(tab)}
            >
              {t(`tab-${tab}`)}
            </button>
          ))}
        </nav>
      )}
      <main>
        {admin.isAway.value && (
          <p class="say-old" role="alert">
            {t('unreached')}
          </p>
        )}
        {refused && (
          <p class="say-bad" role="alert">
            {refused[language.value]}
          </p>
        )}
        {isMine ? (
          <Shown admin={admin} onOpen={(next) => (open.value = next)} />
        ) : (
          <p data-testid="not-yours">{t('not-yours')}</p>
        )}
      </main>
      <Sheet admin={admin} open={open.value} onClose={() => (open.value = null)} />
      {admin.once.value && <Once once={admin.once.value} onClose={() => (admin.once.value = null)} />}
    </>
  );
}

function Shown({ admin, onOpen }: { admin: Admin; onOpen(open: Open): void }) {
  switch (admin.tab.value) {
    case 'people':
      return <People admin={admin} onOpen={onOpen} />;
    case 'stations':
      return <Stations admin={admin} onOpen={onOpen} />;
    case 'reads':
      return <Reads admin={admin} />;
    default:
      return admin.tab.value satisfies never;
  }
}

function Sheet({ admin, open, onClose }: { admin: Admin; open: Open; onClose(): void }) {
  if (open === null) return null;
  const common = { admin, onClose };
  switch (open.what) {
    case 'person':
      return <PersonDialog {...common} who={open.who} />;
    case 'password':
      return <PasswordReset {...common} who={open.who} />;
    case 'pin':
      return <PinDialog {...common} who={open.who} />;
    case 'cards':
      return <CardsDialog {...common} who={open.who} />;
    case 'end':
      return <EndDialog {...common} who={open.who} />;
    case 'pair':
      return <PairDialog {...common} />;
    case 'rename':
      return <RenameDialog {...common} station={open.station} />;
    case 'revoke':
      return <RevokeDialog {...common} station={open.station} />;
    default:
      return open satisfies never;
  }
}
