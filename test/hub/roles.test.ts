// The table of roles by itself: each role is there, the auditor reads all and changes nothing, a guard sees no health data.
import { expect, test } from 'vitest';
import {
  mayDo,
  mayDoFor,
  type Operation,
  operations,
  operationsOf,
  type Rule,
  reachOf,
  roles,
} from '../../hub/roles.ts';

const table = Object.entries(operations) as [Operation, Rule][];

test('every role of R20 may do something, and every operation somebody may do', () => {
  expect(roles).toHaveLength(17);
  for (const role of roles) expect(table.filter(([name]) => mayDo(role, name)).length, role).toBeGreaterThan(0);
  for (const [name, rule] of table) expect(rule.all.length + (rule.own?.length ?? 0), name).toBeGreaterThan(0);
});

test('the auditor reads all and changes nothing', () => {
  for (const [name, rule] of table)
    expect([name, reachOf('auditor', name)]).toEqual([name, rule.changes ? null : 'all']);
});

test('a guard may only read notices at the hub: what a gate shows comes to its station', () => {
  expect(table.filter(([name]) => mayDo('guard', name)).map(([name]) => name)).toEqual(['notice.read']);
});

test('what a page is told of a role is what the table says, for its own too', () => {
  for (const role of roles)
    expect(operationsOf(role), role).toEqual(table.filter(([name]) => mayDo(role, name)).map(([name]) => name));
  expect(operationsOf('dorm-manager')).toContain('rounds.write');
});

test('no role is both unbounded and bounded in one operation', () => {
  for (const [name, rule] of table) expect(rule.own?.filter((role) => rule.all.includes(role)) ?? [], name).toEqual([]);
});

test('isolation ends by the clinic alone', () => {
  expect(roles.filter((role) => mayDo(role, 'order.release'))).toEqual(['nurse', 'clinic-head']);
});

test('a scoped role acts on its own alone, an unscoped one on all but another campus', () => {
  const manager = { role: 'dorm-manager', scopes: [{ kind: 'building', value: '3' }] } as const;
  expect(mayDoFor(manager, 'rounds.write', { building: '3' })).toBe(true);
  expect(mayDoFor(manager, 'rounds.write', { building: '4' })).toBe(false);
  expect(mayDoFor({ role: 'dorm-manager', scopes: [] }, 'rounds.write', { building: '3' })).toBe(false);
  expect(mayDoFor(manager, 'roster.import', { building: '3' })).toBe(false);
  const security = { role: 'security', scopes: [{ kind: 'campus', value: 'beijing' }] } as const;
  expect(mayDoFor(security, 'visitor.approve', { campus: 'beijing', unit: '食堂' })).toBe(true);
  expect(mayDoFor(security, 'visitor.approve', { campus: 'zhuozhou', unit: '食堂' })).toBe(false);
});
