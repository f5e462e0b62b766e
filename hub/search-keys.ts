// What a gate without a network finds a name by: pinyin, initials and number as the digits of a telephone pad. Made here, since the
// tables of pinyin weigh more than the gate's whole page. Called by downlink.ts.
import { pinyin } from 'pinyin-pro';

export const limits = { remembered: 100_000, chars: 200, namesAtOnce: 250 } as const;

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

const known = new Map<string, string>();

/** '94264934 99' for 张伟 (zhang wei, zw); the name's surname is read as a surname. */
export function nameKeys(name: string): string {
  const there = known.get(name);
  if (there !== undefined) return there;
  // Words of other letters stay whole, so that their initials are those of the words.
  const words = name
    .split(/([^\p{Script=Han}]+)/u)
    .flatMap((part) =>
      /\p{Script=Han}/u.test(part)
        ? pinyin(part, { toneType: 'none', type: 'array', mode: 'surname', v: true })
        : part.split(/[\s·.\-']+/),
    )
    .map(padDigits)
    .filter((word) => word !== '');
  const keys = `${words.join('')} ${words.map((word) => word[0]).join('')}`.trim();
  if (known.size >= limits.remembered) known.clear();
  known.set(name, keys);
  return keys;
}

/**
 * The keys of a person: pinyin and initials, digits of the number. `nameKeys`: as the roster has them in small letters ('zw
 * zhangwei'); empty: made here.
 */
export function searchKeysOf(person: { personId: string; name: string; nameKeys: string }): string {
  const ready = person.nameKeys.split(' ').map(padDigits).join(' ').trim();
  return `${ready === '' ? nameKeys(person.name) : ready} ${padDigits(person.personId)}`.trim().slice(0, limits.chars);
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
