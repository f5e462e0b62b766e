// The list of missing people as text for a group chat: a line a college, no temperature in it. Called by Rounds.tsx.
import type { MissingAnswer } from '../contracts/rounds.ts';
import { officeRoundTexts } from '../i18n/office-rounds.ts';

const { t } = officeRoundTexts;

/** `people`: those who are shown, in their order. */
export function namesText(answer: MissingAnswer, people: MissingAnswer['people']): string {
  const units = new Map<string, string[]>();
  for (const { unit, name, place, room, bed } of people) {
    const text = t('list-name', { name, place, room: bed === null ? room : `${room}-${bed}` });
    const there = units.get(unit);
    if (there === undefined) units.set(unit, [text]);
    else there.push(text);
  }
  const head = t('list-head', { day: answer.roundDay, window: t(`window-${answer.window}`), n: people.length });
  const lines = [...units].map(([unit, names]) =>
    t('list-unit', { unit, n: names.length, names: names.join(t('list-stop')) }),
  );
  return [head, ...lines].join('\n');
}
