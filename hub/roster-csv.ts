// Reads a roster file: encoding, CSV, columns, and every row checked by itself and against the others. Pure; called by
// roster-import.ts. docs/roster.md tells the columns.
import { CsvError, parse } from 'csv-parse/sync';
import { limits as kit } from '../src/contracts/kit.ts';
import type { RowError } from '../src/contracts/people.ts';
import { rosterHeaders, rosterTexts, rosterValues, type Sentence } from './texts.ts';

export const limits = {
  bytes: 33_554_432,
  rows: 100_000,
  columns: 40,
  cellChars: kit.textChars,
  cards: kit.cardsPerPerson,
} as const;

export const columns = [
  'personId',
  'name',
  'category',
  'unit',
  'room',
  'class',
  'card',
  'uid',
  'presence',
  'whereabouts',
  'travel',
  'homeOnCampus',
  'contact',
  'host',
  'companions',
  'closedIn',
  'closedOut',
  'questionsDue',
] as const;
type Column = (typeof columns)[number];
const needed: readonly Column[] = ['personId', 'name', 'category'];

export type RosterPerson = {
  personId: string;
  name: string;
  category: string;
  unit: string;
  room: string | null;
  class: string;
  cards: string[];
  presence: 'on-campus' | 'away' | 'granted';
  whereabouts: string;
  travel: string;
  homeOnCampus: boolean;
  contact: string;
  host: string;
  companions: string;
  closedIn: boolean;
  closedOut: boolean;
  /** null = the file does not say: what is known stays. */
  questionsDue: boolean | null;
};
export type RosterFile = {
  encoding: 'utf-8' | 'gb18030';
  rows: number;
  people: RosterPerson[];
  errors: RowError[];
  /** By person, for errors that show only beside what is known. */
  lineOf: ReadonlyMap<string, number>;
  /** The file as a whole cannot be used: its reasons are the errors of line 1 or of the place where it breaks. */
  broken: boolean;
};

/** Never throws for what a file may hold. */
export function readRoster(bytes: Uint8Array): RosterFile {
  const decoded = decode(bytes);
  if (decoded === null) return broken('utf-8', { line: 1, ...rosterTexts.badEncoding });
  const { text, encoding } = decoded;
  const table = tableOf(text);
  if (!Array.isArray(table)) return broken(encoding, table);
  const [head, ...rows] = table;
  // An export that failed has its headings alone: it must not make everybody leave.
  if (rows.length === 0 && head !== undefined) return broken(encoding, { line: 2, ...rosterTexts.noRows });
  if (rows.length > limits.rows)
    return broken(encoding, { line: limits.rows + 2, ...rosterTexts.tooManyRows(limits.rows) });
  if ((head?.cells.length ?? 0) > limits.columns)
    return broken(encoding, { line: 1, ...rosterTexts.tooManyColumns(limits.columns) });
  const places = columnsOf(head?.cells ?? []);
  if (places.errors.length > 0) return broken(encoding, ...places.errors.map((message) => ({ line: 1, ...message })));
  return { encoding, rows: rows.length, broken: false, ...peopleOf(rows, places.at, head?.cells.length ?? 0) };
}

function broken(encoding: RosterFile['encoding'], ...errors: RowError[]): RosterFile {
  return { encoding, rows: 0, people: [], errors, lineOf: new Map(), broken: true };
}

/** UTF-8 when it is valid UTF-8 (with or without a BOM), else GB18030 when it is valid GB18030. */
function decode(bytes: Uint8Array): { text: string; encoding: RosterFile['encoding'] } | null {
  for (const encoding of ['utf-8', 'gb18030'] as const) {
    try {
      return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), encoding };
    } catch {
      // not this one: the next is tried
    }
  }
  return null;
}

type Row = { line: number; cells: string[] };

function tableOf(text: string): Row[] | RowError {
  let line = 1;
  try {
    const rows: Row[] = [];
    // `on_record` sees the line where the record ended, also when a cell holds line breaks.
    parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: limits.columns * (limits.cellChars * 4 + 4),
      to: limits.rows + 2,
      on_record: (cells: string[], context: { lines: number }) => {
        line = context.lines;
        rows.push({ line, cells });
        return null;
      },
    });
    return rows.length === 0 ? { line: 1, ...rosterTexts.missingColumn('personId') } : rows;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const at: unknown = error.lines;
    return { line: typeof at === 'number' ? at : line, ...rosterTexts.notCsv(typeof at === 'number' ? at : line) };
  }
}

function columnsOf(head: readonly string[]): { at: Map<Column, number>; errors: Sentence[] } {
  const at = new Map<Column, number>();
  const errors: Sentence[] = [];
  const english = new Map<string, Column>(columns.map((column) => [column.toLowerCase(), column]));
  for (const [index, title] of head.entries()) {
    const bare = title.replace(/[\s(\uff08].*$/u, '');
    const column =
      english.get(bare.toLowerCase()) ?? english.get((rosterHeaders[bare] ?? rosterHeaders[title] ?? '').toLowerCase());
    if (column === undefined) continue;
    if (at.has(column)) errors.push(rosterTexts.twiceColumn(title));
    at.set(column, index);
  }
  for (const column of needed) if (!at.has(column)) errors.push(rosterTexts.missingColumn(column));
  return { at, errors };
}

function peopleOf(
  rows: readonly Row[],
  at: ReadonlyMap<Column, number>,
  width: number,
): Pick<RosterFile, 'people' | 'errors' | 'lineOf'> {
  const people: RosterPerson[] = [];
  const errors: RowError[] = [];
  const personLine = new Map<string, number>();
  const cardLine = new Map<string, number>();
  for (const { line, cells } of rows) {
    const wrong: Sentence[] = cells.length === width ? [] : [rosterTexts.notCsv(line)];
    const person = personOf((column) => cells[at.get(column) ?? -1] ?? null, wrong);
    const before = personLine.get(person.personId);
    if (before !== undefined) wrong.push(rosterTexts.twicePerson(before));
    else if (person.personId !== '') personLine.set(person.personId, line);
    for (const card of person.cards) {
      const other = cardLine.get(card);
      if (other !== undefined) wrong.push(rosterTexts.twiceCard(other));
      else cardLine.set(card, line);
    }
    if (wrong.length === 0) people.push(person);
    else errors.push(...wrong.map((text) => ({ line, ...text })));
  }
  return { people, errors, lineOf: personLine };
}

function personOf(cell: (column: Column) => string | null, wrong: Sentence[]): RosterPerson {
  const text = (column: Column): string => {
    const value = cell(column) ?? '';
    if (value.length > limits.cellChars) wrong.push(rosterTexts.tooLong(column, limits.cellChars));
    if (/[\0\p{Surrogate}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u.test(value))
      wrong.push(rosterTexts.badCharacters(column));
    if (value === '' && needed.includes(column)) wrong.push(rosterTexts.empty(column));
    return value;
  };
  const yes = (column: Column): boolean | null => {
    const value = cell(column)?.toLowerCase() ?? null;
    if (value === null) return null;
    if (rosterValues.yes.some((word) => word === value)) return true;
    if (!rosterValues.no.some((word) => word === value)) wrong.push(rosterTexts.badYesNo(column));
    return false;
  };
  const cards = [
    ...cardsOf(cell('uid'), 'uid', (value) => value.replace(/[\s:-]/g, '').toUpperCase(), /^[0-9A-F]{2,40}$/, wrong),
    ...cardsOf(cell('card'), 'printed', (value) => value, /^[0-9A-Za-z,:-]{1,40}$/, wrong),
  ];
  if (cards.length > limits.cards) wrong.push(rosterTexts.tooManyCards(limits.cards));
  const room = text('room');
  const homeOnCampus = yes('homeOnCampus') ?? false;
  return {
    personId: text('personId'),
    name: text('name'),
    category: text('category'),
    unit: text('unit'),
    room: room === '' ? null : room,
    class: text('class'),
    cards,
    presence: presenceOf(cell('presence') ?? '', wrong),
    whereabouts: text('whereabouts'),
    travel: text('travel'),
    homeOnCampus,
    contact: text('contact'),
    host: text('host'),
    companions: text('companions'),
    // A closed campus is open to who lives on it; leaving needs a permit.
    closedIn: yes('closedIn') ?? (homeOnCampus || room !== ''),
    closedOut: yes('closedOut') ?? false,
    questionsDue: yes('questionsDue'),
  };
}

/** Several cards in one cell are parted by ; or its full-width form. */
function cardsOf(
  cell: string | null,
  kind: 'uid' | 'printed',
  tidy: (value: string) => string,
  shape: RegExp,
  wrong: Sentence[],
): string[] {
  const keys: string[] = [];
  for (const part of (cell ?? '').split(/[;\uff1b]/)) {
    const value = tidy(part.trim());
    if (value === '') continue;
    if (shape.test(value)) keys.push(`${kind}:${value}`);
    else wrong.push(rosterTexts.badCard(kind === 'uid' ? 'uid' : 'card'));
  }
  return keys;
}

function presenceOf(value: string, wrong: Sentence[]): RosterPerson['presence'] {
  if (value === '') return 'on-campus';
  const chinese = Object.entries(rosterValues.presence).find(([word]) => word === value)?.[1];
  if (chinese !== undefined) return chinese;
  if (value === 'on-campus' || value === 'away' || value === 'granted') return value;
  wrong.push(rosterTexts.badPresence);
  return 'on-campus';
}
