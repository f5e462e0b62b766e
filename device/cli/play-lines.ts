// The commands of the play tool, one JSON object a line. Called by play-tool.
import type { Badness } from '../simulator/players/bad-instrument.ts';
import type { WireFaults } from '../simulator/wire.ts';
import { playTexts } from '../texts-play.ts';
import { cardOf, limits as ranges } from './play-arguments.ts';
import { UsageError } from './tool-arguments.ts';

export const limits = { lineBytes: 4_096, keysChars: 32 } as const;

export type PlayCommand = {
  /** Hundredths of a degree; null = nobody there. */
  tempCenti?: number | null;
  card?: string;
  keys?: string;
  wire?: Partial<WireFaults>;
  badness?: Partial<Badness>;
  plugged?: boolean;
  mute?: boolean;
};

const fields = ['temp', 'card', 'keys', 'plugged', 'fault'] as const;
const faultFields = [
  'noise',
  'flip',
  'drop',
  'double',
  'wrongBaud',
  'freeze',
  'mute',
  'drift',
  'towardNormal',
] as const;

/** Throws a UsageError with one sentence. */
export function commandOfLine(text: string, profile: string): PlayCommand {
  const { temp, card, keys, plugged, fault } = known(objectOf(text), fields);
  if (card !== undefined && typeof card !== 'string') throw new UsageError(playTexts.notJson);
  if (keys !== undefined && (typeof keys !== 'string' || !/^[0-9A-D*#]{1,32}$/.test(keys))) {
    throw new UsageError(playTexts.notJson);
  }
  return {
    ...(temp === undefined
      ? {}
      : { tempCenti: temp === null ? null : Math.round(number('temp', temp, ranges.tempC) * 100) }),
    ...(card === undefined ? {} : { card: cardOf(profile, card) }),
    ...(keys === undefined ? {} : { keys }),
    ...(plugged === undefined ? {} : { plugged: truth('plugged', plugged) }),
    ...(fault === undefined ? {} : faultOf(fault)),
  };
}

function faultOf(value: unknown): Pick<PlayCommand, 'wire' | 'badness' | 'mute'> {
  // null: the device is well again, and the wire.
  if (value === null) {
    return {
      wire: { noise: 0, flip: 0, drop: 0, double: 0, wrongBaud: false },
      badness: { frozen: false, driftCPerHour: 0, towardNormal: 0 },
      mute: false,
    };
  }
  if (typeof value !== 'object' || Array.isArray(value)) throw new UsageError(playTexts.notJson);
  const given = known(value, faultFields);
  const wire: Partial<WireFaults> = {};
  for (const name of ['noise', 'flip', 'drop', 'double'] as const) {
    if (given[name] !== undefined) wire[name] = number(name, given[name], ranges.share);
  }
  if (given.wrongBaud !== undefined) wire.wrongBaud = truth('wrongBaud', given.wrongBaud);
  const badness: Partial<Badness> = {};
  if (given.freeze !== undefined) badness.frozen = truth('freeze', given.freeze);
  if (given.drift !== undefined) badness.driftCPerHour = number('drift', given.drift, ranges.driftCPerHour);
  if (given.towardNormal !== undefined) {
    badness.towardNormal = number('towardNormal', given.towardNormal, ranges.share);
  }
  return { wire, badness, ...(given.mute === undefined ? {} : { mute: truth('mute', given.mute) }) };
}

function number(name: string, value: unknown, { min, max }: { min: number; max: number }): number {
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw new UsageError(playTexts.notNumber(name, String(value).slice(0, 40), min, max));
}

function truth(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new UsageError(playTexts.notTruth(name));
}

/** Throws for a field that is none of these. */
function known<Name extends string>(value: object, names: readonly Name[]): Partial<Record<Name, unknown>> {
  const strange = Object.keys(value).find((name) => !names.some((one) => one === name));
  if (strange !== undefined) throw new UsageError(playTexts.unknownField(strange.slice(0, 40), names));
  return value as Partial<Record<Name, unknown>>;
}

function objectOf(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new UsageError(playTexts.notJson);
  return value;
}
