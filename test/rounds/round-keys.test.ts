// The keyboard of a dorm round: three digits and Enter a bed, nothing lost, nothing entered for the wrong bed.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../src/domain/reading.ts';
import { inputOf } from '../../src/rounds/keyboard.ts';
import {
  firstKeys,
  type Judged,
  type KeyEffect,
  type KeyFacts,
  type KeyInput,
  type KeyState,
  pressed,
} from '../../src/rounds/round-keys.ts';

const judge = (tenths: number): Judged =>
  tenths < 340 || tenths > 420
    ? 'invalid'
    : tenths < 350
      ? 'low'
      : tenths >= 380
        ? 'urgent'
        : tenths >= 373
          ? 'fever'
          : tenths >= 370
            ? 'borderline'
            : 'normal';

/** Four rooms of two beds; what was marked is no longer due. */
function makeRound(given: Partial<KeyFacts> = {}) {
  const all = ['101-1', '101-2', '102-1', '102-2', '103-1', '103-2'];
  const done = new Set<string>();
  const effects: KeyEffect[] = [];
  let state: KeyState = { ...firstKeys, at: '101-1' };
  const facts = (): KeyFacts => ({
    beds: all
      .filter((id) => !(given.onlyDue ?? true) || !done.has(id) || id === state.at)
      .map((personId) => ({ personId, room: personId.slice(0, 3) })),
    isDue: (id) => !done.has(id),
    onlyDue: true,
    judge,
    byCard: (cards) => (cards.includes('printed:0001234567') ? '103-2' : null),
    needsReason: false,
    undo: null,
    secondDue: [],
    symptoms: ['fever', 'dry-cough'],
    lateReasons: ['device', 'came-late'],
    ...given,
  });
  const press = (input: KeyInput) => {
    const step = pressed(state, input, facts());
    state = step.state;
    for (const effect of step.effects) {
      effects.push(effect);
      if (effect.do === 'absence' || (effect.do === 'mark' && judge(effect.tenths) !== 'low'))
        done.add(effect.personId);
    }
  };
  const type = (keys: string) => {
    for (const key of keys.split(' ').flatMap((word) => (/^\d+$/.test(word) ? [...word] : [word]))) {
      const input = inputOf({ key, ctrlKey: false, metaKey: false, altKey: false });
      if (input) press(input);
    }
  };
  const marks = () =>
    effects.flatMap((one) => (one.do === 'mark' ? [[one.personId, one.tenths]] : [])) as [string, number][];
  const tones = () => effects.flatMap((one) => (one.do === 'tone' ? [one.tone] : []));
  return { press, type, marks, tones, effects, state: () => state };
}

describe('three digits and Enter', () => {
  it('are 36.4 and the next bed, down to the last one', () => {
    const round = makeRound();
    round.type('364 Enter 365 Enter 366 Enter 367 Enter 368 Enter 369 Enter');
    expect(round.marks()).toEqual([
      ['101-1', 364],
      ['101-2', 365],
      ['102-1', 366],
      ['102-2', 367],
      ['103-1', 368],
      ['103-2', 369],
    ]);
    expect(round.state()).toMatchObject({ at: '103-2', typed: '' });
  });

  it.each([
    ['36', 'digits'],
    ['3644', 'digits'],
    ['339', 'range'],
    ['421', 'range'],
    ['', 'digits'],
  ])('%s does not advance: it shakes and sounds', (typed, why) => {
    const round = makeRound();
    round.type(`${typed} Enter`);
    expect(round.marks()).toEqual([]);
    expect(round.state()).toMatchObject({ at: '101-1', why, refusals: 1 });
    expect(round.tones()).toEqual(['again']);
    round.type('364 Enter');
    expect(round.marks()).toEqual([['101-1', 364]]);
  });

  it.each([
    [340, 'again', '101-1'],
    [349, 'again', '101-1'],
    [350, 'tick', '101-2'],
    [372, 'tick', '101-2'],
    [373, 'refer', '101-2'],
    [420, 'refer', '101-2'],
  ])('%i sounds %s and leads to %s', (tenths, tone, at) => {
    const round = makeRound();
    round.type(`${tenths} Enter`);
    expect(round.tones()).toEqual([tone]);
    expect(round.marks()).toEqual([['101-1', tenths]]);
    expect(round.state().at).toBe(at);
  });

  it('starts again at the top after the last bed, for those passed over', () => {
    const round = makeRound();
    round.type('ArrowDown 364 Enter 365 Enter 366 Enter 367 Enter 368 Enter');
    expect(round.state().at).toBe('101-1');
  });

  it('goes on in the order of the walk when all are shown', () => {
    const round = makeRound({ onlyDue: false });
    round.type('364 Enter ArrowUp 365 Enter 366 Enter');
    expect(round.marks()).toEqual([
      ['101-1', 364],
      ['101-1', 365],
      ['101-2', 366],
    ]);
  });

  it('any sequence of good values is entered whole and in order, whatever wrong keys lie between', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.integer({ min: 350, max: 372 }),
            fc.constantFrom('', '36 Enter', '12 Backspace Backspace', '999 Enter'),
          ),
          {
            minLength: 6,
            maxLength: 6,
          },
        ),
        (rows) => {
          const round = makeRound();
          for (const [value, noise] of rows) round.type(`${noise} ${value} Enter`.trim());
          expect(round.marks().map(([, tenths]) => tenths)).toEqual(rows.map(([value]) => value));
          expect(new Set(round.marks().map(([id]) => id)).size).toBe(6);
        },
      ),
    );
  });
});

describe('other keys', () => {
  it('arrows walk beds and rooms and carry no value along', () => {
    const round = makeRound();
    round.type('36 ArrowRight');
    expect(round.state()).toMatchObject({ at: '102-1', typed: '' });
    round.type('ArrowDown ArrowDown ArrowLeft');
    expect(round.state().at).toBe('102-1');
    round.type('ArrowLeft ArrowLeft ArrowUp');
    expect(round.state().at).toBe('101-1');
  });

  it('F2, F4 and F6 are leave, absent and at the clinic', () => {
    const round = makeRound();
    round.type('F2 F4 F6');
    expect(round.effects.filter((one) => one.do === 'absence')).toEqual([
      { do: 'absence', personId: '101-1', reason: 'leave' },
      { do: 'absence', personId: '101-2', reason: 'not-in-room' },
      { do: 'absence', personId: '102-1', reason: 'at-clinic' },
    ]);
  });

  it('F7 and F8 ask which symptoms, and refer only with one; Escape leaves both', () => {
    const round = makeRound();
    round.type('F7 Enter');
    expect(round.state()).toMatchObject({ panel: 'symptoms', refusals: 1 });
    round.type('2 1 2 2 Enter');
    expect(round.effects).toContainEqual({ do: 'symptoms', personId: '101-1', symptoms: ['fever', 'dry-cough'] });
    round.type('F8 1 Escape F8 Enter');
    expect(round.effects.filter((one) => one.do === 'symptoms')).toHaveLength(1);
    round.type('1 Enter');
    expect(round.effects).toContainEqual({ do: 'symptoms', personId: '101-2', symptoms: ['fever'] });
    expect(round.tones()).toEqual(['again', 'refer', 'again', 'refer']);
  });

  it('F9 takes the second reading of whoever is due, and only F9 does', () => {
    const round = makeRound({ secondDue: ['102-2'] });
    round.type('F9 378 Enter');
    expect(round.effects).toContainEqual({ do: 'second', personId: '102-2', tenths: 378 });
    expect(round.marks()).toEqual([]);
  });

  it('a card leads to its bed; an unknown one sounds', () => {
    const round = makeRound();
    round.press({ on: 'card', cards: ['printed:0001234567', 'uid:0001234567'] });
    expect(round.state().at).toBe('103-2');
    round.press({ on: 'card', cards: ['printed:999'] });
    expect(round.state()).toMatchObject({ at: '103-2', why: 'card' });
  });

  it('undo goes back to the bed that it undoes', () => {
    const round = makeRound({ undo: { entryId: 'e1', personId: '103-1' } });
    round.press({ on: 'undo' });
    expect(round.state().at).toBe('103-1');
    expect(round.effects[0]).toEqual({ do: 'undo', entryId: 'e1' });
    const none = makeRound();
    none.press({ on: 'undo' });
    expect(none.state().why).toBe('nothing-to-undo');
  });

  it('half an hour after the window a reason is asked once, by letter, and the entry that waited is made', () => {
    const round = makeRound({ needsReason: true });
    round.type('364 Enter');
    expect(round.marks()).toEqual([]);
    expect(round.state().panel).toBe('late');
    // Typing on does not choose a reason by accident, and says so.
    round.type('365 Enter');
    expect(round.state()).toMatchObject({ panel: 'late', refusals: 4, lateReason: null });
    round.type('b');
    expect(round.marks()).toEqual([['101-1', 364]]);
    round.type('365 Enter');
    expect(round.marks()).toHaveLength(2);
    const ill = makeRound({ needsReason: true });
    ill.type('F7 2 Enter a');
    expect(ill.effects).toContainEqual({ do: 'symptoms', personId: '101-1', symptoms: ['dry-cough'] });
  });
});

describe('a reading of the thermometer', () => {
  const reading = (centiCelsius: number, given: Partial<Reading> = {}): Reading => ({
    ...{ centiCelsius, site: 'forehead', mode: 'forehead', method: 'infrared', manual: false, typedBy: null },
    ...{ endedAtMs: 0, samples: [], ...given },
  });
  const hear = (round: ReturnType<typeof makeRound>, one: Reading) => round.press({ on: 'reading', reading: one });

  it('is shown for the bed at hand in tenths, and entered with its source by Enter alone', () => {
    const round = makeRound();
    const one = reading(3645);
    hear(round, one);
    expect(round.state()).toMatchObject({ at: '101-1', typed: '365', reading: one });
    expect(round.effects).toEqual([]);
    round.type('Enter');
    expect(round.effects[0]).toEqual({ do: 'mark', personId: '101-1', tenths: 365, reading: one });
    expect(round.state()).toMatchObject({ at: '101-2', typed: '', reading: null });
  });

  it('gives way to a digit, to a further reading, and to another bed; what is typed then is no reading', () => {
    const round = makeRound();
    hear(round, reading(3650));
    round.type('3');
    expect(round.state()).toMatchObject({ typed: '3', reading: null });
    hear(round, reading(3660));
    hear(round, reading(3670));
    expect(round.state().typed).toBe('367');
    round.type('ArrowDown');
    expect(round.state()).toMatchObject({ at: '101-2', typed: '', reading: null });
    hear(round, reading(3680));
    round.type('Backspace');
    expect(round.state()).toMatchObject({ typed: '', reading: null });
    round.type('364 Enter');
    expect(round.effects).toContainEqual({ do: 'mark', personId: '101-2', tenths: 364 });
  });

  it('a low one is kept and serves once; a fever refers', () => {
    const round = makeRound();
    hear(round, reading(3480));
    round.type('Enter Enter');
    expect(round.marks()).toEqual([['101-1', 348]]);
    expect(round.state()).toMatchObject({ at: '101-1', typed: '', why: 'digits' });
    hear(round, reading(3760));
    round.type('Enter');
    expect(round.marks()).toEqual([
      ['101-1', 348],
      ['101-1', 376],
    ]);
    expect(round.tones()).toEqual(['again', 'again', 'refer']);
  });

  it.each([
    ['out of range', reading(4310), 'range', ''],
    ['by infrared in place of the second, contact one', reading(3780), 'contact-only', 'F9'],
    ['while a panel covers the bed', reading(3650), 'covered', '/'],
  ])('%s is refused aloud and enters nothing', (_, one, why, keys) => {
    const round = makeRound({ secondDue: ['102-2'] });
    if (keys !== '') round.type(keys);
    hear(round, one);
    expect(round.state()).toMatchObject({ why, reading: null, typed: '' });
    expect(round.tones()).toEqual(['again']);
  });

  it('by contact is the second reading of a fever', () => {
    const round = makeRound({ secondDue: ['102-2'] });
    const one = reading(3784, { method: 'contact', mode: 'contact', site: 'axillary' });
    round.type('F9');
    hear(round, one);
    round.type('Enter');
    expect(round.effects).toContainEqual({ do: 'second', personId: '102-2', tenths: 378, reading: one });
  });

  it('that nobody entered goes, aloud; a typed value stays', () => {
    const round = makeRound();
    round.type('36');
    round.press({ on: 'expire' });
    expect(round.state().typed).toBe('36');
    hear(round, reading(3650));
    round.press({ on: 'expire' });
    expect(round.state()).toMatchObject({ typed: '', reading: null, why: 'old' });
    expect(round.tones()).toEqual(['again']);
  });
});
