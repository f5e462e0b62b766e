// Who is held at a gate until somebody decides by name: opened and closed by uploaded entries, decided by staff within their rights,
// told to the gate by the feed. Called by uploads.ts, routes-holds.ts and the feed's route.
import { randomUUID } from 'node:crypto';
import type { FeedEvent } from '../src/contracts/downlink.ts';
import { type HoldRow, holdsAnswer, limits as shown } from '../src/contracts/hold.ts';
import { contractVersion } from '../src/contracts/kit.ts';
import type { Entry } from '../src/domain/entry.ts';
import { targetOf } from '../src/domain/staff.ts';
import { type Db, prepared } from './database.ts';
import { type Clock, type Ledger, toStation } from './ledger.ts';
import { Refusal } from './refusal.ts';
import { type Doer, mayDoFor, type Target } from './roles.ts';
import type { Good } from './upload-rules.ts';

/** A chip lives 10 minutes at the gate and at most 30; a decision after that reaches nobody. */
export const limits = { openMs: 1_800_000, standing: 100 } as const;

type Reason = HoldRow['reason'];
const heldReasons: readonly string[] = ['return-not-granted', 'campus-closed'];

/** Whether this entry asks the hub for a decision: it is sent at once and told at once. */
export function asksForDecision(entry: Entry): boolean {
  if (entry.kind === 'visitor') return entry.approval === 'asked';
  return entry.kind === 'check' && entry.verdict === 'hold' && heldReasons.includes(entry.reason);
}

const endStatement = prepared(
  'end-holds',
  `update holds set state = 'over' where station_id = $1 and passage_id = any($2::uuid[]) and state = 'open'`,
);

/**
 * Opens a hold for each fresh question, and ends it when its passage went on or left. In order, but what ends goes in one statement: a
 * batch holds hundreds of passages, and next to none of them was ever held.
 */
export async function noteHolds(tx: Db, fresh: readonly Good[], stationId: string, nowMs: number): Promise<void> {
  let ended: string[] = [];
  const endHolds = async () => {
    if (ended.length === 0) return;
    await tx.query(endStatement, [stationId, ended]);
    ended = [];
  };
  for (const { entry } of fresh) {
    if (entry.kind === 'visitor' && entry.approval === 'asked') {
      await endHolds();
      await open(tx, entry, { stationId, nowMs, reason: 'visitor', personId: null, visitorId: entry.visitorId });
    } else if (entry.kind === 'check' && asksForDecision(entry)) {
      await endHolds();
      const reason = entry.reason === 'campus-closed' ? 'campus-closed' : 'return-not-granted';
      await open(tx, entry, { stationId, nowMs, reason, personId: entry.personId, visitorId: entry.visitorId ?? null });
    } else if (endsHold(entry) && 'passageId' in entry && entry.passageId !== null) {
      ended.push(entry.passageId);
    }
  }
  await endHolds();
}

function endsHold(entry: Entry): boolean {
  if (entry.kind === 'left' || entry.kind === 'override') return true;
  if (entry.kind === 'visitor') return entry.approval !== 'asked';
  return entry.kind === 'check' && ['admit', 'refer', 'deny'].includes(entry.verdict);
}

/** A passage may be held for one reason after another: each is asked once. */
async function open(
  tx: Db,
  entry: Extract<Entry, { kind: 'visitor' | 'check' }>,
  hold: { stationId: string; nowMs: number; reason: Reason; personId: string | null; visitorId: string | null },
): Promise<void> {
  const visitor = entry.kind === 'visitor' ? entry : null;
  await tx.query(
    `insert into holds (station_id, passage_id, kind, reason, person_id, visitor_id, host_unit, purpose, received_ms,
       passage_wall_ms, state)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open')
     on conflict (station_id, passage_id) do update set kind = excluded.kind, reason = excluded.reason,
       visitor_id = coalesce(excluded.visitor_id, holds.visitor_id), host_unit = excluded.host_unit, purpose = excluded.purpose,
       received_ms = excluded.received_ms, state = 'open', allow = null, decision_id = null, decided_by = null,
       decided_name = null, decided_ms = null
     where holds.reason <> excluded.reason`,
    [
      hold.stationId,
      entry.passageId,
      visitor === null ? 'hold' : 'visitor',
      hold.reason,
      hold.personId,
      hold.visitorId,
      visitor?.hostUnit ?? '',
      visitor?.purpose ?? '',
      hold.nowMs,
      entry.wallMs,
    ],
  );
}

type Row = {
  station_id: string;
  station_name: string;
  campus: string;
  passage_id: string;
  reason: Reason;
  person_id: string | null;
  visitor_id: string | null;
  person_name: string | null;
  unit: string | null;
  room: string | null;
  contact: string | null;
  visitor_name: string | null;
  phone: string | null;
  host_unit: string;
  purpose: string;
  received_ms: number;
};
const rowSql = `select h.*, s.name as station_name, s.campus, p.name as person_name, p.unit, p.room, p.contact,
    v.name as visitor_name, v.phone
  from holds h join stations s using (station_id) left join people p on p.person_id = h.person_id
  left join visitors v on v.visitor_id = h.visitor_id and v.station_id = h.station_id and v.erased_ms is null`;

/** Whose affair it is: a visitor's is the host unit's, else the person's own line. */
function affairOf(row: Row): Target {
  if (row.reason === 'visitor') return { campus: row.campus, unit: row.host_unit };
  if (row.person_id === null) return { campus: row.campus };
  return { ...targetOf({ personId: row.person_id, unit: row.unit ?? '', room: row.room }), campus: row.campus };
}

const toRead = (row: Row) => (row.reason === 'visitor' ? 'visitor.read' : 'hold.read');
const toDecide = (row: Row) => (row.reason === 'visitor' ? 'visitor.approve' : 'hold.decide');

/** What waits now, oldest first: only what this member of staff may see. */
export async function openHolds(db: Db, staff: Doer, nowMs: number): Promise<unknown> {
  const rows = await db.query<Row>(
    `${rowSql} where h.state = 'open' and h.received_ms > $1 order by h.received_ms, h.passage_id limit $2`,
    [nowMs - limits.openMs, shown.holds],
  );
  const mine = rows.rows.filter((row) => mayDoFor(staff, toRead(row), affairOf(row)));
  return holdsAnswer.parse({
    contract: contractVersion,
    hubNowMs: nowMs,
    holds: mine.map((row) => ({
      stationId: row.station_id,
      stationName: row.station_name,
      passageId: row.passage_id,
      reason: row.reason,
      name: row.person_name ?? row.visitor_name,
      personId: row.person_id,
      unit: row.reason === 'visitor' ? row.host_unit : (row.unit ?? ''),
      contact: row.contact ?? '',
      phone: row.phone ?? '',
      purpose: row.purpose,
      sinceMs: row.received_ms,
      mayDecide: mayDoFor(staff, toDecide(row), affairOf(row)),
    })),
  });
}

/** One decision by name: compare-and-set on the open hold, an entry of the hub, and a word to the gate. */
export async function decideHold(
  ledger: Ledger,
  clock: Clock,
  request: { stationId: string; passageId: string; reason: Reason; allow: boolean; note: string },
  staff: Doer & { staffId: string; name: string },
): Promise<void> {
  await ledger.exclusive(async (tx, books) => {
    const nowMs = clock.nowMs();
    const found = await tx.query<Row>(
      `${rowSql} where h.station_id = $1 and h.passage_id = $2 and h.state = 'open' and h.reason = $3 and h.received_ms > $4
       for update of h`,
      [request.stationId, request.passageId, request.reason, nowMs - limits.openMs],
    );
    const row = found.rows[0];
    if (row === undefined) throw new Refusal(409, 'hold-over');
    if (!mayDoFor(staff, toDecide(row), affairOf(row))) throw new Refusal(403, 'scope-missing');
    const decisionId = randomUUID();
    const { allow, reason } = request;
    await tx.query(
      `update holds set state = 'decided', allow = $3, decision_id = $4, decided_by = $5, decided_name = $6, decided_ms = $7
       where station_id = $1 and passage_id = $2`,
      [row.station_id, row.passage_id, allow, decisionId, staff.staffId, staff.name, nowMs],
    );
    books.append({
      kind: 'hold-decision',
      decisionId,
      passageId: row.passage_id,
      stationId: row.station_id,
      personId: row.person_id,
      visitorId: row.visitor_id,
      reason,
      allow,
      by: staff.staffId,
      note: request.note,
    });
    books.tell(toStation(row.station_id), {
      topic: 'decision',
      passageId: row.passage_id,
      station: row.station_id,
      reason,
      allow,
      decisionId,
      by: staff.staffId,
      byName: staff.name,
    });
  });
}

/** Decisions that a gate which begins to listen without a cursor may have missed. */
export async function standingDecisions(db: Db, stationId: string, nowMs: number): Promise<FeedEvent[]> {
  const rows = await db.query<{
    passage_id: string;
    reason: Reason;
    allow: boolean;
    decision_id: string;
    decided_by: string;
    decided_name: string;
  }>(
    `select passage_id, reason, allow, decision_id, decided_by, decided_name from holds
     where station_id = $1 and state = 'decided' and decided_ms > $2 order by decided_ms limit $3`,
    [stationId, nowMs - limits.openMs, limits.standing],
  );
  return rows.rows.map((row) => ({
    topic: 'decision',
    passageId: row.passage_id,
    station: stationId,
    reason: row.reason,
    allow: row.allow,
    decisionId: row.decision_id,
    by: row.decided_by,
    byName: row.decided_name,
  }));
}
