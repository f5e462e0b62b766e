// What a gate without a network finds a name by: pinyin, initials and number as the digits of a telephone pad. Made here, since the
// tables of pinyin weigh more than the gate's whole page. Called by downlink.ts.
import { nameKeysOf } from './name-keys.ts';

export const limits = { chars: 200, namesAtOnce: 250 } as const;

/** Letters A to Z as the keys on which a telephone has them. */
const keyOf = '22233344455566677778889999';

/** Digits for letters and digits, nothing for the rest. */
export function padDigits(text: string): string {
  let digits = '';
  for (const char of text.normalize('NFD').toUpperCase()) {
    if (char >= '0' && char <= '9') digits += char;
    else if (char >= 'A' && char <= 'Z') digits += keyOf[char.charCodeAt(0) - 65];
  }
  return digits;
}

/** '99 94264934 2019001': initials and pinyin as the roster has them (`nameKeys`; empty: made here), then the digits of the number. */
export function searchKeysOf(person: { personId: string; name: string; nameKeys: string }): string {
  const words = (person.nameKeys || nameKeysOf(person.name)).split(' ').concat(person.personId);
  return words.map(padDigits).join(' ').trim().slice(0, limits.chars);
}

/** Puts `search` in the place of `nameKeys`, a few hundred names at a time: the hub answers others in between. */
export async function withSearchKeys<Row extends { personId: string; name: string }>(
  rows: readonly (Row & { nameKeys: string })[],
): Promise<(Row & { search: string })[]> {
  const done: (Row & { search: string })[] = [];
  for (let from = 0; from < rows.length; from += limits.namesAtOnce) {
    for (const given of rows.slice(from, from + limits.namesAtOnce)) {
      const { nameKeys: _, ...row } = { ...given, search: searchKeysOf(given) };
      done.push(row as unknown as Row & { search: string });
    }
    if (from + limits.namesAtOnce < rows.length) await new Promise((resolve) => setImmediate(resolve));
  }
  return done;
}
