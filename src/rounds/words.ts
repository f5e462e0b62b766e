// The words of a round where a class is not told of like a building. Called by the components.
import type { AbsenceReason, MissingReason, RoundScope } from '../domain/round.ts';
import { roundsTexts } from '../i18n/rounds.ts';

const { t } = roundsTexts;

/** Text of a building's round -> text of the morning check. */
const inClass = {
  'absence-not-in-room': 'class-absence',
  'missing-no-answer': 'class-no-answer',
  'why-card': 'class-why-card',
  'no-places': 'class-no-places',
  'no-people': 'class-no-people',
  nobody: 'class-nobody',
  'keys-digits-does': 'class-keys-digits-does',
  'keys-arrows-does': 'class-keys-arrows-does',
  'keys-card-does': 'class-keys-card-does',
  'found-room': 'class-found-room',
} as const;
type Worded = keyof typeof inClass;

/** The text of `key` as this kind of round says it. */
export function word(scope: RoundScope, key: Parameters<typeof t>[0]): string {
  return t(scope === 'class' && isWorded(key) ? inClass[key] : key);
}

function isWorded(key: string): key is Worded {
  return Object.hasOwn(inClass, key);
}

export function absenceWord(scope: RoundScope, reason: AbsenceReason): string {
  return word(scope, `absence-${reason}`);
}

export function missingWord(scope: RoundScope, reason: MissingReason): string {
  return word(scope, `missing-${reason}`);
}
