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

/** Referrals are 6 dB quieter from 22:00 to 06:00. */
export function gainOf(tone: Tone, hour: number): number {
  const night = hour >= limits.nightFromHour || hour < limits.nightToHour;
  return tone === 'refer' && night ? limits.gain * limits.nightGain : limits.gain;
}

export type Player = {
  play(tone: Tone): void;
  /** Call from a gesture: a context that the browser suspended goes on. */
  unlock(): void;
};

/** `hourNow` is the campus hour 0..23. A machine without sound stays silent: the screen says the same. */
export function createPlayer(makeContext: () => AudioContext, hourNow: () => number): Player {
  let context: AudioContext | null = null;
  const ready = () => {
    context ??= makeContext();
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
      const loud = gainOf(tone, hourNow());
      for (const [hertz, startS, lengthS] of recipe.notes) {
        const from = audio.currentTime + startS;
        const until = from + lengthS;
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
    },
  };
}
