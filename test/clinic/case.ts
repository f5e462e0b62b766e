// A referral for the clinic's tests with whatever a test wants different.
import type { Referral } from '../../src/contracts/clinic.ts';
import type { UnmeasuredRow } from '../../src/contracts/unmeasured.ts';

export const hubStart = Date.UTC(2026, 10, 24, 0, 0, 0);

export function caseId(n: number): string {
  return `0190a000-0000-7000-8000-${String(n).padStart(12, '0')}`;
}

export function aCase(n: number, change: Partial<Referral> = {}): Referral {
  return {
    caseId: caseId(n),
    caseNo: `G01-${String(n).padStart(4, '0')}`,
    version: 1,
    state: 'raised',
    station: { id: 'st-000000000001', name: '北门 1 道' },
    person: {
      personId: `p-${n}`,
      name: '王小明',
      category: 'student',
      unit: '计算机学院',
      room: '4-402',
      contact: '李老师 8120',
    },
    reason: 'fever',
    shownTenths: 375,
    readings: [],
    evidence: [],
    receivedAtMs: hubStart,
    passageWallMs: hubStart - 400,
    late: false,
    acknowledgedAtMs: null,
    acknowledgedBy: null,
    how: null,
    arrivedAtMs: null,
    reMeasured: null,
    disposition: null,
    closedAtMs: null,
    ...change,
  };
}

export function aPassage(n: number, change: Partial<UnmeasuredRow> = {}): UnmeasuredRow {
  return {
    entryId: caseId(n),
    station: { id: 'st-000000000001', name: '北门 1 道' },
    ...{ cause: 'forced', times: 1, openMs: null, atWallMs: hubStart, receivedAtMs: hubStart },
    ...change,
  };
}

export function contactReading(centiCelsius: number): Referral['evidence'][number] {
  return {
    centiCelsius,
    site: 'axillary',
    mode: 'contact',
    method: 'contact',
    manual: true,
    typedBy: 'guard-1',
    deviceId: 'keypad',
    offsetCentiCelsius: 0,
    ageMs: 0,
    samples: [],
  };
}
