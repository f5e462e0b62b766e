// The guard's own panels in a real Chromium at 1080 × 1920, in both languages: shift by card, handover, the desk, whom to call, what
// to do with a fever, taking back an admission, two physical keys, and the public face.
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { page } from 'vitest/browser';
import '../../../src/ui/tokens.css';
import '../../../src/gate/gate.css';
import '../../../src/gate/visitors/visitors.css';
import { handKeysName } from '../../../src/domain/hand-keys.ts';
import type { Chip } from '../../../src/gate/model.ts';
import { language, languages } from '../../../src/i18n/define.ts';
import { gateTexts } from '../../../src/i18n/texts.ts';
import { createFakeStation, thermometer } from '../../kit/fake-station.ts';
import { modelOf, screens } from '../../kit/gate-models.ts';
import { axeFaults } from '../axe.ts';
import { faultsOf, frame, type Painted, paintGate, wait } from './kit.ts';

let at: Painted | null = null;
beforeAll(() => page.viewport(frame.width, frame.height));
afterEach(() => {
  at?.wipe();
  at = null;
  language.value = 'zh';
  localStorage.removeItem(handKeysName);
});

const chip = (card: string, kind: Chip['kind'] = 'again'): Chip => ({
  ...{ card, kind, mark: card, forMs: 125_000, caseState: null },
});
const zhao = { staffId: 's-1', name: '赵师傅', sinceWallMs: 1 };
const aCase = (n: number) =>
  ({
    topic: 'case',
    caseId: `00000000-0000-7000-8000-00000000000${n}`,
    station: 'st-1',
    state: n === 9 ? 'arrived' : 'raised',
    how: null,
    by: null,
    disposition: null,
    version: 1,
    delivered: true,
    caseNo: `G03-014${n}`,
    card: null,
    personId: 'p-1',
    wallMs: 1,
  }) as const;

/** A busy evening: two posts, seven open cases, a thermometer in trouble, many guards. */
function busy() {
  const station = createFakeStation();
  station.set({
    posts: { duty: zhao, prevention: { ...zhao, staffId: 's-3', name: '欧阳建国师傅' } },
    signedIn: zhao,
    guards: Array.from({ length: 14 }, (_, n) => ({
      staffId: `s-${n + 1}`,
      name: n === 2 ? '欧阳建国师傅' : `赵师傅${n}`,
    })),
    cases: new Map([1, 2, 3, 4, 5, 6, 7, 9].map((n) => [aCase(n).caseId, aCase(n)])),
    devices: [{ ...thermometer, state: 'absent', code: 'E-21' }],
    shiftCounts: { admit: 1_218, again: 64, refer: 7, deny: 3, hold: 12, trouble: 1 },
    phones: {
      ...{ hotline: '010-61392025', psychology: '400-161-9995', psychologyLink: '', security: '8110' },
      ...{ dutyOffice: '8000', studentAffairs: '' },
    },
  });
  return station;
}

const ways: [string, string[]][] = [
  ['shift', ['footer-shift']],
  ['names', ['footer-shift', 'guards-more']],
  ['handover', ['footer-shift', 'guard-s-2']],
  ['handover, PIN', ['footer-shift', 'guard-s-2', 'take-case', 'take-rest', 'note-crowded']],
  ['PIN', ['footer-shift', 'post-prevention', 'guard-s-1']],
  ['desk', ['footer-more']],
  ['call', ['footer-more', 'to-call']],
  ['care', ['footer-more', 'to-care']],
  ['handheld', ['footer-handheld']],
  ['opening', ['footer-opening']],
];
const everyWay = languages.flatMap((which) => ways.map(([name, path]) => [name, which, path] as const));

describe('the guard’s panels', () => {
  it.each(everyWay)('"%s" in %s: nothing cut off, targets of 112 px, axe-clean', async (_name, which, path) => {
    language.value = which;
    at = paintGate(
      modelOf('idle', {
        chips: [chip('A'), chip('B', 'hold')],
        stripes: [{ tone: 'dark', key: 'stripe.offline', params: { n: 128, waitsMs: 9_000_000, ageMs: 9_000_000 } }],
      }),
      busy(),
    );
    await at.press(...path);
    await wait(30);
    expect(faultsOf(at.root)).toEqual([]);
    expect(await axeFaults(document)).toEqual([]);
  });

  it('sign in by the card that is laid down and the PIN on a keyboard, at the post that was chosen', async () => {
    at = paintGate(modelOf('idle'));
    const signed: unknown[] = [];
    const { signIn } = at.station;
    at.station.signIn = (...how) => {
      signed.push(how);
      return signIn(...how);
    };
    await at.press('footer-shift', 'post-prevention');
    at.station.guardCard('s-2');
    await wait(0);
    expect(at.find('shift').textContent).toContain('钱师傅 的 PIN');
    for (const digit of '25809') await at.key(`Digit${digit}`, digit);
    await at.key('Backspace');
    // The card still lies on the reader.
    at.station.guardCard('s-2');
    await wait(0);
    expect(at.find('pin').textContent).toBe('●●●●');
    await at.key('NumpadEnter', 'Enter');
    await wait(20);
    expect(signed).toEqual([['s-2', '2580', 'prevention', true]]);
    expect(at.has('shift')).toBe(false);
    expect(at.station.state().posts).toMatchObject({ duty: null, prevention: { staffId: 's-2' } });
    expect(at.reported).toEqual([]);
  });

  it('hand over only with every open case taken, with counts, notes and the card of who goes', async () => {
    const station = busy();
    at = paintGate(modelOf('idle', { chips: [chip('A', 'hold'), chip('B', 'refer')] }), station);
    await at.press('footer-shift', 'guard-s-2');
    expect(at.find('shift').textContent).toContain('赵师傅 → 赵师傅1');
    expect(at.find('count-admit').textContent).toBe('1218');
    expect(at.find('handover-next')).toHaveProperty('disabled', true);
    expect(at.find('handover-note').textContent).toBe('还有 7 个没有接手');
    expect(at.root.textContent).not.toContain('王小明');
    for (const one of at.root.querySelectorAll<HTMLElement>('[data-testid="take-case"]')) one.click();
    await at.press('take-rest', 'note-equipment');
    station.guardCard('s-1');
    await wait(0);
    expect(at.find('handover-note').textContent).toBe('交班人已刷卡');
    await at.press('handover-next', 'keypad-2', 'keypad-5', 'keypad-8', 'keypad-0', 'keypad-enter');
    await wait(20);
    expect(at.reported).toEqual([
      {
        kind: 'handover',
        roster: 'duty',
        from: 's-1',
        to: 's-2',
        fromPresent: true,
        sinceWallMs: 1,
        counts: { admit: 1_218, again: 64, refer: 7, deny: 3, hold: 12, trouble: 1 },
        cases: [1, 2, 3, 4, 5, 6, 7].map((n) => aCase(n).caseId),
        waiting: 1,
        devices: ['E-21'],
        notes: ['equipment'],
      },
    ]);
    expect(station.state().posts.duty).toMatchObject({ staffId: 's-2' });
  });

  it('hand over nothing when the PIN is wrong', async () => {
    const station = busy();
    station.set({ cases: new Map() });
    at = paintGate(modelOf('idle'), station);
    await at.press('footer-shift', 'guard-s-2', 'handover-next');
    await at.press('keypad-1', 'keypad-1', 'keypad-1', 'keypad-1', 'keypad-enter');
    await wait(20);
    expect(at.find('shift-note').textContent).toBe('PIN 不对');
    expect(at.reported).toEqual([]);
    expect(station.state().posts.duty).toMatchObject({ staffId: 's-1' });
  });

  it('tell what runs short in one tap, and a forced passage after a hold', async () => {
    at = paintGate(modelOf('idle', { card: null }), busy());
    await at.press('footer-more', 'short-mask');
    await wait(10);
    expect(at.find('desk-note').textContent).toBe('已上报');
    expect(at.has('desk-refuse')).toBe(false);
    await at.hold('desk-forced', 700);
    expect(at.reported).toHaveLength(1);
    await at.hold('desk-forced', 1_100);
    expect(at.reported).toEqual([
      { kind: 'supplies-short', item: 'mask', by: 's-1' },
      {
        ...{ kind: 'unmeasured-entry', cause: 'forced', direction: 'in', deviceId: 'guard' },
        openMs: null,
        times: 1,
        seenBy: 's-1',
      },
    ]);
  });

  it('say that something is reported once it is kept, and not before', async () => {
    let keep = (): void => undefined;
    at = paintGate(
      modelOf('idle', { card: null }),
      busy(),
      new Promise<void>((resolve) => {
        keep = resolve;
      }),
    );
    await at.press('footer-more', 'short-mask');
    await wait(10);
    expect(at.reported).toHaveLength(1);
    expect(at.find('desk-note').textContent).toBe('');
    keep();
    await wait(10);
    expect(at.find('desk-note').textContent).toBe('已上报');
  });

  it('refuse and leave speak of who stands on the lane', async () => {
    at = paintGate(modelOf('measuring'));
    await at.press('footer-more', 'desk-refuse');
    await at.press('footer-more', 'desk-left');
    expect(at.calls).toEqual([
      ['refuse', 'uid:010063E9AE'],
      ['leave', 'uid:010063E9AE'],
    ]);
  });

  it('show the numbers that the hub told, and say which is not set', async () => {
    at = paintGate(modelOf('idle'), busy());
    await at.press('footer-more', 'to-call');
    expect(at.find('call').textContent).toContain('8120');
    expect(at.find('call').textContent).toContain('010-61392025');
    expect(at.find('call').textContent).toContain('学生处未设置');
    expect(at.root.querySelector('a[href^="tel:"]')).toBeNull();
    await at.key('Escape');
    expect(at.has('call')).toBe(false);
  });
});

describe('taking back an admission', () => {
  it('stands in the footer for ten seconds in place of the language', async () => {
    at = paintGate(modelOf('idle', { undoMs: 9_000 }));
    expect(at.has('footer-language')).toBe(false);
    expect(faultsOf(at.root)).toEqual([]);
    await at.press('footer-undo');
    expect(at.calls).toEqual([['undo']]);
  });
});

describe('two physical keys', () => {
  it.each([
    ['again', ['retry', 'uid:010063E9AE']],
    ['refer', ['dismiss']],
    ['deny', ['dismiss']],
    ['hold, unknown card', ['dismiss']],
    ['not saved', ['dismiss']],
    ['trouble', ['reconnect', 't-1']],
    ['hold, questions', null],
    ['idle', null],
  ])('the first acknowledges "%s" by %j', async (name, call) => {
    at = paintGate(modelOf(name));
    await at.key('NumpadEnter', 'Enter');
    expect(at.calls).toEqual(call === null ? [] : [call]);
  });

  it('the second goes round the chips', async () => {
    at = paintGate(modelOf('refer', { card: 'B', chips: [chip('A'), chip('B'), chip('C')] }));
    await at.key('NumpadAdd', '+');
    expect(at.calls).toEqual([['retry', 'C']]);
  });

  it('are those that the settings keep, and mean nothing while a panel stands', async () => {
    localStorage.setItem(handKeysName, 'F9 F10');
    at = paintGate(modelOf('again'));
    await at.key('NumpadEnter', 'Enter');
    expect(at.calls).toEqual([]);
    await at.key('F9');
    expect(at.calls).toEqual([['retry', 'uid:010063E9AE']]);
    await at.press('footer-more');
    await at.key('F9');
    expect(at.calls).toHaveLength(1);
  });
});

/** Words that tell bystanders of an illness or an order, and whatever names the person. The card screens come before any verdict. */
const telling = {
  zh: /王小明|计算机学院|李老师|13800000000|010063|E9AE|37\.6|发热|发烧|体温达到|体温异常|处置单|隔离|送医|症状|确诊|疑似|拒绝测温或/,
  en: /Wang|37\.6|E9AE|010063|fever|isolation|hospital|symptom|infect|suspect|quarantine/i,
};
const named = ['admit', 'card', 'measuring'];

describe('the public face', () => {
  it.each(
    languages.flatMap((which) =>
      Object.keys(screens)
        .filter((name) => !named.includes(screens[name]?.[0].name ?? ''))
        .map((name) => [name, which] as const),
    ),
  )('of "%s" in %s tells no name, number, reason or illness', async (name, which) => {
    language.value = which;
    // The questions themselves name what they ask for.
    const model = modelOf(name);
    const states =
      model.screen.name === 'refer'
        ? ([null, 'nurse-comes', 'escort', 'fever-clinic'] as const).map((how) => ({
            ...model,
            screen: {
              ...model.screen,
              caseState: how === null ? 'raised' : 'acknowledged',
              how,
            } as typeof model.screen,
          }))
        : [model];
    for (const one of states) {
      at?.wipe();
      at = paintGate(one);
      await wait(10);
      const asked = gateTexts.keys
        .filter((key) => key.startsWith('questions.') || (model.screen.name === 'again' && key === 'act.refuse'))
        .flatMap((key) => languages.map((each) => gateTexts.tIn(each, key)));
      const said = asked.reduce((text, question) => text.replaceAll(question, ''), at.root.textContent ?? '');
      expect(said).not.toMatch(telling.zh);
      expect(said).not.toMatch(telling.en);
      expect(document.title).not.toMatch(telling.zh);
    }
  });
});
