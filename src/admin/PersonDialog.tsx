// A person who is added or changed: name, role, scopes. Rendered by AdminPage.
import { useSignal } from '@preact/signals';
import { type StaffRow, limits as textLimits } from '../contracts/admin.ts';
import { type Role, roles, type Scope, scopeKindsOf } from '../domain/staff.ts';
import { adminTexts } from '../i18n/admin.ts';
import { ActDialog } from './ActDialog.tsx';
import type { Admin } from './admin-state.ts';
import { ScopePicker } from './ScopePicker.tsx';

const { t } = adminTexts;

export function PersonDialog({ admin, who, onClose }: { admin: Admin; who: StaffRow | null; onClose(): void }) {
  const name = useSignal(who?.name ?? '');
  const role = useSignal<Role>(who?.role ?? 'guard');
  const scopes = useSignal<readonly Scope[]>(who?.scopes ?? []);
  const changeRole = (next: Role) => {
    role.value = next;
    // What means nothing to the new role would be refused.
    scopes.value = scopes.value.filter(({ kind }) => scopeKindsOf[next].includes(kind));
  };
  const act = () => {
    const given = { name: name.value.trim(), role: role.value, scopes: [...scopes.value] };
    return who === null ? admin.create(given) : admin.change(who.staffId, given);
  };
  return (
    <ActDialog
      title={who === null ? t('person-title') : t('person-title-of', { name: who.name })}
      testid="person-dialog"
      label={t('save')}
      act={act}
      onClose={onClose}
    >
      <label>
        {t('name')}
        <input
          name="person-name"
          required
          autocomplete="off"
          maxLength={textLimits.nameChars}
          value={name.value}
          onInput={(e) => (name.value = e.currentTarget.value)}
        />
      </label>
      <p class="hint">{t('name-hint')}</p>
      <label>
        {t('role')}
        <select
          name="role"
          value={role.value}
          onChange={(e) => changeRole(roles.find((one) => one === e.currentTarget.value) ?? role.value)}
        >
          {roles.map((one) => (
            <option key={one} value={one}>
              {t(`role-${one}`)}
            </option>
          ))}
        </select>
      </label>
      <ScopePicker
        role={role.value}
        scopes={scopes.value}
        campuses={admin.people.value?.campuses ?? []}
        onChange={(next) => (scopes.value = next)}
      />
    </ActDialog>
  );
}
