// Staff with roles, scopes and how they sign in, to be found by name, and what may be done to each. Rendered by AdminPage.
import { useSignal } from '@preact/signals';
import type { StaffRow } from '../contracts/admin.ts';
import { type Role, scopeKindsOf } from '../domain/staff.ts';
import { adminTexts } from '../i18n/admin.ts';
import { timeText } from '../ui/desk/instants.ts';
import type { Open } from './AdminPage.tsx';
import type { Admin } from './admin-state.ts';
import { scopeText } from './ScopePicker.tsx';

const { t } = adminTexts;

export function People({ admin, onOpen }: { admin: Admin; onOpen(open: Open): void }) {
  const query = useSignal('');
  const withEnded = useSignal(false);
  const view = admin.people.value;
  if (view === null) return <p>{t('asking')}</p>;
  const mayManage = admin.mayManage();
  const shown = view.staff.filter((who) => (withEnded.value || who.endedMs === null) && fits(who, query.value));
  return (
    <>
      <div class="tools">
        <label class="search">
          {t('search')}
          <input
            type="search"
            name="query"
            value={query.value}
            onInput={(e) => (query.value = e.currentTarget.value)}
          />
        </label>
        <label class="tick">
          <input
            type="checkbox"
            name="with-ended"
            checked={withEnded.value}
            onChange={(e) => (withEnded.value = e.currentTarget.checked)}
          />
          {t('with-ended')}
        </label>
        <p class="hint" data-testid="count" aria-live="polite">
          {t('count', { shown: shown.length, all: view.staff.length })}
        </p>
        <span class="space" />
        {mayManage ? (
          <button type="button" class="primary" data-testid="add" onClick={() => onOpen({ what: 'person', who: null })}>
            {t('add-person')}
          </button>
        ) : (
          <p class="hint">{t('read-only')}</p>
        )}
      </div>
      {shown.length === 0 ? (
        <p data-testid="none">{t('none')}</p>
      ) : (
        <table data-testid="people">
          <thead>
            <tr>
              <th scope="col">{t('col-name')}</th>
              <th scope="col">{t('col-role')}</th>
              <th scope="col">{t('col-scopes')}</th>
              <th scope="col">{t('col-access')}</th>
              {mayManage && <th scope="col">{t('col-acts')}</th>}
            </tr>
          </thead>
          <tbody>
            {shown.map((who) => (
              <tr key={who.staffId} data-testid="person" data-staff={who.staffId}>
                <th scope="row">
                  {who.name} <span class="hint under">{who.staffId}</span>
                </th>
                <td>{t(`role-${who.role}`)}</td>
                <td>
                  <Scopes who={who} />
                </td>
                <td>{accessText(who)}</td>
                {mayManage && (
                  <td>{who.endedMs === null && <Acts who={who} onOpen={onOpen} isMe={isMe(admin, who)} />}</td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Scopes({ who }: { who: StaffRow }) {
  if (who.scopes.length > 0) return <span>{who.scopes.map(scopeText).join(t('scope-between'))}</span>;
  return isBounded(who.role) ? <span class="say-bad">{t('nothing-yet')}</span> : <span>{t('everything')}</span>;
}

/** A role that acts on its own alone has scopes beside the campus. */
export function isBounded(role: Role): boolean {
  return scopeKindsOf[role].some((kind) => kind !== 'campus');
}

function Acts({ who, onOpen, isMe }: { who: StaffRow; onOpen(open: Open): void; isMe: boolean }) {
  const isGuard = who.role === 'guard';
  const button = (what: 'password' | 'pin' | 'cards' | 'end', label: string) => (
    <button type="button" data-testid={what} aria-label={`${label} ${who.name}`} onClick={() => onOpen({ what, who })}>
      {label}
    </button>
  );
  return (
    <span class="acts">
      <button
        type="button"
        data-testid="edit"
        aria-label={t('edit-whom', { name: who.name })}
        onClick={() => onOpen({ what: 'person', who })}
      >
        {t('edit')}
      </button>
      {isGuard && button('pin', t('reset-pin'))}
      {isGuard && button('cards', t('set-cards'))}
      {!isGuard && !isMe && button('password', t('reset-password'))}
      {button('end', t('end'))}
    </span>
  );
}

function isMe(admin: Admin, who: StaffRow): boolean {
  const session = admin.session.value;
  return session !== null && session !== 'signed-out' && session.staffId === who.staffId;
}

function accessText(who: StaffRow): string {
  if (who.endedMs !== null) return t('ended', { time: timeText(who.endedMs) });
  const parts = who.role === 'guard' ? [t(who.hasPin ? 'access-pin' : 'access-no-pin')] : [t(`access-${who.password}`)];
  if (who.cards.length > 0) parts.push(t('access-cards', { cards: who.cards.map((card) => `…${card}`).join(' ') }));
  if (who.sessions > 0) parts.push(t('signed-in', { n: who.sessions }));
  return parts.join(' · ');
}

function fits(who: StaffRow, query: string): boolean {
  const words = query
    .normalize('NFKC')
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const text = [who.name, who.staffId, t(`role-${who.role}`), ...who.scopes.map(({ value }) => value)]
    .join(' ')
    .normalize('NFKC')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}
