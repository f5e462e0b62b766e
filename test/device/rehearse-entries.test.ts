// Past verdicts recomputed from their entries: under the policy they were made by nothing changes, under another exactly what must.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recompute, recomputeLine } from '../../device/cli/rehearse-entries.ts';
import { rehearsePast } from '../../device/cli/rehearse-past.ts';
import { policyOf } from '../../src/contracts/policy.ts';
import { checkBodyOf } from '../../src/domain/check-body.ts';
import type { CheckBody } from '../../src/domain/entry.ts';
import { defaultPolicy, type Policy } from '../../src/domain/policy.ts';
import type { Decision } from '../../src/domain/verdict.ts';
import { contactAt, contextWith, person, Rig, sampleAt } from '../domain/passage-kit.ts';
import { admission, pageWriter } from './bridge-kit.ts';

function entryOf(decision: Decision, ambientTenths: number | null, policyVersion = 0): CheckBody {
  return checkBodyOf(decision, {
    ...{ passageId: '01700000-0000-7000-8000-000000000009', card: null, caseNo: null, policyVersion, ambientTenths },
    ...{ baselineTenths: null, rosterVersion: 0, orderDay: null, direction: 'in' as const },
  });
}

/** Whole passages of several people: streams steady and not, walls, contact values, stale readings. */
function decisions(moves: readonly (readonly [number, number, number])[], ambientTenths: number, policy: Policy) {
  const people = { a: person(), b: person({ personId: 'p-b' }), c: person({ personId: 'p-c', questionsDue: true }) };
  const rig = new Rig(contextWith(people, { ambientTenths, policy }));
  let atMs = 0;
  for (const [kind, centi, waitMs] of moves) {
    atMs += waitMs;
    const card = ['a', 'b', 'c', 'z'][centi % 4] ?? 'a';
    if (kind === 0) rig.tap(atMs, card);
    else if (kind === 1) rig.feed({ kind: 'reading', atMs, reading: contactAt(atMs, centi) });
    else {
      for (let i = 0; i < 4; i++) {
        atMs += 200;
        const sample = sampleAt(atMs, centi + (kind === 2 ? i * 3 : i * 20), kind === 4 ? 'wrist' : 'forehead');
        rig.feed({ kind: 'sample', atMs, sample });
      }
    }
  }
  rig.tick(atMs + 6_000);
  return rig.decisions;
}

const moves = fc.array(
  fc.tuple(
    fc.constantFrom(0, 0, 0, 1, 2, 2, 2, 3, 4),
    fc.oneof(fc.integer({ min: 3_380, max: 3_900 }), fc.integer({ min: 3_620, max: 3_740 }), fc.constant(2_200)),
    fc.integer({ min: 50, max: 3_500 }),
  ),
  { minLength: 4, maxLength: 30 },
);

describe('recomputing', () => {
  it('finds every verdict again under the policy that made it, whatever came before', () => {
    let found = 0;
    fc.assert(
      fc.property(moves, fc.constantFrom(220, 50, 360), fc.boolean(), (given, ambient, confirmHigh) => {
        const policy = { ...defaultPolicy, confirmHigh };
        for (const decision of decisions(given, ambient, policy)) {
          const entry = entryOf(decision, ambient);
          const now = recompute(entry, policy);
          if (typeof now === 'string') continue;
          found += 1;
          expect([now.verdict, now.reason]).toEqual([entry.verdict, entry.reason]);
        }
      }),
      { numRuns: 600, seed: 20_261_124 },
    );
    // A test that recomputed next to nothing would say nothing.
    expect(found).toBeGreaterThan(1_500);
  });

  const entryWith = (
    document: Parameters<typeof policyOf>[0],
    ambient: number,
    given: readonly (readonly [number, number, number])[],
  ) => {
    const policy = policyOf(document, 0);
    const last = decisions(given, ambient, defaultPolicy).at(-1);
    if (last === undefined) throw new Error('nothing was decided');
    const now = recompute(entryOf(last, ambient), policy);
    return [
      `${last.verdict} ${last.reason}`,
      typeof now === 'string' ? now : `${now.verdict} ${now.reason} ${now.shownTenths}`,
    ];
  };
  const tapA = [0, 3_600, 100] as const;
  it.each<
    [string, Parameters<typeof policyOf>[0], number, readonly (readonly [number, number, number])[], string, string]
  >([
    [
      'a lower fever line',
      { feverC: 37.0, borderlineC: 37.0 },
      220,
      [tapA, [2, 3_700, 100]],
      'admit borderline',
      'refer fever 370',
    ],
    ['a higher fever line', { feverC: 37.5 }, 220, [tapA, [2, 3_730, 100]], 'refer fever', 'admit borderline 373'],
    ['a narrower spread', { spreadC: 0.05 }, 220, [tapA, [2, 3_650, 100]], 'admit normal', 'again unstable null'],
    ['a wider spread', { spreadC: 1 }, 220, [tapA, [3, 3_600, 4_000]], 'again unstable', 'admit normal 363'],
    ['a wider range', { rangeMinC: 33.5, lowC: 35 }, 220, [tapA, [2, 3_380, 4_000]], 'again invalid', 'again low 339'],
    ['a lower low line', { lowC: 34.5 }, 220, [tapA, [2, 3_480, 100]], 'again low', 'admit normal 348'],
    ['a milder cold', { ambientMinC: 10 }, 120, [tapA, [2, 3_640, 100]], 'again rise', 'admit normal 364'],
    [
      'a longer freshness',
      { freshMs: 4_000 },
      220,
      [
        [2, 3_650, 100],
        [0, 3_600, 3_000],
      ],
      'again stale',
      'admit normal 365',
    ],
    [
      'a shorter freshness',
      { freshMs: 500 },
      220,
      [
        [2, 3_650, 100],
        [0, 3_600, 1_500],
      ],
      'admit normal',
      'again stale null',
    ],
    [
      'a confirmation of high values',
      { confirmHigh: 'on' },
      220,
      [tapA, [2, 3_740, 100]],
      'refer fever',
      'again confirm-high 374',
    ],
  ])('%s', (_case, document, ambient, given, was, now) => {
    expect(entryWith(document, ambient, given)).toEqual([was, now]);
  });

  it('leaves alone what no reading decides, and never admits a card that nobody knows', () => {
    const { readings, ...rest } = admission();
    const deny = { ...rest, readings, verdict: 'deny', reason: 'order-isolation', shownTenths: null } as const;
    expect(recompute(deny, defaultPolicy)).toBe('no-reading-decides');
    expect(recompute({ ...rest, readings, verdict: 'trouble', reason: 'device-lost' }, defaultPolicy)).toBe(
      'no-reading-decides',
    );
    const low = { ...admission({ personId: null, verdict: 'again', reason: 'low', shownTenths: 365 }) };
    expect(recompute(low, defaultPolicy)).toMatchObject({ verdict: 'hold', reason: 'unknown-card' });
  });

  it('says of an older entry without its window that it cannot tell', () => {
    const old = admission({ verdict: 'again', reason: 'unstable', shownTenths: null, readings: [] });
    expect(recompute(old, defaultPolicy)).toBe('not-held');
  });
});

describe('lines', () => {
  const policy = policyOf({ feverC: 37.0, borderlineC: 36.5 }, 0);
  const body = admission({ shownTenths: 371 });
  const warm = { ...body, readings: body.readings.map((one) => ({ ...one, centiCelsius: 3_710 })) };
  const envelope = pageWriter()(warm);
  const line = { was: 'admit', reasonWas: 'normal', now: 'refer', reasonNow: 'fever', shownC: '37.1' };

  it('are read as envelopes, as entries beside their id, and bare', () => {
    const entry: unknown = JSON.parse(envelope.bytes);
    const { entryId } = envelope;
    expect(recomputeLine(JSON.stringify(envelope), policy)).toEqual({ kind: 'changed', line: { entryId, ...line } });
    expect(recomputeLine(JSON.stringify({ entryId, body: entry }), policy)).toMatchObject({ line: { entryId } });
    expect(recomputeLine(JSON.stringify({ entryId, ...(entry as object) }), policy)).toMatchObject({
      line: { entryId },
    });
    expect(recomputeLine(JSON.stringify(entry), policy)).toEqual({ kind: 'changed', line: { entryId: null, ...line } });
  });

  it('of another kind are passed over, and broken ones are told', () => {
    const shift = pageWriter()({ kind: 'shift', staffId: 'g1', change: 'in' });
    expect(recomputeLine(JSON.stringify(shift), policy)).toEqual({ kind: 'other' });
    for (const text of ['{', '[]', '7', '{"bytes":"{"}', '{"kind":"check"}']) {
      expect(recomputeLine(text, policy).kind).toBe('bad');
    }
  });

  describe('of a file', () => {
    let dir = '';
    let out: string[] = [];
    beforeEach(async () => {
      dir = await mkdtemp(join(tmpdir(), 'mengang-past-'));
      out = [];
      vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
      vi.spyOn(process.stderr, 'write').mockImplementation((text) => out.push(String(text)) > 0);
    });
    afterEach(async () => {
      vi.restoreAllMocks();
      await rm(dir, { recursive: true, force: true });
    });

    it('give what changes and a summary', async () => {
      const [entries, file] = [join(dir, 'entries.jsonl'), join(dir, 'policy.json')];
      await writeFile(
        entries,
        `${JSON.stringify(envelope)}\n\n${JSON.stringify(pageWriter()(admission()))}\nnot json\n`,
      );
      await writeFile(file, '{"feverC":37.0}');
      expect(await rehearsePast(entries, file)).toBe(2);
      const lines = out.map((text) => JSON.parse(text));
      expect(lines[0]).toEqual({ entryId: envelope.entryId, ...line });
      expect(lines.at(-1)).toEqual({
        summary: {
          policyVersion: 0,
          lines: 3,
          checks: 2,
          changed: 1,
          unchanged: 1,
          noReadingDecides: 0,
          notHeld: 0,
          bad: 1,
        },
      });
    });

    it('or of a policy that cannot be used give one sentence', async () => {
      await writeFile(join(dir, 'p.json'), '{"feverC":50}');
      expect(await rehearsePast(join(dir, 'none'), join(dir, 'p.json'))).toBe(2);
      expect(await rehearsePast(join(dir, 'none'), null)).toBe(2);
      expect(out).toHaveLength(2);
      expect(out[0]).toContain('feverC');
      expect(out[1]).toContain('Cannot read');
      await writeFile(join(dir, 'p.json'), '{');
      expect(await rehearsePast(join(dir, 'none'), join(dir, 'p.json'))).toBe(2);
      await writeFile(join(dir, 'p.json'), '{"freshMs":5000,"staleMs":1000}');
      expect(await rehearsePast(join(dir, 'none'), join(dir, 'p.json'))).toBe(2);
      expect(await rehearsePast(join(dir, 'none'), join(dir, 'no-policy'))).toBe(2);
      for (const sentence of out) expect(sentence).toMatch(/^\p{Script=Han}[^\n]* \| [^\n]+\n?$/u);
    });
  });
});
