// One model of every gate screen, for tests and pictures that look at the painted page. Called by test/browser/gate.
import { type Region, limits as regionLimits } from '../../src/contracts/region.ts';
import type { GateModel, Private, Screen } from '../../src/gate/model.ts';
import { wang } from './fake-station.ts';

const who = { name: wang.name, category: wang.category, unit: wang.unit };
export const secret: Private = {
  name: wang.name,
  unit: wang.unit,
  contact: wang.contact,
  shown: '37.6',
  reason: 'fever',
  cardTail: 'E9AE',
};
const refer = {
  name: 'refer',
  caseNo: 'G03-0147',
  caseState: 'raised',
  how: null,
  clinic: '卫生所',
  phone: '8120',
  secret,
} as const;
const hold = {
  name: 'hold',
  asked: false,
  regions: [],
  kind: 'unknown',
  cardTail: 'B2C3',
  rosterAsOfWallMs: Date.UTC(2026, 10, 23, 23, 40),
  secret,
} as const;

/** A list as an office keeps it. */
export const someRegions: Region[] = [
  { zh: '武汉', en: 'Wuhan' },
  { zh: '黄冈', en: 'Huanggang' },
  { zh: '温州', en: 'Wenzhou' },
  { zh: '境外某地', en: '' },
];
/** As long as it may be: 60 names of 40 characters, each another, in both languages. */
export const mostRegions: Region[] = Array.from({ length: regionLimits.regions }, (_, n) => {
  const number = String(n + 1).padStart(2, '0');
  const long = {
    zh: `${number}新疆维吾尔自治区某某自治州`.padEnd(40, '某县'),
    en: `${number} District of the county Somewhere in Hebei`,
  };
  return { zh: long.zh.slice(0, regionLimits.nameChars), en: long.en.slice(0, regionLimits.nameChars) };
});

/** The screen and the reason of the decision behind it. */
export const screens: Record<string, [Screen, string | null]> = {
  start: [{ name: 'start' }, null],
  idle: [{ name: 'idle' }, null],
  'idle, with a notice': [
    {
      name: 'idle',
      notice: {
        lang: 'zh',
        title: '进校请戴口罩',
        text: '进入校园请全程佩戴口罩，配合测温，出示本人校园卡。'.repeat(12),
      },
    },
    null,
  ],
  card: [{ name: 'card', who }, null],
  'card, watched': [{ name: 'card', who: { ...who, watchDay: 14 } }, null],
  measuring: [{ name: 'measuring', who, saving: false, handheld: true, nextWaits: true }, null],
  admit: [{ name: 'admit', who, shown: '36.5' }, 'normal'],
  again: [{ name: 'again', tries: 1, triesMax: 3, next: 'another-site' }, 'low'],
  'again by contact': [{ name: 'again', tries: 3, triesMax: 3, next: 'contact' }, 'contact-due'],
  refer: [refer, 'fever'],
  'refer, seen': [{ ...refer, caseState: 'acknowledged', how: 'nurse-comes' }, 'fever'],
  'refer, not delivered': [{ ...refer, caseState: 'undelivered' }, 'urgent'],
  deny: [
    { name: 'deny', caseNo: null, clinic: '卫生所', phone: '8120', listAgeMs: 14 * 3_600_000, secret },
    'order-isolation',
  ],
  'deny, clock unsure': [
    {
      ...{ name: 'deny', caseNo: null, clinic: '卫生所', phone: '8120', listAgeMs: 14 * 3_600_000 },
      ...{ clockUnsure: true, secret: { ...secret, reason: 'order-home' } },
    },
    'order-home',
  ],
  'hold, lost card': [{ ...hold, kind: 'lost' }, 'unknown-card'],
  'hold, unknown card': [hold, 'unknown-card'],
  'hold, visitor asked for': [{ ...hold, asked: true }, 'unknown-card'],
  'hold, no leave to return': [{ ...hold, kind: 'not-granted' }, 'return-not-granted'],
  'hold, closed campus': [{ ...hold, kind: 'closed' }, 'campus-closed'],
  'hold, questions': [{ ...hold, kind: 'questions' }, 'questions-due'],
  'hold, questions with regions': [{ ...hold, kind: 'questions', regions: someRegions }, 'questions-due'],
  'hold, questions with most regions': [{ ...hold, kind: 'questions', regions: mostRegions }, 'questions-due'],
  trouble: [
    { name: 'trouble', fault: 'thermometer', code: 'E-21', forMs: 12_000, deviceId: 't-1', hasPerson: true },
    'device-lost',
  ],
  'trouble, bridge': [
    { name: 'trouble', fault: 'bridge', code: 'E-40', forMs: 190_000, deviceId: null, hasPerson: false },
    null,
  ],
  'not saved': [{ name: 'not-saved', wallMs: Date.UTC(2026, 10, 23, 23, 45), secret }, 'normal'],
  'second page': [{ name: 'second-page' }, null],
};

/** A calm day: everything online, nobody beside the lane. */
export function modelOf(name: string, more: Partial<GateModel> = {}): GateModel {
  const found = screens[name];
  if (found === undefined) throw new Error(`no screen called ${name}`);
  const [screen, reason] = found;
  return {
    screen,
    reason,
    saved: screen.name === 'not-saved' ? 'none' : 'saved',
    card: 'uid:010063E9AE',
    direction: 'in',
    stripes: [],
    chips: [],
    undoMs: null,
    dim: false,
    shift: 'none',
    header: {
      wallMs: Date.UTC(2026, 10, 23, 23, 45),
      lane: '北门 1 号道',
      simulated: true,
      hub: 'online',
      queue: 0,
      today: 1_280,
      onDuty: null,
    },
    ...more,
  };
}
