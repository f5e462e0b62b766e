// What somebody answers for: the scopes so far, each to be taken away, and one more to add. Used by PersonDialog.
import { useSignal } from '@preact/signals';
import { type Role, type Scope, type ScopeKind, scopeKindsOf } from '../domain/staff.ts';
import { adminTexts } from '../i18n/admin.ts';
import { isBounded } from './People.tsx';

const { t } = adminTexts;

export const limits = { scopes: 200, valueChars: 80 } as const;

export const scopeText = ({ kind, value }: Scope): string => `${t(`scope-${kind}`)} ${value}`;

export function ScopePicker(props: {
  role: Role;
  scopes: readonly Scope[];
  campuses: readonly string[];
  onChange(scopes: readonly Scope[]): void;
}) {
  const kinds = scopeKindsOf[props.role];
  const chosen = useSignal<ScopeKind | null>(null);
  const value = useSignal('');
  if (kinds.length === 0) return null;
  const kind = chosen.value !== null && kinds.includes(chosen.value) ? chosen.value : kinds[0];
  if (kind === undefined) return null;
  const add = () => {
    const next = { kind, value: value.value.trim() };
    if (next.value === '' || props.scopes.length >= limits.scopes) return;
    if (!props.scopes.some((scope) => scope.kind === next.kind && scope.value === next.value))
      props.onChange([...props.scopes, next]);
    value.value = '';
  };
  return (
    <fieldset class="scopes">
      <legend>{t('scopes')}</legend>
      <p class={isBounded(props.role) && props.scopes.length === 0 ? 'say-bad' : 'hint'}>
        {t(isBounded(props.role) ? 'scopes-needed' : 'scopes-hint')}
      </p>
      {props.scopes.length > 0 && (
        <ul>
          {props.scopes.map((scope) => (
            <li key={`${scope.kind} ${scope.value}`}>
              <button
                type="button"
                class="held"
                data-testid="remove-scope"
                aria-label={t('remove-scope', { scope: scopeText(scope) })}
                onClick={() => props.onChange(props.scopes.filter((one) => one !== scope))}
              >
                {scopeText(scope)} ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="add-scope">
        <label>
          {t('scope-kind')}
          <select
            name="scope-kind"
            value={kind}
            onChange={(e) => (chosen.value = kinds.find((one) => one === e.currentTarget.value) ?? null)}
          >
            {kinds.map((one) => (
              <option key={one} value={one}>
                {t(`scope-${one}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t('scope-value')}
          <input
            name="scope-value"
            maxLength={limits.valueChars}
            value={value.value}
            list={kind === 'campus' ? 'campuses' : undefined}
            onInput={(e) => (value.value = e.currentTarget.value)}
            onKeyDown={(e) => {
              // Enter adds the scope; the sheet is finished by its own button.
              if (e.key !== 'Enter' || value.value.trim() === '') return;
              e.preventDefault();
              add();
            }}
          />
        </label>
        <button type="button" class="put" data-testid="add-scope" onClick={add}>
          {t('add-scope')}
        </button>
      </div>
      <p class="hint">{t(`hint-${kind}`)}</p>
      <datalist id="campuses">
        {props.campuses.map((campus) => (
          <option key={campus} value={campus} />
        ))}
      </datalist>
    </fieldset>
  );
}
