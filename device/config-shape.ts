// The shape of gate.config.json as zod sees it, and what each key is expected to be in words. Called by config.
import * as z from 'zod/mini';
import { direction, mode, site } from '../src/contracts/entry.ts';
import { limits as feedbackLimits } from '../src/domain/passage-feedback.ts';
import type { Sentence } from './texts.ts';
import { configTexts } from './texts-config.ts';

export const limits = {
  devices: 8,
  pulseMsMin: 100,
  pulseMsMax: 5_000,
  offsetC: 10,
  channels: 16,
  baudMin: 300,
  baudMax: 921_600,
  osdpAddress: 126,
  input: 64,
} as const;

const line = (max: number, min = 1) =>
  z.string().check(
    z.minLength(min),
    z.maxLength(max),
    z.refine((value) => ![...value].some((char) => char < ' ' || char === '\u007f')),
  );
const options = z.optional(z.record(z.string(), z.string()));
const baudRate = z.optional(z.int().check(z.gte(limits.baudMin), z.lte(limits.baudMax)));
const path = line(400).check(z.startsWith('/'));
const wired = { profile: line(40), path, baudRate, options };
/** Degrees with at most two decimals: what becomes an integer in hundredths without rounding. */
const bodyOffsetC = z.number().check(
  z.gte(-limits.offsetC),
  z.lte(limits.offsetC),
  z.refine((value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-6),
);

const thermometer = z.strictObject({
  role: z.literal('thermometer'),
  ...wired,
  site,
  mode: z.optional(mode),
  bodyOffsetC: z.optional(bodyOffsetC),
  warmUp: z.optional(z.enum(['ask', 'warm'])),
});
/** One device of an OSDP line; `config-osdp` judges what belongs together. */
const onLine = {
  address: z.optional(z.int().check(z.gte(0), z.lte(limits.osdpAddress))),
  scbk: z.optional(z.string().check(z.regex(/^[0-9A-Fa-f]{32}$/))),
  check: z.optional(z.enum(['crc', 'checksum'])),
  installMode: z.optional(z.boolean()),
};
const reader = z.strictObject({ role: z.literal('reader'), ...wired, ...onLine });
const barrier = z.strictObject({
  role: z.literal('barrier'),
  ...wired,
  ...onLine,
  output: z.optional(z.int().check(z.gte(0), z.lte(255))),
  channel: z.optional(z.int().check(z.gte(1), z.lte(limits.channels))),
  pulseMs: z.optional(z.int().check(z.gte(limits.pulseMsMin), z.lte(limits.pulseMsMax))),
});
const feedback = z.strictObject({
  role: z.literal('feedback'),
  ...wired,
  ...onLine,
  input: z.optional(z.int().check(z.gte(1), z.lte(limits.input))),
  contact: z.optional(z.enum(['leaf', 'passage'])),
  activeWhen: z.optional(z.enum(['closed', 'open'])),
  admitMs: z.optional(z.int().check(z.gte(feedbackLimits.admitMsMin), z.lte(feedbackLimits.admitMsMax))),
  heldOpenMs: z.optional(z.int().check(z.gte(feedbackLimits.heldOpenMsMin), z.lte(feedbackLimits.heldOpenMsMax))),
});
const station = z.strictObject({
  name: line(100),
  campus: line(60),
  code: z.optional(z.string().check(z.regex(/^[A-Z][0-9]{2}$/))),
  direction: z.optional(direction),
  clinicPhone: z.optional(line(40, 0)),
});

export const configShape = z.strictObject({
  port: z.optional(z.int().check(z.gte(1), z.lte(65_535))),
  hubUrl: z.string().check(z.refine(isWebAddress)),
  hubCa: z.optional(line(400)),
  stationToken: z.optional(z.string().check(z.minLength(3), z.maxLength(200), z.regex(/^[\x21-\x7e]+$/))),
  station,
  stateDir: z.optional(line(400)),
  rounds: z.optional(z.boolean()),
  devices: z
    .array(z.discriminatedUnion('role', [thermometer, reader, barrier, feedback]))
    .check(z.maxLength(limits.devices)),
});

/** Keys of each role, for the sentence about an unknown one. */
export const deviceKeys = {
  thermometer: Object.keys(thermometer.shape),
  reader: Object.keys(reader.shape),
  barrier: Object.keys(barrier.shape),
  feedback: Object.keys(feedback.shape),
} as const;

export const expectations = {
  keys: { '': Object.keys(configShape.shape), station: Object.keys(station.shape) } as Record<string, string[]>,
  /** What the value at this path must be; the last name in the path decides. */
  of(path: readonly PropertyKey[]): Sentence {
    const named = path.findLast((part) => typeof part === 'string');
    const inOptions = path.at(-2) === 'options';
    const entry = Object.entries(configTexts).find(([key]) => key === (inOptions ? 'options' : named));
    if (path.length > 0 && typeof path.at(-1) === 'number') return configTexts.device;
    return entry?.[1] ?? configTexts.root;
  },
};

function isWebAddress(text: string): boolean {
  if (!/^https?:\/\//.test(text)) return false;
  try {
    const url = new URL(text);
    return url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}
