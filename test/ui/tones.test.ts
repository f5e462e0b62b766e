// The tones: lengths of the table, quieter referrals at night, and no sound that comes late.
import { describe, expect, it } from 'vitest';
import { createPlayer, gainOf, recipes, type Tone } from '../../src/ui/tones.ts';

function fakeAudio(state: AudioContextState) {
  const started: { hertz: number; from: number; until: number; wave: string }[] = [];
  let resumed = 0;
  const context = {
    state,
    currentTime: 5,
    destination: {},
    resume: async () => {
      resumed += 1;
    },
    createGain: () => ({
      gain: { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined },
      connect: () => undefined,
    }),
    createOscillator: () => {
      const note = { hertz: 0, from: 0, until: 0, wave: '' };
      return {
        frequency: {
          set value(hertz: number) {
            note.hertz = hertz;
          },
        },
        set type(wave: string) {
          note.wave = wave;
        },
        connect: (to: unknown) => to,
        start: (from: number) => {
          note.from = from;
        },
        stop: (until: number) => {
          note.until = until;
          started.push(note);
        },
      };
    },
  };
  return { context: context as unknown as AudioContext, started, resumed: () => resumed };
}

const lengths: [Tone, number][] = [
  ['tick', 0.02],
  ['admit', 0.24],
  ['again', 0.32],
  ['refer', 0.68],
  ['deny', 0.35],
  ['fault', 0.48],
];

describe('tones', () => {
  it.each(lengths)('%s lasts %d s', (tone, seconds) => {
    const end = Math.max(...recipes[tone].notes.map(([, startS, lengthS]) => startS + lengthS));
    expect(end).toBeCloseTo(seconds, 5);
  });

  it('rises for admit and falls for refer', () => {
    const hertz = (tone: Tone) => recipes[tone].notes.map(([value]) => value);
    expect(hertz('admit')).toEqual([...hertz('admit')].sort((a, b) => a - b));
    expect(hertz('refer')).toEqual([...hertz('refer')].sort((a, b) => b - a));
  });

  it('is 6 dB quieter for a referral from 22:00 to 06:00, and only then', () => {
    expect([21, 22, 5, 6].map((hour) => gainOf('refer', hour))).toEqual([0.5, 0.25, 0.25, 0.5]);
    expect(gainOf('deny', 23)).toBe(0.5);
  });

  it('sounds each note at its place', () => {
    const audio = fakeAudio('running');
    createPlayer(
      () => audio.context,
      () => 12,
    ).play('admit');
    expect(audio.started.map(({ hertz, from }) => [hertz, from])).toEqual([
      [880, 5],
      [1_318.5, 5.1],
    ]);
  });

  it('plays nothing late while the browser holds the sound back, and asks again at a touch', () => {
    const audio = fakeAudio('suspended');
    const player = createPlayer(
      () => audio.context,
      () => 12,
    );
    player.play('refer');
    player.unlock();
    expect(audio.started).toEqual([]);
    expect(audio.resumed()).toBe(2);
  });
});
