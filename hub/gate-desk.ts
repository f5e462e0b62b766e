// The gates' desks as the office sees them: what runs short, handovers of the day. Called by routes-gate-desk.ts.
import { entry as entrySchema } from '../src/contracts/entry.ts';
import { type GateDeskAnswer, limits } from '../src/contracts/gate-desk.ts';
import { contractVersion } from '../src/contracts/kit.ts';
import { campusDay, startOfDayMs } from '../src/domain/campus-day.ts';
import type { Db } from './database.ts';

type Row = { entry_id: string; bytes: string; station_id: string; name: string; received_ms: number };

export async function gateDesk(db: Db, nowMs: number): Promise<GateDeskAnswer> {
  const names = await db.query<{ staff_id: string; name: string }>('select staff_id, name from staff');
  const nameOf = new Map(names.rows.map(({ staff_id, name }) => [staff_id, name]));
  const supplies = (await today(db, 'supplies-short', nowMs)).flatMap((row): GateDeskAnswer['supplies'] => {
    const entry = entrySchema.parse(JSON.parse(row.bytes));
    if (entry.kind !== 'supplies-short') return [];
    return [{ ...placed(row), item: entry.item, atWallMs: entry.wallMs, receivedAtMs: row.received_ms }];
  });
  const handovers = (await today(db, 'handover', nowMs)).flatMap((row): GateDeskAnswer['handovers'] => {
    const entry = entrySchema.parse(JSON.parse(row.bytes));
    if (entry.kind !== 'handover') return [];
    const { roster, from, to, counts, cases, notes, wallMs: atWallMs } = entry;
    const passages = Object.values(counts).reduce((sum, one) => sum + one, 0);
    const named = { from: from === null ? null : (nameOf.get(from) ?? null), to: nameOf.get(to) ?? null };
    return [{ ...placed(row), roster, ...named, passages, cases: cases.length, notes, atWallMs }];
  });
  return { contract: contractVersion, hubNowMs: nowMs, supplies, handovers };
}

const placed = (row: Row) => ({ entryId: row.entry_id, station: { id: row.station_id, name: row.name } });

/** What the hub received of one kind on this campus day, newest first. `kind` stands in the text, so that its index serves. */
async function today(db: Db, kind: 'supplies-short' | 'handover', nowMs: number): Promise<Row[]> {
  const rows = await db.query<Row>(
    `select e.entry_id, e.bytes, e.station_id, s.name, e.received_ms from entries e join stations s using (station_id)
     where e.kind = '${kind}' and e.received_ms >= $1 order by e.received_ms desc, e.entry_id limit $2`,
    [startOfDayMs(campusDay(nowMs)), limits.rows],
  );
  return rows.rows;
}
