// The tones of gate and rounds as recipes, and the one player that sounds them by WebAudio. Called by the pages' main.tsx.
// A kiosk starts Chromium with --autoplay-policy=no-user-gesture-required; elsewhere the first touch unlocks the sound.

/** frequency in Hz, start and length in seconds from the beginning of the tone. */
type Note = readonly [hertz: number, startS: number, lengthS: number];
type Recipe = { wave: OscillatorType; notes: readonly Note[] };

export const limits = {
  gain: 0.5,
  attackS: 0.008,
  releaseS: 0.02,
  nightGain: 0.5,
  nightFromHour: 22,
  nightToHour: 6,
} as const;

/** Recipes of the interface's tone table; `tick` answers a card within 20 ms of sound. */
export const recipes = {
  tick: { wave: 'sine', notes: [[1_760, 0, 0.02]] },
  admit: {
    wave: 'sine',
    notes: [
      [880, 0, 0.09],
      [1_318.5, 0.1, 0.14],
    ],
  },
  again: {
    wave: 'sine',
    notes: [
      [660, 0, 0.12],
      [660, 0.2, 0.12],
    ],
  },
  refer: {
    wave: 'sine',
    notes: [
      [523, 0, 0.16],
      [415, 0.2, 0.16],
      [349, 0.4, 0.28],
    ],
  },
  deny: { wave: 'square', notes: [[220, 0, 0.35]] },
  fault: {
    wave: 'triangle',
    notes: [
      [330, 0, 0.12],
      [330, 0.18, 0.12],
      [330, 0.36, 0.12],
    ],
  },
} as const satisfies Record<string, Recipe>;
export type Tone = keyof typeof recipes;

/** From 22:00 to 06:00. */
export function isNight(hour: number): boolean {
  return hour >= limits.nightFromHour || hour < limits.nightToHour;
}

/** Referrals are 6 dB quieter at night. */
export function gainOf(tone: Tone, hour: number): number {
  return tone === 'refer' && isNight(hour) ? limits.gain * limits.nightGain : limits.gain;
}

export type Player = {
  play(tone: Tone): void;
  /** Call from a gesture: a context that the browser suspended goes on. */
  unlock(): void;
};

/** What a kiosk adds: its own loudness (0 to 1 by the hour) and a recorded clip behind a tone. */
export type Voice = {
  volume(hour: number): number;
  clips: { load(context: BaseAudioContext): Promise<void>; of(tone: Tone): AudioBuffer | null };
};

/** `hourNow` is the campus hour 0..23. A machine without sound stays silent: the screen says the same. */
export function createPlayer(makeContext: () => AudioContext, hourNow: () => number, voice?: Voice): Player {
  let context: AudioContext | null = null;
  const ready = () => {
    context ??= makeContext();
    void voice?.clips.load(context);
    // A refusal only means that the page waits for its first touch, which calls unlock again.
    if (context.state === 'suspended') void context.resume().catch(() => undefined);
    return context;
  };
  return {
    unlock: () => void ready(),
    play(tone) {
      const audio = ready();
      // Tones that could not sound at once are not played late.
      if (audio.state !== 'running') return;
      const recipe: Recipe = recipes[tone];
      const hour = hourNow();
      const loud = gainOf(tone, hour) * (voice?.volume(hour) ?? 1);
      if (loud === 0) return;
      let endS = 0;
      for (const [hertz, startS, lengthS] of recipe.notes) {
        const from = audio.currentTime + startS;
        const until = from + lengthS;
        endS = Math.max(endS, startS + lengthS);
        const oscillator = audio.createOscillator();
        const gain = audio.createGain();
        oscillator.type = recipe.wave;
        oscillator.frequency.value = hertz;
        gain.gain.setValueAtTime(0, from);
        gain.gain.linearRampToValueAtTime(loud, from + Math.min(limits.attackS, lengthS / 2));
        gain.gain.setValueAtTime(loud, Math.max(from + limits.attackS, until - limits.releaseS));
        gain.gain.linearRampToValueAtTime(0, until);
        oscillator.connect(gain).connect(audio.destination);
        oscillator.start(from);
        oscillator.stop(until);
      }
      const clip = voice?.clips.of(tone);
      if (clip) {
        const source = audio.createBufferSource();
        const gain = audio.createGain();
        source.buffer = clip;
        gain.gain.value = loud / limits.gain;
        source.connect(gain).connect(audio.destination);
        source.start(audio.currentTime + endS);
      }
    },
  };
}
