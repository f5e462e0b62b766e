// The build's folding of `limits` (vite.config.ts): the right number in the right place, or nothing at all.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foldLimits } from '../../vite.config.ts';

const withUse = (object: string, use: string) => `export const limits = ${object} as const;\n${use}`;
const folded = (object: string, use: string) => foldLimits(withUse(object, use)).split(';\n')[1];

describe('the folded limits', () => {
  it.each([
    ['{ waitMs: 5_000 }', 'f(limits.waitMs)', 'f((5_000))'],
    [
      '{\n  /** Half: 2, of it. */\n  waitMs: 2 * 1_500,\n  more: 7,\n}',
      'f(limits.waitMs - limits.more)',
      'f((2 * 1_500) - (7))',
    ],
    ['{ restC: 0.5 }', '2 ** -limits.restC', '2 ** -(0.5)'],
  ])('stand where they are used: %s', (object, use, wanted) => expect(folded(object, use)).toBe(wanted));

  it.each([
    ['no plain number', '{ waitMs: 2.5 * feed.heartbeatMs }', 'f(limits.waitMs)'],
    ['a text', "{ code: 'E-51' }", 'f(limits.code)'],
    ['a name that stands twice', '{ maxMs: 1, retry: { maxMs: 2 } }', 'f(limits.maxMs, limits.retry)'],
    ['an object', '{ retry: { baseMs: 250 } }', 'f(limits.retry.baseMs)'],
    ['another thing of that name', '{ waitMs: 1 }', 'const g = (limits: { waitMs: number }) => limits.waitMs'],
    ['a member of another object', '{ waitMs: 1 }', 'f(kit.limits.waitMs)'],
  ])('are left alone: %s', (_what, object, use) => expect(folded(object, use)).toBe(use));

  it('are the numbers of the source in every file of the pages', () => {
    const root = join(import.meta.dirname, '..', '..', 'src');
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/.test(path));
    let changed = 0;
    for (const path of files) {
      const source = readFileSync(join(root, path), 'utf8');
      const declared = /export const limits = (\{[\s\S]*?\}) as const;/.exec(source)?.[1];
      if (declared === undefined || foldLimits(source) === source) continue;
      changed++;
      // Names of other files' limits stand for themselves; what was folded must not depend on them.
      const scope = new Proxy({}, { has: (_target, name) => name !== 'undefined', get: () => ({}) });
      const values = new Function('scope', `with (scope) return ${declared}`)(scope) as Record<string, unknown>;
      const before = source.split(/(?<![\w.])limits\.(\w+)/g);
      let after = foldLimits(source);
      for (let i = 0; i < before.length; i++) {
        const piece = before[i] ?? '';
        if (i % 2 === 0) {
          expect(after.startsWith(piece), path).toBe(true);
          after = after.slice(piece.length);
          continue;
        }
        const number = /^\([\d_.* ]+\)/.exec(after)?.[0];
        if (number === undefined) after = after.slice(`limits.${piece}`.length);
        else {
          expect(new Function(`return ${number}`)(), `${path} ${piece}`).toBe(values[piece]);
          after = after.slice(number.length);
        }
      }
      expect(after, path).toBe('');
    }
    expect(changed).toBeGreaterThan(20);
  });
});
