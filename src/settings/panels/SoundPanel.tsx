// How loud this kiosk is by day and by night, a test of each tone, and which two physical keys the guard uses. Kept in this browser,
// where the gate page reads it. Rendered by SettingsPage.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { defaultHandKeys, type HandKeys, handKeysName, readHandKeys } from '../../domain/hand-keys.ts';
import { language } from '../../i18n/define.ts';
import { deskTexts } from '../../i18n/settings-desk.ts';
import { createClips, listed, readSound, limits as sound, soundName, volumeAt } from '../../ui/sound-settings.ts';
import { createPlayer, type Player, recipes, type Tone } from '../../ui/tones.ts';

const { t } = deskTexts;
const tones = Object.keys(recipes) as Tone[];
const hourNow = () => Math.floor(Date.now() / 3_600_000 + 8) % 24;
/** One for the page: a browser gives only a few audio contexts. */
let player: Player | null = null;

export function SoundPanel() {
  const kept = useSignal(readSound(localStorage.getItem(soundName)));
  const clips = useSignal(0);
  const keys = useSignal<HandKeys>(readHandKeys(localStorage.getItem(handKeysName)));
  /** Which of the two keys the next key press sets. */
  const setting = useSignal<0 | 1 | null>(null);
  const isSame = useSignal(false);

  useEffect(() => {
    fetch('/clips/clips.json')
      .then((answer) => answer.json())
      .then((list) => {
        clips.value = listed(list).length;
      }, console.error);
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const at = setting.value;
      if (at === null || event.code === '') return;
      event.preventDefault();
      event.stopPropagation();
      setting.value = null;
      const [acknowledge, next] = keys.value;
      isSame.value = event.code === (at === 0 ? next : acknowledge);
      if (!isSame.value) keep(at === 0 ? [event.code, next] : [acknowledge, event.code]);
    };
    addEventListener('keydown', onKey, { capture: true });
    return () => removeEventListener('keydown', onKey, { capture: true });
  }, []);

  const keep = (next: HandKeys) => {
    keys.value = next;
    localStorage.setItem(handKeysName, next.join(' '));
  };
  const loud = (which: 'dayPercent' | 'nightPercent', value: number) => {
    kept.value = { ...kept.value, [which]: value };
    localStorage.setItem(soundName, `${kept.value.dayPercent} ${kept.value.nightPercent}`);
  };
  const play = (tone: Tone) => {
    player ??= createPlayer(() => new AudioContext(), hourNow, {
      volume: (hour) => volumeAt(readSound(localStorage.getItem(soundName)), hour),
      clips: createClips(
        (...ask) => fetch(...ask),
        () => language.value,
        console.error,
      ),
    });
    player.play(tone);
  };

  return (
    <>
      <h2>{t('sound-title')}</h2>
      {(['dayPercent', 'nightPercent'] as const).map((which) => (
        <label key={which} class="slider">
          <span>{t(which === 'dayPercent' ? 'sound-day' : 'sound-night', { n: kept.value[which] })}</span>
          <input
            type="range"
            min={0}
            max={100}
            step={sound.stepPercent}
            data-testid={which}
            value={kept.value[which]}
            onInput={(event) => loud(which, Number(event.currentTarget.value))}
          />
        </label>
      ))}
      <h3>{t('sound-test')}</h3>
      <p class="note">
        {t('sound-now')} {clips.value === 0 ? t('clips-none') : t('clips-some', { n: clips.value })}
      </p>
      <div class="choices">
        {tones.map((tone) => (
          <button key={tone} type="button" class="button" data-testid={`tone-${tone}`} onClick={() => play(tone)}>
            {t(`tone-${tone}`)}
          </button>
        ))}
      </div>
      <h2>{t('keys-title')}</h2>
      <p class="note">{t('keys-note')}</p>
      <div class="choices">
        {(['keys-acknowledge', 'keys-next'] as const).map((word, at) => (
          <button
            key={word}
            type="button"
            class="button"
            aria-pressed={setting.value === at}
            data-testid={word}
            onClick={() => {
              setting.value = at === 0 ? 0 : 1;
              isSame.value = false;
            }}
          >
            {setting.value === at ? t('keys-press') : t(word, { key: keys.value[at] ?? '' })}
          </button>
        ))}
        <button type="button" class="button" data-testid="keys-reset" onClick={() => keep(defaultHandKeys)}>
          {t('keys-reset')}
        </button>
      </div>
      <p class="note" role="status" data-bad={isSame.value} data-testid="keys-said">
        {isSame.value ? t('keys-same') : ''}
      </p>
    </>
  );
}
