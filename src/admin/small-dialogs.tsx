// The acts that need a word of warning, or one field: password, PIN, ending a person; pairing, renaming, revoking a station. Rendered
// by AdminPage.
import { useSignal } from '@preact/signals';
import { type StaffRow, type StationRow, limits as textLimits } from '../contracts/admin.ts';
import { adminTexts } from '../i18n/admin.ts';
import { ActDialog } from './ActDialog.tsx';
import type { Admin } from './admin-state.ts';

const { t } = adminTexts;

type OfPerson = { admin: Admin; who: StaffRow; onClose(): void };
type OfStation = { admin: Admin; station: StationRow; onClose(): void };

export function PasswordReset({ admin, who, onClose }: OfPerson) {
  return (
    <ActDialog
      title={t('confirm-password', { name: who.name })}
      testid="password-reset"
      text={t('confirm-password-text')}
      label={t('reset-password')}
      act={() => admin.resetPassword(who)}
      onClose={onClose}
    />
  );
}

export function PinDialog({ admin, who, onClose }: OfPerson) {
  const pin = useSignal('');
  return (
    <ActDialog
      title={t('confirm-pin', { name: who.name })}
      testid="pin-dialog"
      text={t('confirm-pin-text')}
      label={t('reset-pin')}
      act={() => admin.setPin(who, pin.value)}
      onClose={onClose}
    >
      <label>
        {t('pin-own')}
        <input
          name="pin"
          inputMode="numeric"
          autocomplete="off"
          maxLength={12}
          value={pin.value}
          onInput={(e) => (pin.value = e.currentTarget.value)}
        />
      </label>
    </ActDialog>
  );
}

export function EndDialog({ admin, who, onClose }: OfPerson) {
  return (
    <ActDialog
      title={t('confirm-end', { name: who.name })}
      testid="end-dialog"
      text={t('confirm-end-text')}
      label={t('end')}
      grave
      act={() => admin.end(who.staffId)}
      onClose={onClose}
    />
  );
}

export function PairDialog({ admin, onClose }: { admin: Admin; onClose(): void }) {
  const [name, campus, code] = [useSignal(''), useSignal(''), useSignal('')];
  const field = (label: string, key: string, value: typeof name, more: { required?: boolean; pattern?: string }) => (
    <label>
      {label}
      <input
        name={key}
        autocomplete="off"
        maxLength={textLimits.nameChars}
        value={value.value}
        list={key === 'campus' ? 'pair-campuses' : undefined}
        onInput={(e) => (value.value = e.currentTarget.value)}
        {...more}
      />
    </label>
  );
  return (
    <ActDialog
      title={t('pair-title')}
      testid="pair-dialog"
      text={t('pair-text')}
      label={t('make-code')}
      act={() => admin.pair({ name: name.value.trim(), campus: campus.value.trim(), code: code.value.trim() })}
      onClose={onClose}
    >
      {field(t('station-name'), 'station-name', name, { required: true })}
      {field(t('campus'), 'campus', campus, { required: true })}
      {field(t('station-code'), 'station-code', code, { pattern: '[A-Z][0-9]{2}' })}
      <datalist id="pair-campuses">
        {(admin.people.value?.campuses ?? []).map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
    </ActDialog>
  );
}

export function RenameDialog({ admin, station, onClose }: OfStation) {
  const name = useSignal(station.name);
  return (
    <ActDialog
      title={t('rename-title', { name: station.name })}
      testid="rename-dialog"
      text={t('rename-text')}
      label={t('save')}
      act={() => admin.rename(station.stationId, name.value.trim())}
      onClose={onClose}
    >
      <label>
        {t('station-name')}
        <input
          name="station-name"
          required
          autocomplete="off"
          maxLength={textLimits.nameChars}
          value={name.value}
          onInput={(e) => (name.value = e.currentTarget.value)}
        />
      </label>
    </ActDialog>
  );
}

export function RevokeDialog({ admin, station, onClose }: OfStation) {
  return (
    <ActDialog
      title={t('confirm-revoke', { name: station.name })}
      testid="revoke-dialog"
      text={t('confirm-revoke-text')}
      label={t('revoke')}
      grave
      act={() => admin.revoke(station.stationId)}
      onClose={onClose}
    />
  );
}
