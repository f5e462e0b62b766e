// The keys of a telephone pad and what a keyboard types on them. Pure; called by FindPad.

export const limits = { digits: 24, perPage: 6 } as const;

export const padKeys: readonly (readonly [digit: string, letters: string])[] = [
  ['1', ''],
  ['2', 'ABC'],
  ['3', 'DEF'],
  ['4', 'GHI'],
  ['5', 'JKL'],
  ['6', 'MNO'],
  ['7', 'PQRS'],
  ['8', 'TUV'],
  ['9', 'WXYZ'],
];

/** The digit of a letter or digit of a keyboard; null for any other key. */
export function digitOf(key: string): string | null {
  if (/^\d$/.test(key)) return key;
  const letter = key.toUpperCase();
  return letter.length === 1 ? (padKeys.find(([, letters]) => letters.includes(letter))?.[0] ?? null) : null;
}
