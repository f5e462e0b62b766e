// Cases: raised from checks, added to by contact readings, and read as the clinic's cards. Called by uploads.ts (in the
// transaction of the entries), by transitions.ts and by the routes.
import * as z from 'zod/mini';
import { type Referral, referral as referralSchema } from '../src/contracts/clinic.ts';
import type { FeedEvent } from '../src/contracts/downlink.ts';
import { entry as entrySchema } from '../src/contracts/entry.ts';
import { campusDay, startOfDayMs } from '../src/domain/campus-day.ts';
import type { Entry } from '../src/domain/entry.ts';
import { type Tenths, tenthsOf } from '../src/domain/reading.ts';
import { isLate } from '../src/domain/referral.ts';
import { tellBars } from './bars.ts';
import type { Db } from './database.ts';
import { type Books, toClinic, toStation } from './ledger.ts';
import { policyNow } from './policy.ts';
import type { Good } from './upload-rules.ts';

export const limits = { board: 2_000, evidence: 64, standing: 200 } as const;

/** A referral for every fresh check that raises one: its card, its bar, and the alert. */
export async function raiseCases(
  tx: Db,
  books: Books,
  fresh: readonly Good[],
  stationId: string,
  nowMs: number,
): Promise<void> {
  const barred: string[] = [];
  for (const { envelope, entry } of fresh) {
    if (entry.kind !== 'check' || !entry.raisesCase) continue;
    const evidence = await evidenceOf(tx, envelope.entryId);
    const personId = entry.personId ?? (entry.paper === undefined ? null : await holderOf(tx, entry.card?.printed));
    const passageMs = entry.paper?.atWallMs ?? entry.wallMs;
    const raised = await tx.query(
      `insert into referrals (case_id, case_no, version, state, bars, station_id, person_id, reason, shown_tenths, readings,
         evidence, received_ms, passage_wall_ms, late)
       values ($1, $2, 1, 'raised', true, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (case_id) do nothing`,
      [
        envelope.entryId,
        entry.caseNo ?? envelope.entryId.slice(0, 8),
        stationId,
        personId,
        entry.reason,
        shownOf(entry),
        JSON.stringify(entry.readings),
        JSON.stringify(evidence),
        nowMs,
        passageMs,
        isLate(nowMs, passageMs, entry.hubOffsetMs),
      ],
    );
    // A repeat of a received entry rings nothing.
    if (raised.rowCount !== 1) continue;
    if (personId !== null) barred.push(personId);
    books.tell(toClinic, { topic: 'referral', caseId: envelope.entryId, version: 1, rings: true });
    books.tell(toStation(stationId), {
      topic: 'case',
      caseId: envelope.entryId,
      station: stationId,
      state: 'raised',
      how: null,
      by: null,
      disposition: null,
      version: 1,
    });
  }
  await tellBars(tx, books, nowMs, barred);
}

/** A barred person's fever: the gate shows the deny and no value, and the reading that raised the case stands last. */
function shownOf({ verdict, shownTenths, readings }: Extract<Entry, { kind: 'check' }>): Tenths | null {
  const last = readings.at(-1);
  return verdict === 'deny' && last !== undefined ? tenthsOf(last.centiCelsius) : shownTenths;
}

/** Whose number stands on a row of paper: a student number or a card's printed one; null when it is nobody's or several people's. */
async function holderOf(tx: Db, number: string | null | undefined): Promise<string | null> {
  if (!number) return null;
  const rows = await tx.query<{ person_id: string }>(
    'select person_id from people where not gone and (person_id = $1 or $2 = any(cards)) limit 2',
    [number, `printed:${number}`],
  );
  return rows.rows.length === 1 ? (rows.rows[0]?.person_id ?? null) : null;
}

/** Contact readings that reached the hub before what raised their case; `without`: entries that are left out. */
export async function evidenceOf(tx: Db, caseId: string, without: readonly string[] = []): Promise<unknown[]> {
  const rows = await tx.query<{ bytes: string }>(
    `select bytes from entries where case_id = $1 and kind = 'contact-reading' and entry_id <> all ($3::uuid[])
     order by writer_id, seq limit $2`,
    [caseId, limits.evidence, without],
  );
  return rows.rows.flatMap(({ bytes }) => {
    const entry = entrySchema.parse(JSON.parse(bytes));
    return entry.kind === 'contact-reading' ? [entry.reading] : [];
  });
}

/** Fresh contact readings go to their case; a second high one rings again. One whose case is not here yet waits as an entry. */
export async function addEvidence(tx: Db, books: Books, fresh: readonly Good[]): Promise<void> {
  const raisedHere = new Set(
    fresh.flatMap(({ envelope, entry }) => (entry.kind === 'check' && entry.raisesCase ? [envelope.entryId] : [])),
  );
  for (const { entry } of fresh) {
    if (entry.kind !== 'contact-reading' || raisedHere.has(entry.caseId)) continue;
    const row = await tx.query<{ case_id: string; version: number; evidence: unknown[] }>(
      // What a round raised may have been added to a case that was open.
      `select case_id, version, evidence from referrals
       where case_id = coalesce((select case_id from round_marks where entry_id = $1), $1) for update`,
      [entry.caseId],
    );
    const there = row.rows[0];
    if (there === undefined || there.evidence.length >= limits.evidence) continue;
    const version = there.version + 1;
    await tx.query('update referrals set evidence = $2, version = $3 where case_id = $1', [
      there.case_id,
      JSON.stringify([...there.evidence, entry.reading]),
      version,
    ]);
    const high = tenthsOf(entry.reading.centiCelsius) >= (await policyNow(tx)).policy.feverTenths;
    books.tell(toClinic, { topic: 'referral', caseId: there.case_id, version, rings: high });
  }
}

/** How this station's open cases stand, for a gate that begins to listen without a cursor. */
export async function standingCases(db: Db, stationId: string): Promise<FeedEvent[]> {
  const rows = await db.query<CardRow>(
    `${cardSql} where r.station_id = $1 and r.state <> 'closed' order by r.received_ms desc limit $2`,
    [stationId, limits.standing],
  );
  return rows.rows.reverse().map((row) => ({
    topic: 'case',
    caseId: row.case_id,
    station: stationId,
    state: row.state,
    how: row.how,
    by: row.acknowledged_by,
    disposition: row.disposition,
    version: row.version,
  }));
}

const cardSql = `select r.*, s.name as station_name, p.name as person_name, p.category, p.unit, p.room, p.contact,
  (select coalesce(json_agg(json_build_object('personId', m.person_id, 'name', m.name) order by m.person_id), '[]')
    from people m where m.person_id = any(r.room_mates)) as mates
  from referrals r left join stations s using (station_id) left join people p on p.person_id = r.person_id`;

type CardRow = {
  case_id: string;
  case_no: string;
  version: number;
  state: Referral['state'];
  station_id: string;
  station_name: string | null;
  person_id: string | null;
  person_name: string | null;
  category: string;
  unit: string;
  room: string | null;
  contact: string;
  reason: string;
  shown_tenths: number | null;
  readings: Referral['readings'];
  evidence: Referral['evidence'];
  received_ms: number;
  passage_wall_ms: number;
  late: boolean;
  acknowledged_ms: number | null;
  acknowledged_by: string | null;
  how: Referral['how'];
  arrived_ms: number | null;
  re_measured: Referral['reMeasured'];
  disposition: Referral['disposition'];
  closed_ms: number | null;
  source: 'gate' | 'round';
  place: string | null;
  mates: { personId: string; name: string }[];
};

/** Everything open, everything that still bars, and what was closed on this campus day; oldest first. */
export async function board(db: Db, nowMs: number): Promise<Referral[]> {
  const rows = await db.query<CardRow>(
    `${cardSql} where r.state <> 'closed' or r.bars or r.closed_ms >= $1 order by r.received_ms, r.case_id limit $2`,
    [startOfDayMs(campusDay(nowMs)), limits.board],
  );
  return z.array(referralSchema).parse(rows.rows.map(cardOf));
}

/** One card, null when there is no such case. */
export async function oneCard(db: Db, caseId: string): Promise<Referral | null> {
  const rows = await db.query<CardRow>(`${cardSql} where r.case_id = $1`, [caseId]);
  const row = rows.rows[0];
  return row === undefined ? null : referralSchema.parse(cardOf(row));
}

function cardOf(row: CardRow): Referral {
  return {
    caseId: row.case_id,
    caseNo: row.case_no,
    version: row.version,
    state: row.state,
    station: { id: row.station_id, name: row.station_name ?? row.station_id },
    person:
      row.person_id === null || row.person_name === null
        ? null
        : {
            personId: row.person_id,
            name: row.person_name,
            category: row.category,
            unit: row.unit,
            room: row.room,
            contact: row.contact,
          },
    reason: row.reason,
    shownTenths: row.shown_tenths,
    readings: row.readings,
    evidence: row.evidence,
    receivedAtMs: row.received_ms,
    passageWallMs: row.passage_wall_ms,
    late: row.late,
    acknowledgedAtMs: row.acknowledged_ms,
    acknowledgedBy: row.acknowledged_by,
    how: row.how,
    arrivedAtMs: row.arrived_ms,
    reMeasured: row.re_measured,
    disposition: row.disposition,
    closedAtMs: row.closed_ms,
    source: row.source,
    place: row.place,
    roomMates: row.mates,
  };
}
