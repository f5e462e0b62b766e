// One face makes one reading: a stream by the gate's rules, a single value by itself.
import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../src/domain/policy.ts';
import type { Sample } from '../../src/domain/reading.ts';
import { createFaceReading, limits } from '../../src/rounds/face-reading.ts';

const sample = (atMs: number, centiCelsius: number, given: Partial<Sample> = {}): Sample => ({
  ...{ atMs, centiCelsius, rawCentiCelsius: centiCelsius, ambientCentiCelsius: null, offsetCentiCelsius: 0 },
  ...{ site: 'forehead', mode: 'forehead', deviceId: 'thermometer-1', ...given },
});
const makeFace = () => {
  const face = createFaceReading(() => defaultPolicy);
  /** Values 100 ms apart from `fromMs`; what became a reading. */
  const stream = (fromMs: number, values: readonly number[]) =>
    values.flatMap((value, n) => face.hear(sample(fromMs + n * 100, value), false)?.centiCelsius ?? []);
  return { ...face, stream };
};

describe('a stream', () => {
  it('makes the median of three steady values, and no second reading while the face stays', () => {
    const { stream } = makeFace();
    expect(stream(0, [3650, 3670, 3660, 3690, 3650, 3660, 3660, 3660])).toEqual([3660]);
  });

  it.each([
    ['two values', [3650, 3650]],
    ['a spread of 0.31', [3650, 3660, 3681]],
    ['a wall', [2200, 2200, 2200, 2200]],
    ['a hot cup', [4300, 4300, 4300, 4300]],
  ])('makes none of %s', (_, values) => {
    expect(makeFace().stream(0, values)).toEqual([]);
  });

  it('makes the next one after a pause, also when the wall filled it, and not a moment before', () => {
    const steady = [3650, 3650, 3650];
    const { stream } = makeFace();
    expect(stream(0, steady)).toEqual([3650]);
    expect(stream(limits.pauseMs - 1, [3700, 3700, 3700, 3700])).toEqual([]);
    const wall = Array.from({ length: 25 }, () => 2200);
    expect(stream(3_000, wall)).toEqual([]);
    // As at the gate: a whole window without the wall.
    expect(stream(5_500, Array(12).fill(3620))).toEqual([3620]);
  });

  it('makes the next one as soon as a card was tapped, from what comes after it alone', () => {
    const face = makeFace();
    expect(face.stream(0, [3650, 3650, 3650])).toEqual([3650]);
    face.begin();
    expect(face.stream(300, [3700, 3700])).toEqual([]);
    expect(face.stream(500, [3700])).toEqual([3700]);
  });
});

describe('a single value', () => {
  it('is a reading by itself, its evidence with it; the same pull of the trigger does not count twice', () => {
    const face = createFaceReading(() => defaultPolicy);
    const one = sample(0, 3640, { site: 'axillary', mode: 'contact' });
    expect(face.hear(one, true)).toMatchObject({
      ...{ centiCelsius: 3640, method: 'contact', site: 'axillary', manual: false, typedBy: null, samples: [one] },
    });
    expect(face.hear({ ...one, atMs: 500 }, true)).toBeNull();
    expect(face.hear({ ...one, atMs: 500 + limits.pauseMs }, true)).not.toBeNull();
  });

  it('out of range is none, and the next may follow at once', () => {
    const face = createFaceReading(() => defaultPolicy);
    expect(face.hear(sample(0, 4310), true)).toBeNull();
    expect(face.hear(sample(300, 3650), true)?.centiCelsius).toBe(3650);
  });
});
