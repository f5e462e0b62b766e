// Finding a resident by pinyin initials, name, student number or room. Pure; called by the find panel.

export const limits = { found: 8 } as const;

/** `pinyin` is what the hub tells: the syllables, then the initials ('zhang san zs'). */
export type Findable = { personId: string; name: string; room: string; pinyin: string };

/** Those that begin so come before those that only contain it. An empty text finds nobody. */
export function findPeople<T extends Findable>(people: readonly T[], text: string): T[] {
  const asked = text.normalize('NFKC').trim().toLowerCase();
  if (asked === '') return [];
  const fields = ({ personId, name, room, pinyin }: T) => {
    const words = pinyin.split(' ');
    return [words.at(-1) ?? '', words.slice(0, -1).join(''), name, personId, room].map((field) => field.toLowerCase());
  };
  const begin = people.filter((one) => fields(one).some((field) => field.startsWith(asked)));
  const rest = people.filter((one) => !begin.includes(one) && fields(one).some((field) => field.includes(asked)));
  return [...begin, ...rest].slice(0, limits.found);
}
