// A regular expression that an installer typed, made safe to run on bytes from a wire: refused when it can explode, and
// stopped by the engine when it is slow all the same. Called by the line driver.
import { createContext, Script } from 'node:vm';
import { texts } from '../texts.ts';

export const limits = {
  patternChars: 200,
  /** Generous, since a busy machine counts too; an honest pattern on a bounded line takes microseconds. */
  matchMs: 200,
} as const;

/** What one capture group found, null when the line does not match, 'slow' when the engine had to stop it. */
export type Capture = { text: string; before: string; after: string } | null | 'slow';

/** Throws a RangeError with a sentence for a pattern that is broken, too long, without exactly one group, or explosive. */
export function safePattern(source: string): (line: string) => Capture {
  if (source.length > limits.patternChars) throw new RangeError(texts.patternTooLong(limits.patternChars));
  const pattern = compiled(source);
  const groups = (new RegExp(`${source}|`).exec('')?.length ?? 1) - 1;
  if (groups !== 1) throw new RangeError(texts.patternGroups(groups));
  if (mayExplode(source)) throw new RangeError(texts.patternNested);
  const sandbox = { pattern, line: '' };
  const context = createContext(sandbox);
  const run = new Script('pattern.exec(line)');
  return (line) => {
    sandbox.line = line;
    try {
      return captureOf(run.runInContext(context, { timeout: limits.matchMs }) as RegExpExecArray | null, line);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return 'slow';
      throw error;
    }
  };
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
