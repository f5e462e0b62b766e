// A pad of keys for screens without a keyboard. Rendered by the sign-in and by the learning step.
import { settingsTexts } from '../../i18n/settings.ts';
import { Icon } from '../../ui/icons.tsx';

type Props = {
  keys: readonly string[];
  /** The key in the last row. */
  last: string;
  onKey: (key: string) => void;
  onErase: () => void;
};

export function Keys({ keys, last, onKey, onErase }: Props) {
  const key = (text: string) => (
    <button key={text} type="button" class="button key" data-testid={`key-${text}`} onClick={() => onKey(text)}>
      {text}
    </button>
  );
  return (
    <div class="keys">
      {keys.map(key)}
      {key(last)}
      <button
        type="button"
        class="button key"
        aria-label={settingsTexts.t('erase')}
        data-testid="key-erase"
        onClick={onErase}
      >
        <Icon name="erase" />
      </button>
    </div>
  );
}
