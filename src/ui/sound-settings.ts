// How loud this kiosk is by day and by night, kept in its browser, and the recorded clips that lie beside the page. Called by the
// gate's main and by the settings' sound panel.
import type { Language } from '../i18n/define.ts';
import { isNight, type Tone } from './tones.ts';

export const limits = { clips: 32, stepPercent: 10 } as const;
export const soundName = 'mengang-sound';
export type SoundSettings = { dayPercent: number; nightPercent: number };
export const defaultSound: SoundSettings = { dayPercent: 100, nightPercent: 60 };

/** What is kept: 'day night' in percent; anything else means the defaults. */
export function readSound(kept: string | null): SoundSettings {
  const [day, night, ...more] = (kept ?? '').split(' ').map(Number);
  const fits = (value: number | undefined): value is number => value !== undefined && value >= 0 && value <= 100;
  return kept && fits(day) && fits(night) && more.length === 0
    ? { dayPercent: day, nightPercent: night }
    : defaultSound;
}

/** Factor for every tone and clip at this campus hour. */
export function volumeAt({ dayPercent, nightPercent }: SoundSettings, hour: number): number {
  return (isNight(hour) ? nightPercent : dayPercent) / 100;
}

export type Clips = {
  /** Reads the list once and decodes what it names; a clip that cannot be had is left out and told to `onFault`. */
  load(context: BaseAudioContext): Promise<void>;
  of(tone: Tone): AudioBuffer | null;
};

/** `public/clips/clips.json`: { "zh": { "admit": "admit-zh.mp3" }, "en": {} }; it ships empty. */
export function createClips(
  fetch: typeof globalThis.fetch,
  language: () => Language,
  onFault: (error: unknown) => void,
): Clips {
  const buffers = new Map<string, AudioBuffer>();
  let asked = false;
  return {
    of: (tone) => buffers.get(`${language()} ${tone}`) ?? null,
    async load(context) {
      if (asked) return;
      asked = true;
      try {
        for (const [key, file] of listed(await (await fetch('/clips/clips.json')).json())) {
          const answer = await fetch(`/clips/${file}`);
          if (!answer.ok) throw new Error(`clips/${file}: ${answer.status}`);
          buffers.set(key, await context.decodeAudioData(await answer.arrayBuffer()));
        }
      } catch (error) {
        // The tones say the same.
        onFault(error);
      }
    },
  };
}

/** Pairs of 'language tone' and file name, as far as the list can be read; no path leads out of its folder. */
export function listed(list: unknown): [string, string][] {
  const entries = (value: unknown): [string, unknown][] =>
    typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return entries(list)
    .flatMap(([which, clips]) =>
      entries(clips).flatMap(([tone, file]): [string, string][] =>
        typeof file === 'string' && /^[\w-]+\.(mp3|ogg|wav)$/.test(file) ? [[`${which} ${tone}`, file]] : [],
      ),
    )
    .slice(0, limits.clips);
}
