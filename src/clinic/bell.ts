// The clinic's bell: the tones of ux.md through Web Audio, locked until the browser allows sound. Used by main.tsx.
import { type ReadonlySignal, signal } from '@preact/signals';
import type { Ring } from './board-state.ts';

/** Tones of ux.md: seconds, hertz, gain. A group is three beeps; loud is two groups with a second between them. */
export const limits = {
  hertz: 784,
  beepsAtS: [0, 0.25, 0.5],
  beepS: 0.15,
  pauseS: 1,
  gain: 0.5,
  attackS: 0.008,
  releaseS: 0.02,
} as const;

export type Bell = { ring(ring: Ring): void; unlock(): void; locked: ReadonlySignal<boolean> };

/** Start of every beep in seconds after the ring began. */
export function beepStarts(ring: Ring): number[] {
  const groupS = Math.max(...limits.beepsAtS) + limits.beepS;
  const groups = ring === 'loud' ? [0, groupS + limits.pauseS] : [0];
  return groups.flatMap((start) => limits.beepsAtS.map((at) => start + at));
}

/** `open` makes the audio context; it is called at the first unlock or ring. */
export function bell(open: () => AudioContext): Bell {
  const locked = signal(true);
  let context: AudioContext | null = null;
  const ready = () => {
    if (!context) {
      context = open();
      const made = context;
      made.addEventListener('statechange', () => {
        locked.value = made.state !== 'running';
      });
    }
    locked.value = context.state !== 'running';
    return context;
  };
  return {
    locked,
    unlock() {
      const audio = ready();
      // A refusal keeps the state 'suspended', which the board shows as "sound is off".
      if (audio.state !== 'running')
        audio.resume().catch(() => {
          locked.value = true;
        });
    },
    ring(ring) {
      const audio = ready();
      if (audio.state !== 'running') return;
      for (const start of beepStarts(ring)) beep(audio, audio.currentTime + start);
    },
  };
}

function beep(audio: AudioContext, atS: number): void {
  const tone = audio.createOscillator();
  const gain = audio.createGain();
  tone.frequency.value = limits.hertz;
  gain.gain.setValueAtTime(0, atS);
  gain.gain.linearRampToValueAtTime(limits.gain, atS + limits.attackS);
  gain.gain.setValueAtTime(limits.gain, atS + limits.beepS - limits.releaseS);
  gain.gain.linearRampToValueAtTime(0, atS + limits.beepS);
  tone.connect(gain).connect(audio.destination);
  tone.start(atS);
  tone.stop(atS + limits.beepS);
}
