// The office page's tabs against the hub's table of roles: each needs what there is, and each role gets what the table lets it do.
import { expect, it } from 'vitest';
import { mayDo, type Operation, operations, type Role, roles } from '../../hub/roles.ts';
import { tabs } from '../../src/office/tabs.tsx';

it('need operations of the table alone', () => {
  for (const { id, needs } of tabs)
    expect([id, needs.filter((name) => !(name in operations)), needs.length > 0]).toEqual([id, [], true]);
});

const line = ['people', 'orders', 'holds', 'rounds'];
const shown: Record<Role, string[]> = {
  guard: [],
  'dorm-manager': ['people', 'orders', 'rounds'],
  nurse: ['people', 'orders', 'drift'],
  'clinic-head': ['people', 'orders', 'drift'],
  counsellor: line,
  'class-teacher': line,
  'party-secretary': line,
  'unit-head': line,
  'student-affairs': line,
  personnel: ['people', 'orders'],
  'duty-office': ['people', 'holds', 'gates'],
  security: ['people', 'holds'],
  logistics: ['rounds', 'gates'],
  office: tabs.map(({ id }) => id),
  'campus-lead': ['people', 'orders', 'drift', 'holds', 'rounds', 'gates'],
  auditor: ['people', 'orders', 'faults', 'stations', 'drift', 'holds', 'rounds', 'gates'],
  admin: ['people', 'orders', 'roster', 'notices', 'faults', 'stations', 'drift', 'rounds', 'gates'],
};

it.each(roles)('of %s', (role) => {
  const mine = tabs.filter(({ needs }) => needs.some((name) => mayDo(role, name as Operation)));
  expect(mine.map(({ id }) => id)).toEqual(shown[role]);
});
