// Uploaded rounds as rows: marks, absences, who was found, what was taken back, closings; and what gates measured. Called
// by uploads.ts in the transaction of the entries, and by the hub's sweep.

import type { Entry } from '../src/domain/entry.ts';
import { type Tenths, tenthsOf } from '../src/domain/reading.ts';
import { valueClass } from '../src/domain/round-value.ts';
import { type Db, prepared } from './database.ts';
import { int8Array, textArray, uuidArray } from './pg-arrays.ts';
import { policyNow } from './policy.ts';
import type { Good } from './upload-rules.ts';

/** Gate readings are needed for the round they lie in and as the reading before the next one. */
export const limits = { gateDays: 3 } as const;

/** Writes what is new; a repeat changes nothing. `stored`: entries that hold their place. */
export async function keepRounds(tx: Db, stored: readonly Good[], stationId: string, nowMs: number): Promise<void> {
  const marks = stored.flatMap((good) => markRowOf(good));
  if (marks.length > 0)
    await tx.query(
      `insert into round_marks (writer_id, seq, entry_id, kind, round_day, round_window, scope, place, person_id, room, tenths, by_hand,
         symptoms, reason, until_day, note, late_reason, by_staff, at_ms, received_ms)
       select w, s, e, k, d, n, sc, pl, p, r, t, h, array(select json_array_elements_text(sy)), re, u, no, lr, b, a, $2
       from json_to_recordset($1::json) as x (w uuid, s bigint, e uuid, k text, d text, n text, sc text, pl text, p text, r text, t integer,
         h boolean, sy json, re text, u text, no text, lr text, b text, a bigint)
       on conflict do nothing`,
      [JSON.stringify(marks), nowMs],
    );
  for (const { envelope, entry } of stored) {
    if (entry.kind === 'round-undo')
      await tx.query(
        `insert into round_undos (writer_id, seq, undoes, round_day, round_window, scope, place, by_staff, at_ms, received_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
        [...placeOf(envelope), entry.undoes, ...roundOf(entry), entry.by, bornMs(entry), nowMs],
      );
    if (entry.kind === 'round-close')
      await tx.query(
        `insert into round_closes (writer_id, seq, round_day, round_window, scope, place, entry_id, figures, missing, late_reason, by_staff,
           at_ms, received_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing`,
        [
          ...placeOf(envelope),
          ...roundOf(entry),
          envelope.entryId,
          JSON.stringify(entry.figures),
          JSON.stringify(entry.missing),
          entry.lateReason,
          entry.by,
          bornMs(entry),
          nowMs,
        ],
      );
  }
  await keepGateReadings(tx, stored, stationId);
}

/** Rows older than `limits.gateDays` go; answers how many. */
export async function forgetGateReadings(db: Db, nowMs: number): Promise<number> {
  const gone = await db.query('delete from gate_readings where at_ms < $1', [nowMs - limits.gateDays * 86_400_000]);
  return gone.rowCount ?? 0;
}

const gateStatement = prepared(
  'keep-gate-readings',
  `insert into gate_readings (writer_id, seq, entry_id, person_id, station_id, at_ms, tenths)
   select w, s, e, p, $1, a, t from unnest($2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::bigint[], $7::bigint[])
     as r (w, s, e, p, a, t)
   on conflict do nothing`,
);

async function keepGateReadings(tx: Db, stored: readonly Good[], stationId: string): Promise<void> {
  const read = stored.flatMap(({ envelope, entry }) => {
    if (entry.kind !== 'check' || entry.personId === null) return [];
    const tenths = measuredAt(entry);
    return tenths === null ? [] : [{ envelope, personId: entry.personId, atMs: bornMs(entry), tenths }];
  });
  if (read.length === 0) return;
  const { policy } = await policyNow(tx);
  // Also between two rounds: who was borderline then comes first in the next one.
  const sound = read.filter(({ tenths }) => !['invalid', 'low'].includes(valueClass(tenths, policy)));
  if (sound.length === 0) return;
  await tx.query(gateStatement, [
    stationId,
    uuidArray(sound.map(({ envelope }) => envelope.writerId)),
    int8Array(sound.map(({ envelope }) => envelope.seq)),
    uuidArray(sound.map(({ envelope }) => envelope.entryId)),
    textArray(sound.map(({ personId }) => personId)),
    int8Array(sound.map(({ atMs }) => atMs)),
    int8Array(sound.map(({ tenths }) => tenths)),
  ]);
}

/** What was measured of a person who was let in or sent to the clinic; null where a passage ended without a sound value. */
function measuredAt(entry: Extract<Entry, { kind: 'check' }>): Tenths | null {
  if (entry.verdict !== 'admit' && !entry.raisesCase) return null;
  const last = entry.readings.at(-1);
  if (entry.shownTenths !== null) return entry.shownTenths;
  return entry.raisesCase && last !== undefined ? tenthsOf(last.centiCelsius) : null;
}

/** Wall clock at birth, corrected by the station's offset to the hub. */
export function bornMs(entry: Entry): number {
  return entry.wallMs + (entry.hubOffsetMs ?? 0);
}

type RoundEntry = Extract<Entry, { roundDay: string }>;

function roundOf({ roundDay, window, scope, place }: RoundEntry): string[] {
  return [roundDay, window, scope, place];
}

function placeOf({ writerId, seq }: Good['envelope']): [string, number] {
  return [writerId, seq];
}

function markRowOf({ envelope, entry }: Good) {
  if (entry.kind !== 'round-mark' && entry.kind !== 'absence' && entry.kind !== 'found-unregistered') return [];
  const absent = entry.kind === 'absence' ? entry : null;
  const reading = entry.kind === 'absence' ? null : entry.reading;
  const [d, n, sc, pl] = roundOf(entry);
  return [
    {
      ...{ w: envelope.writerId, s: envelope.seq, e: envelope.entryId, k: entry.kind, d, n, sc, pl },
      p: entry.kind === 'found-unregistered' ? null : entry.personId,
      r: entry.kind === 'absence' ? null : entry.room,
      t: reading === null ? null : tenthsOf(reading.centiCelsius),
      h: reading !== null && (reading.manual || reading.method === 'contact'),
      sy: entry.kind === 'absence' ? [] : entry.symptoms,
      re: absent?.reason ?? null,
      u: absent?.reason === 'leave' ? absent.untilDay : null,
      no: entry.kind === 'round-mark' ? '' : entry.note,
      lr: entry.kind === 'found-unregistered' ? null : entry.lateReason,
      b: entry.by,
      a: bornMs(entry),
    },
  ];
}
