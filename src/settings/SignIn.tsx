// Signing in to the settings: who, and their PIN, by touch or keyboard. Rendered by SettingsPage.
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { limits as wire } from '../contracts/settings.ts';
import { settingsTexts } from '../i18n/settings.ts';
import { Keys } from './parts/Keys.tsx';
import type { SettingsState, SignInTrouble } from './settings-state.ts';

const { t } = settingsTexts;

type Guard = { staffId: string; name: string };
type Props = { guards: readonly Guard[]; signIn: SettingsState['signIn'] };

export function SignIn({ guards, signIn }: Props) {
  const chosen = useSignal<Guard | null>(null);
  const guard = chosen.value;
  return (
    <main class="panel sign-in" data-testid="sign-in">
      {guard === null ? (
        <>
          <h2>{t('who')}</h2>
          <p class="note">{guards.length === 0 ? t('no-guards') : t('who-note')}</p>
          <div class="choices">
            {guards.map((one) => (
              <button
                key={one.staffId}
                type="button"
                class="button"
                data-testid={`guard-${one.staffId}`}
                onClick={() => {
                  chosen.value = one;
                }}
              >
                {one.name}
              </button>
            ))}
          </div>
        </>
      ) : (
        <Pin
          key={guard.staffId}
          guard={guard}
          signIn={signIn}
          onBack={() => {
            chosen.value = null;
          }}
        />
      )}
    </main>
  );
}

function Pin({ guard, signIn, onBack }: { guard: Guard; signIn: Props['signIn']; onBack: () => void }) {
  const pin = useSignal('');
  const isChecking = useSignal(false);
  const trouble = useSignal<SignInTrouble | null>(null);
  const field = useRef<HTMLInputElement>(null);
  // Before the next key can come: an effect after the paint would lose a fast typist's first digit.
  useLayoutEffect(() => field.current?.focus(), []);
  const enter = async () => {
    if (isChecking.value || pin.value === '') return;
    isChecking.value = true;
    trouble.value = await signIn(guard.staffId, pin.value);
    isChecking.value = false;
    pin.value = '';
  };
  const type = (text: string) => {
    trouble.value = null;
    pin.value = text.slice(0, wire.pinChars);
  };
  return (
    <form
      class="pin"
      onSubmit={(event) => {
        event.preventDefault();
        void enter();
      }}
    >
      <h2>
        <label for="pin">{t('pin', { name: guard.name })}</label>
      </h2>
      <input
        id="pin"
        ref={field}
        type="password"
        inputMode="none"
        autoComplete="off"
        data-testid="pin"
        value={pin.value}
        onInput={(event) => type(event.currentTarget.value)}
      />
      <p class="note" role="status" data-bad={trouble.value !== null} data-testid="pin-note">
        {noteOf(isChecking.value, trouble.value)}
      </p>
      <Keys
        keys={['1', '2', '3', '4', '5', '6', '7', '8', '9']}
        onKey={(digit) => type(pin.value + digit)}
        onErase={() => type(pin.value.slice(0, -1))}
        last="0"
      />
      <div class="acts">
        <button type="button" class="button" onClick={onBack} data-testid="other-guard">
          {t('other-guard')}
        </button>
        <button
          type="submit"
          class="button primary"
          disabled={isChecking.value || pin.value === ''}
          data-testid="enter"
        >
          {t('sign-in')}
        </button>
      </div>
    </form>
  );
}

function noteOf(isChecking: boolean, trouble: SignInTrouble | null): string {
  if (isChecking) return t('checking');
  if (trouble === null) return '';
  return t(trouble.error, { minutes: Math.max(1, Math.ceil(trouble.retryInMs / 60_000)) });
}
