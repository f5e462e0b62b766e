// Where somebody is, as the office knows it (R21, R22), and which change of it makes the questions of row 9 due. Called by the hub.
import type { Presence } from './order.ts';

/** '' = not told. `through-hubei`: within 14 days. */
export const whereCodes = ['', 'beijing', 'elsewhere', 'hubei', 'through-hubei', 'abroad'] as const;
export type WhereCode = (typeof whereCodes)[number];
export type Whereabouts = { presence: Presence; where: WhereCode };

const awayPlaces: readonly WhereCode[] = ['elsewhere', 'hubei', 'through-hubei', 'abroad'];

/**
 * Whether the first entry after this change is one after an absence, or after a place that is asked about: leave to return was
 * granted, somebody away is on campus again, was in or through Hubei or abroad, or is back in Beijing from elsewhere.
 */
export function asksQuestions(before: Whereabouts, after: Whereabouts): boolean {
  if (after.presence === 'granted' && before.presence !== 'granted') return true;
  if (after.presence === 'on-campus' && before.presence === 'away') return true;
  if (after.where === before.where) return false;
  if (after.where === 'beijing') return awayPlaces.includes(before.where);
  return after.where === 'hubei' || after.where === 'through-hubei' || after.where === 'abroad';
}
