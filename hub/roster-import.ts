// Compares a roster file with what is known and puts it in force, whole or not at all. Called by the routes, the command line
// and the demonstration.
import { contractVersion } from '../src/contracts/kit.ts';
import type { RosterPreview, RowError } from '../src/contracts/people.ts';
import { asksQuestions } from '../src/domain/whereabouts.ts';
import type { Db, Pool, Tx } from './database.ts';
import { type Ledger, toAll } from './ledger.ts';
import { nameKeysOf } from './name-keys.ts';
import { Refusal } from './refusal.ts';
import { type RosterFile, type RosterPerson, readRoster } from './roster-csv.ts';
import { type Difference, differenceOf, fingerprintOf, type Known, listsOf } from './roster-difference.ts';
import { nextRosterVersion } from './roster-version.ts';
import { rosterTexts } from './texts.ts';

export const limits = { errorsShown: 200 } as const;

export type ImportOptions = {
  file: string;
  by: string;
  acceptValidRows: boolean;
  /** Of the preview that was looked at: an import that would do something else by now is refused. */
  fingerprint?: string | null;
  /** By the hub's clock; an admission before it is no answer to questions that the file makes due. */
  nowMs?: number;
};

/** What an import would do; nothing is changed. A file that cannot be read at all is `broken` and says why. */
export async function previewRoster(pool: Pool, bytes: Uint8Array): Promise<RosterPreview> {
  const file = readRoster(bytes);
  const known = file.broken ? new Map<string, Known>() : await knownPeople(pool);
  const usable = withoutTakenCards(withoutLostCards(file, await lostCards(pool)), known);
  return previewOf(usable, differenceOf(usable, known), known);
}

/**
 * The file becomes the roster: who is not in it leaves. With faulty rows nothing happens, unless the valid ones are accepted
 * explicitly: then nobody leaves, since a faulty row may have been theirs.
 */
export async function importRoster(
  ledger: Ledger,
  bytes: Uint8Array,
  options: ImportOptions,
): Promise<RosterPreview & { version: number }> {
  const file = readable(bytes);

  return ledger.exclusive(async (tx, books) => {
    // The row of the version is taken first: two imports at once are done one after the other.
    const version = await nextRosterVersion(tx);
    const known = await knownPeople(tx);
    const usable = withoutTakenCards(withoutLostCards(file, await lostCards(tx)), known);
    if (usable.errors.length > 0 && !options.acceptValidRows)
      throw new Refusal(422, 'roster-errors', detailsOf(usable.errors));
    const difference = differenceOf(usable, known);
    const preview = previewOf(usable, difference, known);
    if (options.fingerprint != null && options.fingerprint !== preview.fingerprint)
      throw new Refusal(409, 'roster-moved');
    await put(tx, difference, known, version, options.nowMs ?? Date.now());
    const { rows, joined, changed, left } = preview;
    books.append({
      kind: 'roster-import',
      version,
      by: options.by,
      file: options.file.slice(0, 200),
      rows,
      joined,
      changed,
      left,
    });
    books.tell(toAll, { topic: 'roster', version });
    return { ...preview, version };
  });
}

function readable(bytes: Uint8Array): RosterFile {
  const file = readRoster(bytes);
  if (file.broken) throw new Refusal(422, 'roster-unreadable', detailsOf(file.errors));
  return file;
}

export function detailsOf(errors: readonly RowError[]): string[] {
  return errors.slice(0, limits.errorsShown).map(({ line, zh, en }) => `${line}: ${zh} ${en}`);
}

function previewOf(file: RosterFile, difference: Difference, known: ReadonlyMap<string, Known>): RosterPreview {
  return {
    contract: contractVersion,
    encoding: file.encoding,
    rows: file.rows,
    joined: difference.joined,
    changed: difference.changed,
    moved: difference.moved.length,
    cards: difference.cards.length,
    left: difference.left.length,
    faulty: new Set(file.errors.map(({ line }) => line)).size,
    errors: file.errors.slice(0, limits.errorsShown),
    broken: file.broken,
    lists: listsOf(difference, known),
    fingerprint: fingerprintOf(difference),
  };
}

async function knownPeople(db: Db): Promise<Map<string, Known>> {
  const rows = await db.query<Known>(
    `select person_id as "personId", name, category, unit, room, class, cards, presence, whereabouts, travel,
       home_on_campus as "homeOnCampus", contact, host, companions, closed_in as "closedIn", closed_out as "closedOut",
       questions_due as "questionsDue", gone from people`,
  );
  return new Map(rows.rows.map((row) => [row.personId, row]));
}

async function lostCards(db: Db): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ key: string }>('select card_key as key from lost_cards');
  return new Set(rows.rows.map(({ key }) => key));
}

/** A lost card stays lost, whatever the file says: it is put back in use by hand. */
function withoutLostCards(file: RosterFile, lost: ReadonlySet<string>): RosterFile {
  if (lost.size === 0) return file;
  const people = file.people.map((person) =>
    person.cards.some((card) => lost.has(card))
      ? { ...person, cards: person.cards.filter((card) => !lost.has(card)) }
      : person,
  );
  return { ...file, people };
}

/** When faulty rows keep others from leaving, a card may belong to somebody who stays outside of the valid rows. */
function withoutTakenCards(file: RosterFile, known: ReadonlyMap<string, Known>): RosterFile {
  if (file.errors.length === 0) return file;
  const here = new Set(file.people.map(({ personId }) => personId));
  const owner = new Map<string, string>();
  for (const person of known.values()) {
    if (!person.gone && !here.has(person.personId)) for (const card of person.cards) owner.set(card, person.personId);
  }
  const isTaken = ({ cards }: RosterPerson) => cards.some((card) => owner.has(card));
  const taken = file.people.filter(isTaken);
  if (taken.length === 0) return file;
  const errors = taken.map(({ personId }) => ({ line: file.lineOf.get(personId) ?? 0, ...rosterTexts.cardTaken }));
  return { ...file, people: file.people.filter((person) => !isTaken(person)), errors: [...file.errors, ...errors] };
}

/** Who may come back after an absence is asked at the first entrance (protocol.md, row 9). */
function questionsOf(person: RosterPerson, before: Known | undefined): boolean {
  if (person.questionsDue !== null) return person.questionsDue;
  const returns = asksQuestions(
    { presence: before?.presence ?? 'on-campus', where: '' },
    { presence: person.presence, where: '' },
  );
  return returns || (before?.questionsDue ?? false);
}

async function put(
  tx: Tx,
  difference: Difference,
  known: ReadonlyMap<string, Known>,
  version: number,
  nowMs: number,
): Promise<void> {
  const rows = difference.put.map((person) => ({
    ...person,
    questionsDue: questionsOf(person, known.get(person.personId)),
    nameKeys: nameKeysOf(person.name),
  }));
  await tx.query('update people set gone = true, cards = $3, version = $2 where person_id = any($1::text[])', [
    difference.left,
    version,
    [],
  ]);
  await tx.query(
    `insert into people (person_id, name, category, unit, room, class, cards, presence, whereabouts, travel, home_on_campus, contact, host,
       companions, closed_in, closed_out, questions_due, questions_since_ms, gone, version, name_keys)
     select "personId", name, category, unit, room, class, array(select json_array_elements_text(cards)), presence, whereabouts, travel,
       "homeOnCampus", contact, host, companions, "closedIn", "closedOut", "questionsDue", $3, false, $2, "nameKeys"
     from json_to_recordset($1::json) as r ("personId" text, name text, category text, unit text, room text, class text, cards json, presence text,
       whereabouts text, travel text, "homeOnCampus" boolean, contact text, host text, companions text, "closedIn" boolean,
       "closedOut" boolean, "questionsDue" boolean, "nameKeys" text)
     on conflict (person_id) do update set name = excluded.name, category = excluded.category, unit = excluded.unit,
       room = excluded.room, class = excluded.class, cards = excluded.cards, presence = excluded.presence, whereabouts = excluded.whereabouts,
       travel = excluded.travel, home_on_campus = excluded.home_on_campus, contact = excluded.contact, host = excluded.host,
       companions = excluded.companions, closed_in = excluded.closed_in, closed_out = excluded.closed_out,
       questions_since_ms = case when people.questions_due then people.questions_since_ms else excluded.questions_since_ms end,
       questions_due = excluded.questions_due, gone = false, version = excluded.version,
       name_keys = excluded.name_keys`,
    [JSON.stringify(rows), version, nowMs],
  );
  const touched = [...difference.left, ...difference.put.map(({ personId }) => personId)];
  await tx.query('delete from cards where person_id = any($1::text[])', [touched]);
  await tx.query(
    `insert into cards (card_key, person_id) select c, p from json_to_recordset($1::json) as r (c text, p text)`,
    [JSON.stringify(difference.put.flatMap(({ personId, cards }) => cards.map((card) => ({ c: card, p: personId }))))],
  );
}
