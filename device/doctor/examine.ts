// One port under examination: listened to at rate after rate, asked only when allowed, then watched for a moment. Called by doctor.

import type { ProfileOptions } from '../drivers/driver.ts';
import { answerers, knownProfile, listeningBauds, mayClick, speakers } from './candidates.ts';
import { ask, type LineParts, listen } from './listen.ts';
import { type Capture, type Guess, guessAt, type Heard, levelOf, propose } from './propose.ts';
import { type Score, score, type Value } from './score.ts';

export const limits = {
  sliceMsMin: 700,
  /** A rate at which something fits is listened to for so long before it is judged. */
  holdMs: 3_200,
  /** After that the values are shown for a moment. */
  watchMs: 1_500,
  valuesShown: 5,
} as const;

/** What the configuration says of this port. */
export type Expected = { profile: string; baudRate: number; options: ProfileOptions };

export type ExamineParts = LineParts & {
  seconds: number;
  /** Ask silent ports as every profile whose question moves no relay. */
  ask: boolean;
  /** Asked as well, whatever their question may move. */
  askProfiles: readonly string[];
  onStage(stage: 'listening' | 'asking'): void;
  onValues(values: readonly Value[]): void;
};

export type Examined = {
  heard: Heard;
  /** How the configured profile reads it; null without one, or when it was barely heard. */
  expected: Score | null;
  asked: readonly string[];
  /** Left out, since their questions may move a relay. */
  notAsked: readonly string[];
};

/** Rejects with the port's own error. */
export async function examine(path: string, expected: Expected | null, parts: ExamineParts): Promise<Examined> {
  parts.onStage('listening');
  const first = expected === null ? null : await hearExpected(path, expected, parts);
  if (first?.fits) {
    return { heard: { is: 'guess', guess: first.guess }, expected: first.score, asked: [], notAsked: [] };
  }
  const heard = await hear(path, parts);
  if (heard.is === 'guess') await watch(path, heard.guess, parts);
  const nothing = { expected: first?.score ?? null, asked: [], notAsked: [] };
  if (heard.is !== 'silence' || (!parts.ask && parts.askProfiles.length === 0)) return { heard, ...nothing };
  parts.onStage('asking');
  return { ...(await askAll(path, parts)), expected: nothing.expected };
}

/** As configured first: its rate, its options. */
async function hearExpected(path: string, expected: Expected, parts: ExamineParts) {
  const profile = knownProfile(expected.profile);
  if (profile === null || profile.poll !== null) return null;
  const read = (pieces: Capture['pieces']) => score(profile, pieces, expected.options);
  const pieces = await listen(
    path,
    expected.baudRate,
    Math.min(limits.holdMs, parts.seconds * 1_000),
    parts,
    (heard) => {
      const { values, ...rest } = read(heard);
      parts.onValues(values.slice(-limits.valuesShown));
      return levelOf({ values, ...rest }) === 'sure';
    },
  );
  const found = read(pieces);
  const level = levelOf(found);
  const guess: Guess = { level: level ?? 'likely', baudRate: expected.baudRate, scores: [found] };
  return { score: found, fits: level !== null, guess };
}

async function hear(path: string, parts: ExamineParts): Promise<Heard> {
  const speaking = speakers();
  const captures: Capture[] = [];
  const totalMs = parts.seconds * 1_000;
  const sliceMs = Math.max(limits.sliceMsMin, Math.floor(totalMs / listeningBauds.length));
  const isSure = (baudRate: number) => (pieces: Capture['pieces']) =>
    guessAt({ baudRate, pieces }, speaking)?.level === 'sure';
  const endMs = parts.clock.nowMs() + totalMs;
  for (const baudRate of listeningBauds) {
    if (parts.clock.nowMs() >= endMs) break;
    const pieces = await listen(path, baudRate, sliceMs, parts, isSure(baudRate));
    let capture = { baudRate, pieces };
    const guess = guessAt(capture, speaking);
    if (guess?.level === 'likely') {
      // In one piece with what is still to come: a slow device needs seconds for three frames.
      const more = await listen(path, baudRate, limits.holdMs, parts, isSure(baudRate));
      capture = { baudRate, pieces: [...pieces, ...more] };
    }
    captures.push(capture);
    if (guessAt(capture, speaking) !== null) break;
  }
  return propose(captures, speaking);
}

async function watch(path: string, { baudRate, scores }: Guess, parts: ExamineParts): Promise<void> {
  const [best] = scores;
  const profile = best === undefined ? null : knownProfile(best.profile);
  if (best === undefined || profile === null) return;
  parts.onValues(best.values.slice(-limits.valuesShown));
  await listen(path, baudRate, limits.watchMs, parts, (pieces) => {
    const { values } = score(profile, pieces);
    if (values.length > 0) parts.onValues(values.slice(-limits.valuesShown));
    return false;
  });
}

async function askAll(path: string, parts: ExamineParts): Promise<Omit<Examined, 'expected'>> {
  const asked: string[] = [];
  const notAsked: string[] = [];
  for (const profile of answerers()) {
    const isNamed = parts.askProfiles.includes(profile.name);
    if (!isNamed && (!parts.ask || mayClick(profile))) {
      if (parts.ask) notAsked.push(profile.name);
      continue;
    }
    asked.push(profile.name);
    const found = await ask(profile, path, parts);
    const level = levelOf({ ...found, bad: found.bad + 1 });
    if (level === null) continue;
    parts.onValues(found.values.slice(-limits.valuesShown));
    return { heard: { is: 'guess', guess: { level, baudRate: profile.baudRate, scores: [found] } }, asked, notAsked };
  }
  return { heard: { is: 'silence' }, asked, notAsked };
}
