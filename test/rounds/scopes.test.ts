// Which kinds of round a role does.
import { expect, it } from 'vitest';
import { scopesOf } from '../../src/rounds/scopes.ts';

it.each([
  ['dorm-manager', ['building']],
  ['class-teacher', ['class']],
  ['counsellor', ['class']],
  ['student-affairs', ['building', 'class']],
  ['a role of a later hub', ['building', 'class']],
  ['toString', ['building', 'class']],
  [undefined, ['building', 'class']],
])('%s does %j', (role, scopes) => {
  expect(scopesOf(role)).toEqual(scopes);
});
