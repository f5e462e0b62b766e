// Who may do what, as one table with its reasons. Called by the routes before anything else.
import { campusAllows, isOwn, type Role, type Scope, type Target } from '../src/domain/staff.ts';

export type { Role, Scope, Target } from '../src/domain/staff.ts';
export { roles } from '../src/domain/staff.ts';

/** `all` may do it for anybody, `own` for what their scopes cover. `why` is for who reads this table. */
export type Rule = { why: string; changes: boolean; all: readonly Role[]; own?: readonly Role[] };

const clinic = ['nurse', 'clinic-head'] as const;
/** Those who lead the work, and the auditor: they read. */
const leaders = ['campus-lead', 'auditor'] as const;
/** Those who answer for students or for a unit: each for their own. */
const line = ['counsellor', 'class-teacher', 'party-secretary', 'unit-head'] as const;

export const operations = {
  // Cases: medical, so the clinic's, and for the auditor to read; whoever runs the machines may see that they arrive.
  'referral.read': { why: 'cases are medical', changes: false, all: [...clinic, 'admin', 'auditor'] },
  'referral.step': { why: 'a case is stepped on by who treats it', changes: true, all: [...clinic, 'admin'] },
  'feed.clinic': { why: 'the live board of cases', changes: false, all: [...clinic, 'admin', 'auditor'] },
  'unmeasured.read': {
    why: 'a forced passage is told to security at once and found by who keeps the records',
    changes: false,
    all: [...clinic, 'security', 'duty-office', 'office', 'admin', ...leaders],
  },

  // Orders: the clinic, or the office on its plain form (R4 to R6). Only the clinic ends isolation.
  'order.read': {
    why: 'who gives, executes or answers for an order',
    changes: false,
    all: [...clinic, 'office', 'student-affairs', 'personnel', 'admin', ...leaders],
    own: ['dorm-manager', ...line],
  },
  'order.change': { why: 'the clinic, or the office by its form', changes: true, all: [...clinic, 'office', 'admin'] },
  'order.release': { why: 'isolation ends when a nurse signs', changes: true, all: clinic },

  // Roster, presence and cards (R21, R22).
  'roster.read': {
    why: 'who works with the whole roster',
    changes: false,
    all: ['office', 'student-affairs', 'personnel', 'admin', 'auditor'],
  },
  'roster.import': { why: 'replaces everybody', changes: true, all: ['office', 'admin'] },
  'person.search': {
    why: 'who must find a person by name',
    changes: false,
    all: [...clinic, 'office', 'student-affairs', 'personnel', 'duty-office', 'security', 'admin', ...leaders],
    own: ['dorm-manager', ...line],
  },
  'person.update': {
    why: 'whereabouts, presence and leave: student affairs and personnel for theirs, the line for its own',
    changes: true,
    all: ['office', 'student-affairs', 'personnel'],
    own: line,
  },
  'card.change': { why: 'lost and re-issued cards', changes: true, all: ['office', 'admin'] },

  // At the gate, decided by name from afar.
  'hold.read': {
    why: 'who decides, and who is asked when nobody does',
    changes: false,
    all: ['student-affairs', 'security', 'duty-office', 'office', ...leaders],
    own: line,
  },
  'hold.decide': {
    why: 'student affairs, the counsellor for own students, security for visitors, a unit for its own visitors (R21)',
    changes: true,
    all: ['student-affairs', 'security'],
    own: ['counsellor', 'unit-head'],
  },
  'visitor.read': {
    why: 'who approves, and who answers for the gates',
    changes: false,
    all: ['security', 'duty-office', 'office', ...leaders],
    own: ['unit-head'],
  },
  'visitor.approve': { why: 'the host unit or security (R15)', changes: true, all: ['security'], own: ['unit-head'] },
  'supplies.read': {
    why: 'masks and thermometers that run short are for logistics',
    changes: false,
    all: ['logistics', 'office', 'duty-office', 'admin', ...leaders],
  },

  // Rounds of dormitories and classes (R3, R13).
  'rounds.read': {
    why: 'who enters rounds, and who follows them up',
    changes: false,
    all: [...clinic, 'office', 'student-affairs', 'admin', ...leaders],
    own: ['dorm-manager', ...line],
  },
  'rounds.write': {
    why: 'a dorm manager for the own buildings, a class teacher for the own class',
    changes: true,
    all: [],
    own: ['dorm-manager', 'class-teacher'],
  },
  'rounds.missing': {
    why: 'logistics and the leading group for all, the line for its own',
    changes: false,
    all: ['office', 'logistics', 'student-affairs', 'admin', ...leaders],
    own: ['dorm-manager', ...line],
  },

  // Notices and hotline (R18).
  'notice.read': {
    why: 'for everybody who is signed in',
    changes: false,
    all: [
      ...['guard', 'dorm-manager', ...clinic, ...line, 'student-affairs', 'personnel', 'duty-office'],
      ...['security', 'logistics', 'office', 'admin', ...leaders],
    ] as Role[],
  },
  'notice.publish': { why: 'one voice', changes: true, all: ['office', 'admin'] },
  'regions.change': {
    why: "the list for the travel question is the office's (R5)",
    changes: true,
    all: ['office', 'admin'],
  },

  // The rules and the machines.
  'policy.read': { why: 'who changes it or checks by it', changes: false, all: ['clinic-head', 'admin', ...leaders] },
  'policy.write': { why: 'one hand', changes: true, all: ['admin'] },
  'campus.mode': { why: 'one hand', changes: true, all: ['admin'] },
  'faults.read': { why: 'who looks after the records', changes: false, all: ['office', 'admin', 'auditor'] },
  'drift.read': {
    why: 'who looks after instruments, and who rests on them',
    changes: false,
    all: [...clinic, 'office', 'admin', ...leaders],
  },
  'station.read': {
    why: 'who looks after stations',
    changes: false,
    all: ['office', 'security', 'admin', 'auditor'],
  },
  'station.manage': { why: 'a station may write records', changes: true, all: ['admin'] },

  // Staff, and who read whose data.
  'staff.read': { why: 'who manages staff, or checks it', changes: false, all: ['admin', 'auditor'] },
  'staff.manage': { why: 'one hand', changes: true, all: ['admin'] },
  'reads.read': { why: 'a log is worth what its readers are', changes: false, all: ['admin', 'auditor'] },
} as const satisfies Record<string, Rule>;
export type Operation = keyof typeof operations;

/** Who acts, as far as rights go. */
export type Doer = { role: Role; scopes: readonly Scope[] };

/** `all`: for anybody; `own`: for what the scopes cover; null: not at all. */
export function reachOf(role: Role, operation: Operation): 'all' | 'own' | null {
  const rule: Rule = operations[operation];
  if (rule.all.includes(role)) return 'all';
  return rule.own?.includes(role) === true ? 'own' : null;
}

/** Whether the role may do this at all, be it only for its own. */
export function mayDo(role: Role, operation: Operation): boolean {
  return reachOf(role, operation) !== null;
}

/** All that the role may do, be it only for its own: what its pages show follows from this. */
export function operationsOf(role: Role): Operation[] {
  const all = Object.keys(operations) as Operation[];
  return all.filter((operation) => mayDo(role, operation));
}

/** Whether this member of staff may do it to this target; a list is filtered by the same question. */
export function mayDoFor({ role, scopes }: Doer, operation: Operation, target: Target): boolean {
  const reach = reachOf(role, operation);
  if (reach === null) return false;
  return reach === 'all' ? campusAllows(scopes, target) : isOwn(scopes, target);
}
