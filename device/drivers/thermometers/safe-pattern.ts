// A regular expression that an installer typed, made safe to run on bytes from a wire: refused when its shape can explode,
// and tried on the worst lines before it is ever used. Called by the line driver.
import { createContext, Script } from 'node:vm';
import { texts } from '../texts.ts';

export const limits = {
  patternChars: 200,
  /** All trial lines together; an honest pattern takes well under a millisecond, the rest is for a busy machine. */
  trialMs: 250,
  trials: 2,
} as const;

/** What the capture group found, null when the line does not match. */
export type Capture = { text: string; before: string; after: string } | null;

/**
 * A matcher for lines of at most `lineCharsMax`. Throws a RangeError with a sentence for a pattern that is broken, too long,
 * without exactly one group, or too slow.
 */
export function safePattern(source: string, lineCharsMax: number): (line: string) => Capture {
  if (source.length > limits.patternChars) throw new RangeError(texts.patternTooLong(limits.patternChars));
  const pattern = compiled(source);
  const groups = (new RegExp(`${source}|`).exec('')?.length ?? 1) - 1;
  if (groups !== 1) throw new RangeError(texts.patternGroups(groups));
  if (mayExplode(source)) throw new RangeError(texts.patternNested);
  if (!isQuick(pattern, trialLines(source, lineCharsMax))) throw new RangeError(texts.patternSlow);
  return (line) => captureOf(pattern.exec(line), line);
}

/** Lines of the greatest length that make a greedy pattern go back the most: one character again and again, then a misfit. */
function trialLines(source: string, length: number): string[] {
  const characters = new Set([...' 0a.-', ...source].filter((char) => char >= ' ' && char <= '~'));
  return [...characters].flatMap((char) => [char.repeat(length), `${char.repeat(length - 1)}\u00ff`]);
}

/** Whether the engine gets through all lines in time; a second try, since the machine may have been busy. */
function isQuick(pattern: RegExp, lines: readonly string[]): boolean {
  const context = createContext({ pattern, lines });
  const trial = new Script('for (const line of lines) pattern.exec(line)');
  for (let round = 0; round < limits.trials; round += 1) {
    try {
      trial.runInContext(context, { timeout: limits.trialMs });
      return true;
    } catch (error) {
      if (!isTimeout(error)) throw error;
    }
  }
  return false;
}

// The error comes out of another realm: it is no instance of this one's Error.
function isTimeout(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}

function compiled(source: string): RegExp {
  try {
    return new RegExp(source, 'd');
  } catch (error) {
    throw new RangeError(texts.patternBroken(error instanceof Error ? error.message : String(error)));
  }
}

/**
 * `before` and `after` are the characters next to the captured text, empty where the pattern itself matched them (then
 * its author has decided what may stand there) or where the line ends.
 */
function captureOf(match: RegExpExecArray | null, line: string): Capture {
  const [matchedAt, matchEnd] = match?.indices?.[0] ?? [0, 0];
  const group = match?.indices?.[1];
  if (!group) return null;
  const [from, to] = group;
  return {
    text: line.slice(from, to),
    before: from === matchedAt ? line.slice(Math.max(0, from - 1), from) : '',
    after: to === matchEnd ? line.slice(to, to + 2) : '',
  };
}

/** True for back-references, look-around, and a group that repeats or branches inside and is repeated itself. */
function mayExplode(source: string): boolean {
  /** One flag a open group: whether something inside repeats or branches. */
  const open: boolean[] = [];
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at];
    if (char === '\\') {
      if (/[1-9k]/.test(source[at + 1] ?? '')) return true;
      at += 1;
    } else if (char === '[') {
      at = endOfClass(source, at);
    } else if (char === '(') {
      if (/^\(\?(?:[=!]|<[=!])/.test(source.slice(at, at + 4))) return true;
      open.push(false);
      if (source[at + 1] === '?') at += 1;
    } else if (char === ')') {
      const inner = open.pop() ?? false;
      const isRepeated = /^(?:[*+]|\{\d+,?\d*\})/.test(source.slice(at + 1));
      if (inner && isRepeated) return true;
      if (inner || isRepeated) markLast(open);
    } else if (char === '*' || char === '+' || char === '|' || (char === '{' && /^\{\d+,/.test(source.slice(at)))) {
      markLast(open);
    }
  }
  return false;
}

function markLast(open: boolean[]): void {
  if (open.length > 0) open[open.length - 1] = true;
}

function endOfClass(source: string, from: number): number {
  for (let at = from + 1; at < source.length; at += 1) {
    if (source[at] === '\\') at += 1;
    else if (source[at] === ']') return at;
  }
  return source.length;
}
