// Cases raised by rounds: a fever, symptoms, or somebody who cannot be measured, told to the clinic with the room-mates. Called by
// uploads.ts in the transaction of the entries, after round-marks.ts.
import { isSameRoom } from '../src/domain/dwelling.ts';
import type { StoredReading } from '../src/domain/entry.ts';
import type { Policy } from '../src/domain/policy.ts';
import { tenthsOf } from '../src/domain/reading.ts';
import { isLate } from '../src/domain/referral.ts';
import { raiseOf } from '../src/domain/round-raise.ts';
import { tellBars } from './bars.ts';
import type { Db } from './database.ts';
import { type Books, toClinic, toStation } from './ledger.ts';
import { policyNow } from './policy.ts';
import { limits as caseLimits, evidenceOf } from './referrals.ts';
import type { Good } from './upload-rules.ts';

/** `mergeMs`: a case of the same person that is open and no older takes what comes as evidence (ux.md, Clinic board). */
export const limits = { mergeMs: 2 * 3_600_000, roomMates: 16, roomRows: 200 } as const;

type Told = { entryId: string; entry: Extract<Good['entry'], { kind: 'round-mark' | 'found-unregistered' }> };

/** Whether this may raise a case under any policy: then its batch needs the feed. */
export function mayRaiseFromRound({ entry }: Good): boolean {
  if (entry.kind !== 'round-mark' && entry.kind !== 'found-unregistered') return false;
  const tenths = entry.reading === null ? null : tenthsOf(entry.reading.centiCelsius);
  // 37.0 is the lowest fever and 36.0 the highest low that a policy may set.
  return entry.symptoms.length > 0 || (tenths !== null && (tenths >= 370 || tenths < 360));
}

/** A case, or evidence for the one that is open, for everything heard that the policy in force calls for. */
export async function raiseRoundCases(
  tx: Db,
  books: Books,
  heard: readonly Good[],
  stationId: string,
  nowMs: number,
): Promise<void> {
  const marks = heard.filter(mayRaiseFromRound);
  if (marks.length === 0) return;
  const { policy } = await policyNow(tx);
  const barred: string[] = [];
  const here = heard.map(({ envelope }) => envelope.entryId);
  for (const { envelope, entry } of marks) {
    if (entry.kind !== 'round-mark' && entry.kind !== 'found-unregistered') continue;
    const told: Told = { entryId: envelope.entryId, entry };
    const reason = raiseOf(
      measuredIn(entry.reading, entry.symptoms),
      await lowsBefore(tx, envelope, entry, policy),
      policy,
    );
    if (reason === null) continue;
    const personId = entry.kind === 'round-mark' ? entry.personId : null;
    const caseId = (personId !== null && (await addToOpen(tx, books, told, personId, nowMs))) || envelope.entryId;
    await tx.query('update round_marks set case_id = $2 where entry_id = $1 and case_id is null', [
      envelope.entryId,
      caseId,
    ]);
    if (caseId !== envelope.entryId) continue;
    if (await open(tx, books, told, { reason, personId, stationId, nowMs, here }))
      barred.push(...(personId === null ? [] : [personId]));
  }
  await tellBars(tx, books, nowMs, barred);
}

function measuredIn(reading: StoredReading | null, symptoms: Told['entry']['symptoms']) {
  return {
    tenths: reading === null ? null : tenthsOf(reading.centiCelsius),
    byHand: reading !== null && (reading.manual || reading.method === 'contact'),
    symptoms,
  };
}

/** Low values by hand of this person in this round: of this writer those before, of others all that are here. */
async function lowsBefore(tx: Db, envelope: Good['envelope'], entry: Told['entry'], policy: Policy): Promise<number> {
  if (entry.kind !== 'round-mark') return 0;
  const rows = await tx.query<{ count: number }>(
    `select count(*) as count from round_marks m
     where person_id = $1 and round_day = $2 and round_window = $3 and by_hand and tenths >= $4 and tenths < $5
       and (writer_id <> $6 or seq < $7) and entry_id <> $8
       and not exists (select 1 from round_undos u where u.undoes = m.entry_id)`,
    [
      entry.personId,
      entry.roundDay,
      entry.window,
      policy.rangeMinTenths,
      policy.lowTenths,
      envelope.writerId,
      envelope.seq,
      envelope.entryId,
    ],
  );
  return rows.rows[0]?.count ?? 0;
}

/** The open case of this person that takes it as evidence and rings again; null without one. A repeat finds its own case and adds nothing. */
async function addToOpen(tx: Db, books: Books, told: Told, personId: string, nowMs: number): Promise<string | null> {
  const known = await tx.query<{ case_id: string | null }>('select case_id from round_marks where entry_id = $1', [
    told.entryId,
  ]);
  if (known.rows[0]?.case_id) return known.rows[0].case_id;
  const rows = await tx.query<{ case_id: string; version: number; evidence: unknown[] }>(
    `select case_id, version, evidence from referrals
     where person_id = $1 and state <> 'closed' and received_ms >= $2 order by received_ms, case_id limit 1 for update`,
    [personId, nowMs - limits.mergeMs],
  );
  const there = rows.rows[0];
  if (there === undefined || there.case_id === told.entryId) return there?.case_id ?? null;
  const { reading } = told.entry;
  const more = reading !== null && there.evidence.length < caseLimits.evidence ? [reading] : [];
  const version = there.version + 1;
  await tx.query('update referrals set evidence = $2, version = $3 where case_id = $1', [
    there.case_id,
    JSON.stringify([...there.evidence, ...more]),
    version,
  ]);
  books.tell(toClinic, { topic: 'referral', caseId: there.case_id, version, rings: true });
  return there.case_id;
}

/** True when it is new. */
async function open(
  tx: Db,
  books: Books,
  { entryId, entry }: Told,
  of: { reason: string; personId: string | null; stationId: string; nowMs: number; here: readonly string[] },
): Promise<boolean> {
  const room = await roomOf(tx, of.personId, entry);
  const mates = room === null ? [] : await roomMatesOf(tx, of.personId, room);
  const raised = await tx.query(
    `insert into referrals (case_id, case_no, version, state, bars, station_id, person_id, reason, shown_tenths, readings,
       received_ms, passage_wall_ms, late, source, room_mates, evidence, place)
     values ($1, $2, 1, 'raised', true, $3, $4, $5, $6, $7, $8, $9, $10, 'round', $11, $12, $13) on conflict (case_id) do nothing`,
    [
      entryId,
      (entry.kind === 'round-mark' ? entry.caseNo : null) ?? entryId.slice(-8),
      of.stationId,
      of.personId,
      of.reason,
      entry.reading === null ? null : tenthsOf(entry.reading.centiCelsius),
      JSON.stringify(entry.reading === null ? [] : [entry.reading]),
      of.nowMs,
      entry.wallMs,
      isLate(of.nowMs, entry.wallMs, entry.hubOffsetMs),
      mates,
      // Those of this batch are added behind it.
      JSON.stringify(await evidenceOf(tx, entryId, of.here)),
      room ?? entry.place,
    ],
  );
  if (raised.rowCount !== 1) return false;
  books.tell(toClinic, { topic: 'referral', caseId: entryId, version: 1, rings: true });
  books.tell(toStation(of.stationId), {
    ...{ topic: 'case', caseId: entryId, station: of.stationId, state: 'raised', version: 1 },
    ...{ how: null, by: null, disposition: null },
  });
  return true;
}

/** As the roster has it, else as the mark told it; somebody who is not registered was found in a room of this place. */
async function roomOf(tx: Db, personId: string | null, entry: Told['entry']): Promise<string | null> {
  if (entry.kind === 'found-unregistered') return entry.room === '' ? null : `${entry.place} ${entry.room}`;
  const own = await tx.query<{ room: string | null }>('select room from people where person_id = $1', [personId]);
  return own.rows[0]?.room ?? entry.room;
}

/** Who else lives in this room by the roster. */
async function roomMatesOf(tx: Db, personId: string | null, room: string): Promise<string[]> {
  // Beds make one room many texts: all that begin alike are looked at, up to the last digit of the room itself.
  const begin = /^.*?\d{3,4}/u.exec(room)?.[0] ?? room;
  const rows = await tx.query<{ person_id: string; room: string }>(
    `select person_id, room from people where not gone and room is not null and room like $1 and person_id is distinct from $2
     order by person_id limit $3`,
    [`${begin.replace(/[\\%_]/g, '\\$&')}%`, personId, limits.roomRows],
  );
  return rows.rows
    .filter((one) => isSameRoom(one.room, room))
    .map((one) => one.person_id)
    .slice(0, limits.roomMates);
}
