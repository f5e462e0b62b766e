// What the doctor makes of what was heard at several baud rates: one profile, several that cannot be told apart, or what kind of
// bytes they are. Pure; called by examine. A proposal is a reason to look, never a setting.
import type { Profile } from '../drivers/driver.ts';
import { baudsOf } from './candidates.ts';
import { type Piece, type Score, score, sizeOf } from './score.ts';

export const limits = {
  /** Frames with a good check that make a profile sure. */
  goodSure: 3,
  /** Good frames for each bad run, the one before the first frame left out. */
  goodForBad: 4,
  /** Values without a check before they are called likely. */
  uncheckedLikely: 3,
  /** Bytes for each value: one chance frame in a flood of noise says nothing. Lines of text may be longer. */
  bytesForGood: 64,
  bytesForUnchecked: 256,
  /** Share of printable bytes, in hundredths, from which bytes are called text. */
  textHundredths: 95,
  textBytes: 8,
  sampleChars: 60,
} as const;

export type Capture = { baudRate: number; pieces: readonly Piece[] };
export type Guess = { level: 'sure' | 'likely'; baudRate: number; scores: readonly Score[] };
export type Heard =
  | { is: 'silence' }
  /** One guess; more than one score in it = they fit equally well. */
  | { is: 'guess'; guess: Guess }
  /** Lines of text that no profile reads without being told how. */
  | { is: 'text'; baudRate: number; sample: string }
  /** Bytes, and no frame in them at any rate: a wrong rate, or a device that is not known. */
  | { is: 'noise'; bytes: number; bauds: readonly number[] };

/** `speaking`: the profiles that may be heard. */
export function propose(captures: readonly Capture[], speaking: readonly Profile[]): Heard {
  const heard = captures.filter(({ pieces }) => pieces.length > 0);
  if (heard.length === 0) return { is: 'silence' };
  const guesses = heard.flatMap((capture) => guessAt(capture, speaking) ?? []);
  const best = guesses.reduce<Guess | null>((one, other) => (one === null || isBetter(other, one) ? other : one), null);
  if (best !== null) return { is: 'guess', guess: best };
  const text = heard.flatMap(({ baudRate, pieces }) => textOf(baudRate, pieces) ?? [])[0];
  if (text !== undefined) return text;
  const bytes = heard.reduce((sum, { pieces }) => sum + sizeOf(pieces), 0);
  return { is: 'noise', bytes, bauds: [...new Set(heard.map(({ baudRate }) => baudRate))] };
}

/** What fits best at one rate; null for nothing. */
export function guessAt({ baudRate, pieces }: Capture, speaking: readonly Profile[]): Guess | null {
  const scores = speaking
    .filter((profile) => baudsOf(profile).includes(baudRate))
    .map((profile) => score(profile, pieces))
    .flatMap((one) => {
      const level = levelOf(one);
      return level === null ? [] : [{ level, score: one }];
    });
  for (const level of ['sure', 'likely'] as const) {
    const fitting = scores.filter((one) => one.level === level).map((one) => one.score);
    const most = Math.max(...fitting.map(weight));
    if (fitting.length > 0) return { level, baudRate, scores: fitting.filter((one) => weight(one) === most) };
  }
  return null;
}

/** `sure`: checked frames and hardly anything else; `likely`: some, or values without a check; null: it does not fit. */
export function levelOf({ good, unchecked, bad, bytes }: Score): Guess['level'] | null {
  if (bytes > (good + 1) * limits.bytesForGood + (unchecked + 1) * limits.bytesForUnchecked) return null;
  // Listening begins in the middle of a frame: one bad run belongs to nobody.
  const stains = Math.max(0, bad - 1);
  if (good >= limits.goodSure && good >= stains * limits.goodForBad) return 'sure';
  if (good >= 1 && good > stains) return 'likely';
  if (unchecked >= limits.uncheckedLikely && unchecked >= stains * limits.goodForBad) return 'likely';
  return null;
}

const weight = ({ good, unchecked, bad }: Score) => 2 * good + unchecked - bad;

function isBetter(one: Guess, other: Guess): boolean {
  if (one.level !== other.level) return one.level === 'sure';
  return weight(one.scores[0] as Score) > weight(other.scores[0] as Score);
}

function textOf(baudRate: number, pieces: readonly Piece[]): Extract<Heard, { is: 'text' }> | null {
  const bytes = Buffer.concat(pieces.map((piece) => piece.bytes));
  const printable = bytes.filter(
    (byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0d || byte === 0x0a || byte === 0x09,
  );
  if (bytes.length < limits.textBytes || printable.length * 100 < bytes.length * limits.textHundredths) return null;
  const lines = bytes.toString('latin1').split(/[\r\n]+/);
  // The first one may have lost its beginning.
  const line = (lines.slice(1).find((one) => one.trim() !== '') ?? lines[0] ?? '').trim();
  return { is: 'text', baudRate, sample: masked(line.replace(/[^ -~]/g, '?').slice(0, limits.sampleChars)) };
}

/** A number of eight digits or more may be somebody's card. */
export function masked(text: string): string {
  return text.replace(/[0-9A-Fa-f]{8,}/g, (digits) => `\u2026${digits.slice(-4)}`);
}
