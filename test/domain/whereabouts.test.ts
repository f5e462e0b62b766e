// Which change of presence and whereabouts makes the questions due.
import { expect, it } from 'vitest';
import { asksQuestions, type Whereabouts } from '../../src/domain/whereabouts.ts';

const here: Whereabouts = { presence: 'on-campus', where: 'beijing' };
it.each<[string, Partial<Whereabouts>, Partial<Whereabouts>, boolean]>([
  ['nothing', {}, {}, false],
  ['leaves for elsewhere', {}, { where: 'elsewhere' }, false],
  ['goes away', {}, { presence: 'away' }, false],
  ['is granted return', { presence: 'away' }, { presence: 'granted' }, true],
  ['is granted return, having been here', {}, { presence: 'granted' }, true],
  ['is granted twice', { presence: 'granted' }, { presence: 'granted' }, false],
  ['is on campus after an absence', { presence: 'away' }, { presence: 'on-campus' }, true],
  ['entered after leave was granted', { presence: 'granted' }, { presence: 'on-campus' }, false],
  ['is in Hubei', {}, { where: 'hubei' }, true],
  ['was through Hubei', { where: '' }, { where: 'through-hubei' }, true],
  ['is abroad', { where: 'elsewhere' }, { where: 'abroad' }, true],
  ['is back from elsewhere', { where: 'elsewhere' }, { where: 'beijing' }, true],
  ['is back from Hubei', { where: 'hubei' }, { where: 'beijing' }, true],
  ['is told for the first time', { where: '' }, { where: 'beijing' }, false],
  ['is told no more', { where: 'hubei' }, { where: '' }, false],
])('who %s: %j -> %j asks: %s', (_, before, after, asks) =>
  expect(asksQuestions({ ...here, ...before }, { ...here, ...after })).toBe(asks));
