// The bridge's last look at holds, decisions, visitors and vehicles.
import { describe, expect, it } from 'vitest';
import type { CheckBody, Entry, EntryBody, OverrideBody, VisitorBody } from '../../src/domain/entry.ts';
import { checkMayPulse, mayPulse, type PulseBounds } from '../../src/domain/may-pulse.ts';
import {
  emptyMemory,
  limits,
  type PulseMemory,
  rememberEntry,
  rememberSignature,
} from '../../src/domain/pulse-memory.ts';

const head = { v: 1, station: 's', wallMs: 0, monoMs: 0, hubOffsetMs: null, day: '2020-03-01', onDuty: 'g1' } as const;
const admits: CheckBody = {
  kind: 'check',
  passageId: 'p1',
  direction: 'in',
  card: null,
  personId: 'x',
  verdict: 'admit',
  reason: 'normal',
  shownTenths: 365,
  raisesCase: false,
  caseNo: null,
  readings: [
    {
      centiCelsius: 3_650,
      site: 'axillary',
      mode: 'contact',
      method: 'contact',
      manual: true,
      typedBy: 'g1',
      deviceId: 'keypad',
      offsetCentiCelsius: 0,
      ageMs: 100,
      samples: [],
    },
  ],
  tries: 0,
  policyVersion: 1,
  ambientTenths: null,
  baselineTenths: null,
  rosterVersion: 7,
  orderDay: null,
};
const holds = (reason: CheckBody['reason']): CheckBody => ({ ...admits, verdict: 'hold', reason });
const override: OverrideBody = {
  kind: 'override',
  passageId: 'p1',
  personId: 'x',
  reason: 'return-not-granted',
  allow: true,
  how: 'telephone',
  decidedBy: '辅导员',
  by: 'g1',
  second: 'g2',
  note: 'told by telephone',
  decisionId: null,
};
const visitor: VisitorBody = {
  kind: 'visitor',
  passageId: 'p1',
  visitorId: 'v1',
  hostUnit: '后勤',
  purpose: 'repair',
  expiresDay: '2020-03-01',
  approval: 'guard',
  approvedBy: 'g2',
  by: 'g1',
};

function memoryOf(
  entries: Record<string, EntryBody>,
  signed: { staffId: string; atMs: number } | null = null,
): PulseMemory {
  let memory = signed === null ? emptyMemory : rememberSignature(emptyMemory, signed.staffId, 'p1', signed.atMs);
  for (const [id, body] of Object.entries(entries)) {
    const entry: Entry = { ...head, ...body };
    const opensAlone = checkMayPulse(entry, { ...bounds, memory }) === true;
    memory = rememberEntry(memory, id, entry, { signedIn: ['g1'], nowMs: 1_000, opensAlone });
  }
  return memory;
}
const bounds: PulseBounds = { direction: 'in', signedIn: ['g1'] };
const pulse = (body: EntryBody, memory: PulseMemory) => mayPulse({ ...head, ...body }, { ...bounds, memory });
const second = { staffId: 'g2', atMs: 500 };

describe('who was held', () => {
  it.each(['return-not-granted', 'campus-closed'] as const)('%s: nobody opens for them undecided', (reason) => {
    const memory = memoryOf({ h: holds(reason) });
    expect(pulse(admits, memory)).toMatch(/nobody decided/);
    expect(pulse({ ...admits, rosterVersion: 8 }, memory)).toBe(true);
    expect(pulse({ ...admits, passageId: 'p2' }, memory)).toBe(true);
  });

  it('an unknown card: identified, or nothing', () => {
    const memory = memoryOf({ h: holds('unknown-card') });
    expect(pulse({ ...admits, personId: null }, memory)).toMatch(/unknown/);
    expect(pulse(admits, memory)).toBe(true);
  });

  it('a signed override in the journal opens for that passage alone', () => {
    const memory = memoryOf({ h: holds('return-not-granted'), o: override }, second);
    expect(pulse({ ...admits, overrideId: 'o' }, memory)).toBe(true);
    expect(pulse({ ...admits, overrideId: 'o', passageId: 'p9' }, memory)).toMatch(/somebody else/);
    expect(pulse({ ...admits, overrideId: 'other' }, memory)).toMatch(/not in the journal/);
    expect(pulse(admits, memory)).toMatch(/nobody decided/);
  });

  it.each([
    ['nobody signed', override, null],
    ['the guard signed twice', { ...override, second: 'g1' }, { staffId: 'g1', atMs: 500 }],
    ['another than the one named signed', { ...override, second: 'g3' }, second],
    ['no reason is given', { ...override, note: '  ' }, second],
    ['the guard is not signed in', { ...override, by: 'g7' }, second],
    ['it turns the person back', { ...override, allow: false }, second],
    ['the signature is old', override, { staffId: 'g2', atMs: -limits.signatureMs }],
    ['it is about another passage', { ...override, passageId: 'p2' }, second],
  ] as const)('an override where %s opens nothing', (_why, body, signed) => {
    const memory = memoryOf({ h: holds('return-not-granted'), o: body }, signed);
    expect(pulse({ ...admits, overrideId: 'o' }, memory)).toEqual(expect.any(String));
  });

  it('a decision of the hub needs no second person here', () => {
    const hub: OverrideBody = { ...override, how: 'hub', by: null, second: null, note: '', decisionId: 'd' };
    expect(pulse({ ...admits, overrideId: 'o' }, memoryOf({ h: holds('return-not-granted'), o: hub }))).toBe(true);
  });

  it.each([
    ['a fever', { readings: [{ ...admits.readings[0], centiCelsius: 3_800 }], shownTenths: 380 }],
    ['no reading', { readings: [], shownTenths: null }],
    ['a low value', { readings: [{ ...admits.readings[0], centiCelsius: 3_390 }], shownTenths: 339 }],
    ['a refer', { verdict: 'refer', reason: 'fever' }],
  ])('no override opens for %s', (_what, change) => {
    const memory = memoryOf({ h: holds('return-not-granted'), o: override }, second);
    expect(pulse({ ...admits, overrideId: 'o', ...change } as CheckBody, memory)).toEqual(expect.any(String));
  });
});

describe('visitors', () => {
  const check: CheckBody = { ...admits, personId: null, visitorId: 'v1' };
  it('need an approval in the journal', () => {
    expect(pulse(check, memoryOf({ h: holds('unknown-card') }))).toMatch(/approval/);
    expect(pulse(check, memoryOf({ h: holds('unknown-card'), v: visitor }, second))).toBe(true);
    expect(pulse(check, memoryOf({ v: visitor }))).toMatch(/approval/);
    expect(pulse(check, memoryOf({ v: { ...visitor, approval: 'asked', approvedBy: null } }))).toMatch(/approval/);
    expect(pulse(check, memoryOf({ v: { ...visitor, approval: 'hub', approvedBy: 's1' } }))).toBe(true);
    expect(pulse({ ...check, visitorId: 'v2' }, memoryOf({ v: visitor }, second))).toMatch(/approval/);
  });
});

describe('a vehicle', () => {
  const rider = (passageId: string, change: Partial<CheckBody> = {}): CheckBody => ({
    ...admits,
    passageId,
    vehicleId: 'car',
    ...change,
  });
  const car = (...occupants: string[]): EntryBody => ({
    kind: 'vehicle',
    vehicleId: 'car',
    direction: 'in',
    occupants,
  });
  const both = { a: rider('p1'), b: rider('p2') };

  it('opens once for all who were admitted, and for nobody alone', () => {
    expect(pulse(rider('p1'), emptyMemory)).toMatch(/alone/);
    expect(pulse(car('a', 'b'), memoryOf(both))).toBe(true);
  });

  it.each([
    ['somebody is missing from the journal', car('a', 'c'), both],
    ['one is counted twice', car('a', 'a'), both],
    ['one person stands for two', car('a', 'b'), { a: rider('p1'), b: rider('p1') }],
    [
      'one was referred',
      car('a', 'b'),
      { ...both, c: rider('p3', { verdict: 'refer', reason: 'fever', raisesCase: true }) },
    ],
    ['one was denied', car('a', 'b'), { ...both, c: rider('p3', { verdict: 'deny', reason: 'order-home' }) }],
    ['one rides in another', car('a', 'b'), { a: rider('p1'), b: rider('p2', { vehicleId: 'other' }) }],
    ['one has too high a value', car('a', 'b'), { a: rider('p1'), b: rider('p2', { shownTenths: 380 }) }],
  ] as const)('stays shut when %s', (_why, body, entries) => {
    expect(pulse(body, memoryOf({ ...entries }))).toEqual(expect.any(String));
  });
});
