// Staff: the roles of R20, what a scope covers, and when a password is too weak. Called by the contracts, the hub and pages.
import { dwellingOf, unnamedBuilding } from './dwelling.ts';

export const roles = [
  'guard',
  'dorm-manager',
  'nurse',
  'clinic-head',
  'counsellor',
  'class-teacher',
  'party-secretary',
  'unit-head',
  'student-affairs',
  'personnel',
  'duty-office',
  'security',
  'logistics',
  'office',
  'campus-lead',
  'auditor',
  'admin',
] as const;
export type Role = (typeof roles)[number];

/**
 * `campus` narrows whatever the role may do; the others grant: `building` as it stands in a room before its first '-' ('3' of
 * '3-402'), `unit` and `class` word for word, `students` one personId, or its beginning and '*' ('20190301*').
 */
export const scopeKinds = ['campus', 'building', 'unit', 'class', 'students'] as const;
export type ScopeKind = (typeof scopeKinds)[number];
export type Scope = { kind: ScopeKind; value: string };

/** The kinds of scope that mean something to a role. */
export const scopeKindsOf: Readonly<Record<Role, readonly ScopeKind[]>> = {
  guard: ['campus'],
  'dorm-manager': ['building', 'campus'],
  nurse: ['campus'],
  'clinic-head': ['campus'],
  counsellor: ['class', 'students', 'unit', 'campus'],
  'class-teacher': ['class', 'students', 'campus'],
  'party-secretary': ['unit', 'campus'],
  'unit-head': ['unit', 'campus'],
  'student-affairs': ['campus'],
  personnel: ['campus'],
  'duty-office': ['campus'],
  security: ['campus'],
  logistics: ['campus'],
  office: ['campus'],
  'campus-lead': ['campus'],
  // Who may change scopes, or must see everything, is bounded by none.
  auditor: [],
  admin: [],
};

/** What an act is about, as far as it is known. */
export type Target = {
  campus?: string | null | undefined;
  building?: string | null | undefined;
  unit?: string | null | undefined;
  class?: string | null | undefined;
  personId?: string | null | undefined;
};

/** '3' of '3-402', '3 号楼' of '3 号楼 402'; null for no room, or one that names no building. */
export function buildingOf(room: string | null): string | null {
  if (room === null || room.trim() === '') return null;
  const { building } = dwellingOf(room);
  return building === unnamedBuilding ? null : building;
}

/** A person of the roster as the target of an act. */
export function targetOf(person: {
  personId: string;
  unit: string;
  room: string | null;
  class?: string | null;
}): Target {
  return {
    personId: person.personId,
    unit: person.unit,
    building: buildingOf(person.room),
    class: person.class ?? null,
  };
}

/** Whether campus scopes, if there are any, let a target through; one whose campus is not known is let through. */
export function campusAllows(scopes: readonly Scope[], target: Target): boolean {
  const campuses = scopes.filter(({ kind }) => kind === 'campus');
  return campuses.length === 0 || target.campus == null || campuses.some(({ value }) => value === target.campus);
}

/** Whether the target is somebody's own by one of the granting scopes; without any, nothing is. */
export function isOwn(scopes: readonly Scope[], target: Target): boolean {
  return campusAllows(scopes, target) && scopes.some((scope) => grants(scope, target));
}

function grants({ kind, value }: Scope, target: Target): boolean {
  switch (kind) {
    case 'campus':
      return false;
    case 'building':
      return target.building === value;
    case 'unit':
      return target.unit === value;
    case 'class':
      return target.class === value;
    case 'students':
      if (target.personId == null) return false;
      return value.endsWith('*') ? target.personId.startsWith(value.slice(0, -1)) : target.personId === value;
    default:
      return kind satisfies never;
  }
}
