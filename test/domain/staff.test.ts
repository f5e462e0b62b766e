// Scopes: what they cover, just inside and just outside, and that nothing is anybody's own without one.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  buildingOf,
  isOwn,
  type Scope,
  type ScopeKind,
  scopeKinds,
  type Target,
  targetOf,
} from '../../src/domain/staff.ts';

test.each([
  ['3-402', '3'],
  ['竹苑 2-1-101', '竹苑 2'],
  ['3 号楼 402', '3 号楼'],
  ['402', null],
  ['-402', null],
  ['', null],
  [null, null],
] as const)('the building of room %s is %s', (room, building) => {
  expect(buildingOf(room)).toBe(building);
});

const student = targetOf({ personId: '2019030112', unit: '计算机学院', room: '3-402', class: '计科 1901' });
test.each<[ScopeKind, string, boolean]>([
  ['building', '3', true],
  ['building', '30', false],
  ['unit', '计算机学院', true],
  ['unit', '计算机', false],
  ['class', '计科 1901', true],
  ['class', '计科 1902', false],
  ['students', '2019030112', true],
  ['students', '201903011', false],
  ['students', '20190301*', true],
  ['students', '20190302*', false],
  ['campus', 'beijing', false],
])('a scope of %s %s makes the student somebody’s own: %s', (kind, value, own) => {
  expect(isOwn([{ kind, value }], student)).toBe(own);
});

test('a campus narrows what another scope grants, and lets through what names no campus', () => {
  const scopes: Scope[] = [
    { kind: 'campus', value: 'beijing' },
    { kind: 'building', value: '3' },
  ];
  expect(isOwn(scopes, { building: '3', campus: 'beijing' })).toBe(true);
  expect(isOwn(scopes, { building: '3', campus: 'zhuozhou' })).toBe(false);
  expect(isOwn(scopes, { building: '3' })).toBe(true);
  expect(isOwn(scopes, { building: '4', campus: 'beijing' })).toBe(false);
});

test('without a scope nothing is anybody’s own, and a target without marks is nobody’s', () => {
  const text = fc.string({ minLength: 1, maxLength: 8 });
  const target: fc.Arbitrary<Target> = fc.record({
    campus: text,
    building: text,
    unit: text,
    class: text,
    personId: text,
  });
  const scope = fc.record({ kind: fc.constantFrom(...scopeKinds), value: text });
  fc.assert(fc.property(target, (one) => !isOwn([], one)));
  fc.assert(fc.property(fc.array(scope), (scopes) => !isOwn(scopes, {})));
});
