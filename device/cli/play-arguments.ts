// Reads the command line of the play tool; what is wrong is a UsageError with one sentence. Called by play-tool.
import { parseArgs } from 'node:util';
import { profileOf } from '../drivers/index.ts';
import type { Badness } from '../simulator/players/bad-instrument.ts';
import { playedProfiles } from '../simulator/players/played-device.ts';
import { readerSpeeches } from '../simulator/players/reader-speech.ts';
import type { WireFaults } from '../simulator/wire.ts';
import { playTexts } from '../texts-play.ts';
import { parsed, UsageError } from './tool-arguments.ts';

/** What a number may be: degrees Celsius, seconds, frames a second. */
export const limits = {
  tempC: { min: -60, max: 300 },
  driftCPerHour: { min: -1_000, max: 1_000 },
  afterS: { min: 0, max: 86_400 },
  everyS: { min: 1, max: 86_400 },
  rateHz: { min: 0.1, max: 200 },
  count: { min: 1, max: 1_000_000_000 },
  seed: { min: 0, max: 4_294_967_295 },
  address: { min: 0, max: 126 },
  share: { min: 0, max: 1 },
} as const;

export type PlayArguments = {
  profile: string;
  place: { is: 'path' | 'link'; path: string };
  tempC: number | null;
  ambientC: number;
  jitterC: number;
  card: string | null;
  rateHz: number | null;
  count: number | null;
  seed: number | null;
  address: number;
  scbk: Uint8Array | null;
  wire: Partial<WireFaults>;
  badness: Partial<Badness>;
  /** Seconds; null = never. */
  freezeAfterS: number | null;
  muteAfterS: number | null;
  unplugEveryS: number | null;
};

type Range = { min: number; max: number };

/** A decimal in the range. Throws a UsageError with one sentence. */
export function numberOf(name: string, text: string, { min, max }: Range, isWhole = false): number {
  const value = (isWhole ? /^\d{1,12}$/ : /^-?\d{1,12}(?:\.\d{1,6})?$/).test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max)) throw new UsageError(playTexts.notNumber(name, text.slice(0, 40), min, max));
  return value;
}

const text = { type: 'string' } as const;

export function playArguments(argv: readonly string[]): PlayArguments {
  const { values } = parsed(playTexts.usage, () =>
    parseArgs({
      args: [...argv],
      options: {
        ...{ profile: text, path: text, link: text, temp: text, ambient: text, jitter: text, card: text, rate: text },
        ...{ count: text, seed: text, address: text, scbk: text, noise: text, flip: text, drop: text, double: text },
        ...{ freeze: text, mute: text, drift: text, unplug: text, bias: text },
        'wrong-baud': { type: 'boolean' },
      },
    }),
  );
  if (values.profile === undefined) throw new UsageError(playTexts.usage);
  if ((values.path === undefined) === (values.link === undefined)) throw new UsageError(playTexts.onePlace);
  const profile = profileOf(values.profile).name;
  if (!playedProfiles.includes(profile)) throw new UsageError(playTexts.notPlayed(profile, playedProfiles));
  const number = <Else>(name: string, given: string | undefined, range: Range, otherwise: Else, isWhole = false) =>
    given === undefined ? otherwise : numberOf(`--${name}`, given, range, isWhole);
  const share = (name: 'noise' | 'flip' | 'drop' | 'double') => number(name, values[name], limits.share, 0);
  refuseForeign(profile, values);
  return {
    profile,
    place: values.path === undefined ? { is: 'link', path: values.link ?? '' } : { is: 'path', path: values.path },
    tempC: number('temp', values.temp, limits.tempC, null),
    ambientC: number('ambient', values.ambient, limits.tempC, 22),
    jitterC: number('jitter', values.jitter, limits.share, 0.04),
    card: values.card === undefined ? null : cardOf(profile, values.card),
    rateHz: number('rate', values.rate, limits.rateHz, null),
    count: number('count', values.count, limits.count, null, true),
    seed: number('seed', values.seed, limits.seed, null, true),
    address: number('address', values.address, limits.address, 0, true),
    scbk: values.scbk === undefined ? null : keyOf(values.scbk),
    wire: {
      noise: share('noise'),
      flip: share('flip'),
      drop: share('drop'),
      double: share('double'),
      wrongBaud: values['wrong-baud'] === true,
    },
    badness: {
      driftCPerHour: number('drift', values.drift?.replace(/\/h$/i, ''), limits.driftCPerHour, 0),
      towardNormal: values.bias === undefined ? 0 : biasOf(values.bias),
    },
    freezeAfterS: number('freeze', values.freeze, limits.afterS, null),
    muteAfterS: number('mute', values.mute, limits.afterS, null),
    unplugEveryS: number('unplug', values.unplug, limits.everyS, null),
  };
}

/** A switch that this device has no use for is a mistake that should be told. */
function refuseForeign(profile: string, values: Readonly<Record<string, unknown>>): void {
  const { role } = profileOf(profile);
  const only = {
    thermometer: ['temp', 'ambient', 'jitter', 'freeze', 'drift', 'bias'],
    reader: ['card'],
    osdp: ['address', 'scbk'],
  } as const;
  for (const kind of ['thermometer', 'reader', 'osdp'] as const) {
    if (kind === role || kind === profile) continue;
    const given = only[kind].find((name) => values[name] !== undefined);
    if (given !== undefined) throw new UsageError(playTexts.onlyFor(`--${given}`, kind));
  }
}

/** The card as the reader can read it. Throws a UsageError with one sentence. */
export function cardOf(profile: string, card: string): string {
  const shape = readerSpeeches.get(profile)?.card ?? osdpCard;
  if (shape.pattern.test(card)) return card;
  throw new UsageError(playTexts.badCard(profile, card.slice(0, 40), shape.says, shape.sample));
}

/** An OSDP reader tells Wiegand bits: 26 of three bytes or 34 of four. */
const osdpCard = { pattern: /^(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$/, says: '6 / 8', sample: '5A0144' };

export function biasOf(text: string): number {
  const [, share] = /^toward-normal=(\d(?:\.\d{1,6})?)$/.exec(text) ?? [];
  if (share === undefined || Number(share) > 1) throw new UsageError(playTexts.badBias(text.slice(0, 40)));
  return Number(share);
}

function keyOf(scbk: string): Uint8Array {
  if (!/^[0-9A-Fa-f]{32}$/.test(scbk)) throw new UsageError(playTexts.badKey);
  return Uint8Array.from(Buffer.from(scbk, 'hex'));
}
