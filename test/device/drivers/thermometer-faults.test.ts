// A thousand played frames of every thermometer, one in a hundred with a single byte changed, lost or doubled on its way.
import { describe, expect, test } from 'vitest';
import type { DeviceEvent } from '../../../device/drivers/driver.ts';
import { profileOf } from '../../../device/drivers/index.ts';
import { type Shown, speeches } from '../../../device/simulator/players/thermometer-speech.ts';
import { decodeAll, join, seeded, valuesOf } from '../byte-tools.ts';

const frames = 1_000;
const faultShare = 0.01;
/** Formats whose frames carry a sum or a CRC; the others are held to limits and say so. */
const checked = [
  'gy-mcu90614',
  'gy-mcu90615',
  'gy-614v',
  'cjmcu-90614',
  'aaa5-body',
  'lu90614',
  'idc-50',
  'calex-pyrominibus',
  'calex-pyrousb',
  'omega-os-mini',
];
const limitsOf: Record<string, [number, number]> = {
  gd60914: [0, 6_000],
  'raytek-ascii': [-4_000, 15_000],
  'optris-cs': [0, 10_000],
  'optris-cs-old': [0, 10_000],
  'optris-ct': [0, 10_000],
  'ble-thermometer': [0, 6_000],
  line: [-4_000, 15_000],
};

type Fault = 'changed' | 'lost' | 'doubled';
type Sent = { bytes: Uint8Array; fault: Fault | null; good: Uint8Array };

function withFault(bytes: Uint8Array, fault: Fault, random: () => number): Uint8Array {
  const at = Math.floor(random() * bytes.length);
  const byte = bytes[at] ?? 0;
  const put = { changed: [byte ^ (1 + Math.floor(random() * 255))], lost: [], doubled: [byte, byte] }[fault];
  return join(bytes.subarray(0, at), Uint8Array.from(put), bytes.subarray(at + 1));
}

/** Frames that all differ from their neighbours: a value can be told to be from its own frame. */
function played(name: string, seed: number, faults: readonly Fault[]): Sent[] {
  const random = seeded(seed);
  const speech = speeches.get(name)?.();
  if (!speech) throw new Error(`nobody plays ${name}`);
  return Array.from({ length: frames }, (_, at) => {
    const objectCenti = 3_000 + 10 * (at % 97);
    const shown: Shown = { objectCenti, ambientCenti: 2_000 + 10 * (at % 11), bodyCenti: objectCenti + 120 };
    const good = speech.frame(shown);
    const fault = random() < faultShare ? (faults[Math.floor(random() * faults.length)] ?? null) : null;
    return { good, fault, bytes: fault === null ? good : withFault(good, fault, random) };
  });
}

const isOf = (event: DeviceEvent, name: string, good: Uint8Array) => {
  const [own] = valuesOf(decodeAll(profileOf(name).decoder({}), good));
  return JSON.stringify(event) === JSON.stringify(own);
};

describe.each(checked)('%s', (name) => {
  test.each([1, 2, 3, 4, 5])('makes no reading of a faulty frame and loses no other (seed %i)', (seed) => {
    const decoder = profileOf(name).decoder({});
    let faulty = 0;
    for (const { bytes, fault, good } of played(name, seed, ['changed', 'lost', 'doubled'])) {
      // The pause behind each frame is what its device leaves.
      const values = valuesOf(decodeAll(decoder, bytes));
      if (fault === null) expect(values).toHaveLength(1);
      else faulty += 1;
      if (fault === 'changed' || fault === 'lost') expect(values).toEqual([]);
      for (const value of values) expect(isOf(value, name, good)).toBe(true);
    }
    expect(faulty).toBeGreaterThan(2);
  });

  test('makes no reading of a changed frame without any pause, and is right again by the next', () => {
    const decoder = profileOf(name).decoder({});
    const sent = played(name, 7, ['changed']);
    const made = decodeAll(decoder, ...sent.map(({ bytes }) => bytes)).filter(({ kind }) => kind === 'reading');
    const clean = sent.filter(({ fault }) => fault === null);
    expect(made).toHaveLength(clean.length);
    for (const [at, event] of made.entries()) expect(isOf(event, name, clean[at]?.good ?? new Uint8Array())).toBe(true);
    expect(clean.length).toBeLessThan(frames);
  });
});

describe.each(Object.keys(limitsOf))('%s, which has no sum,', (name) => {
  test.each([1, 2, 3])('emits nothing outside its limits and marks all of it unchecked (seed %i)', (seed) => {
    const [min = 0, max = 0] = limitsOf[name] ?? [];
    const decoder = profileOf(name).decoder({});
    for (const { bytes, fault, good } of played(name, seed, ['changed', 'lost', 'doubled'])) {
      const values = valuesOf(decodeAll(decoder, bytes));
      if (fault === null) {
        expect(values).toHaveLength(1);
        for (const value of values) expect(isOf(value, name, good)).toBe(true);
      }
      for (const value of values) {
        if (value.kind !== 'reading') continue;
        expect(value.unchecked).toBe(true);
        const centi = value.objectCenti ?? value.bodyCenti ?? Number.NaN;
        expect(centi).toBeGreaterThanOrEqual(min);
        expect(centi).toBeLessThanOrEqual(max);
      }
    }
  });
});

test('every thermometer that somebody plays is tried here', () => {
  expect([...checked, ...Object.keys(limitsOf)].sort()).toEqual([...speeches.keys()].sort());
});
