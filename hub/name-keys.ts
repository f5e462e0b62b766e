// By what a name is found on a keyboard without Chinese: its initials and its pinyin. Called by whatever stores people.
import { pinyin } from 'pinyin-pro';
import type { Pool } from './database.ts';
import { doubleSurnames } from './texts-surnames.ts';

export const limits = { batch: 2_000, readings: 30_000 } as const;

const doubled = new Set(doubleSurnames);
/** A reading takes a quarter of a millisecond, and names are made of few thousand characters: 50,000 people in a second. */
const readings = new Map<string, string[]>();

function readingOf(text: string, isSurname: boolean): string[] {
  const key = `${isSurname} ${text}`;
  const known = readings.get(key);
  if (known !== undefined) return known;
  const found = pinyin(text, { toneType: 'none', type: 'array', v: true, ...(isSurname ? { surname: 'all' } : {}) });
  if (readings.size < limits.readings) readings.set(key, found);
  return found;
}

/** Syllables of a name in small letters: ['zhang', 'san']; a run of other letters is a syllable of its own. */
export function syllablesOf(name: string): string[] {
  const parts =
    name
      .trim()
      .toLowerCase()
      .match(/\p{Script=Han}|[\p{L}\p{N}]+/gu) ?? [];
  const runs = parts.flatMap((part) => part.match(/\p{Script=Han}|[^\p{Script=Han}]+/gu) ?? []);
  const two = runs.slice(0, 2).join('');
  const head = doubled.has(two) ? readingOf(two, true) : null;
  return runs.map((part, at) => {
    if (!/\p{Script=Han}/u.test(part)) return part;
    if (head !== null && at < 2) return head[at] ?? part;
    return readingOf(part, at === 0)[0] ?? part;
  });
}

/** 'zs zhangsan': initials, then the whole; never empty. */
export function nameKeysOf(name: string): string {
  const syllables = syllablesOf(name);
  if (syllables.length === 0) return '-';
  return `${syllables.map((one) => one.slice(0, 1)).join('')} ${syllables.join('')}`.slice(0, 200);
}

/** Fills in whoever was stored by an older hub. Harmless to repeat, and from several hubs at once. */
export async function fillNameKeys(pool: Pool): Promise<number> {
  let filled = 0;
  for (;;) {
    const rows = await pool.query<{ id: string; name: string }>(
      `select person_id as id, name from people where name_keys = '' limit $1`,
      [limits.batch],
    );
    if (rows.rows.length === 0) return filled;
    const keys = rows.rows.map(({ id, name }) => ({ id, keys: nameKeysOf(name) }));
    const done = await pool.query(
      `update people p set name_keys = r.keys from json_to_recordset($1::json) as r (id text, keys text)
       where p.person_id = r.id and p.name_keys = ''`,
      [JSON.stringify(keys)],
    );
    filled += done.rowCount ?? 0;
  }
}
