// Drift of the gates' thermometers: hourly medians against the neighbours' of the same campus and the gate's own of the day
// before; an alarm is an entry and a feed row, once. Called by hub.ts each minute and by the route GET /hub/office/drift.
import { type DriftRow, driftRow } from '../src/contracts/drift.ts';
import { entry as entrySchema } from '../src/contracts/entry.ts';
import { apartTenths, driftLevel, medianOfCounts, neighboursMedian } from '../src/domain/instrument-drift.ts';
import type { Policy } from '../src/domain/policy.ts';
import type { CentiCelsius } from '../src/domain/reading.ts';
import type { Db, Pool } from './database.ts';
import { countReadings, hourMs } from './drift-count.ts';
import { type Clock, type Ledger, toClinic } from './ledger.ts';
import { policyNow } from './policy.ts';

export const limits = {
  /** Closed hours that are told and looked at: late uploads may still change them. */
  hours: 24,
  /** An hour is closed so long after its end, so that its last readings have come. */
  settleMs: 300_000,
  dayMs: 86_400_000,
  instrumentsMs: 2 * 86_400_000,
  instruments: 200,
} as const;

/** Counts what is new and tells each new alarm; answers how many alarms. */
export async function watchDrift(ledger: Ledger, pool: Pool, clock: Clock): Promise<number> {
  const nowMs = clock.nowMs();
  await countReadings(pool, nowMs);
  const alarms = (await driftRows(pool, nowMs)).filter(({ level }) => level === 'alarm');
  const told = await pool.query<{ key: string }>(
    `select station_id || ' ' || site || ' ' || hour_ms as key from drift_alarms where hour_ms >= $1`,
    [nowMs - 2 * limits.dayMs],
  );
  const known = new Set(told.rows.map(({ key }) => key));
  const fresh = alarms.filter(({ station, site, hourMs: hour }) => !known.has(`${station.id} ${site} ${hour}`));
  if (fresh.length === 0) return 0;
  return ledger.exclusive(async (tx, books) => {
    const policyVersion = (await policyNow(tx)).policy.version;
    let count = 0;
    for (const row of fresh) {
      const { station, site, medianCenti, readings, neighboursCenti, yesterdayCenti } = row;
      const isNew = await tx.query(
        'insert into drift_alarms (station_id, site, hour_ms, at_ms) values ($1, $2, $3, $4) on conflict do nothing',
        [station.id, site, row.hourMs, nowMs],
      );
      if (isNew.rowCount !== 1) continue;
      count += 1;
      books.append({
        ...{ kind: 'drift', stationId: station.id, site, hourMs: row.hourMs, medianCenti, readings },
        ...{ neighboursCenti, yesterdayCenti, policyVersion },
      });
      books.tell(toClinic, { topic: 'drift', station: station.id, site, hourMs: row.hourMs });
    }
    return count;
  });
}

type Median = { stationId: string; site: string; hour: number; median: CentiCelsius; readings: number };

/** Every gate, site and closed hour with enough readings, newest first. */
export async function driftRows(db: Db, nowMs: number): Promise<DriftRow[]> {
  const policy = (await policyNow(db)).policy;
  const lastHour = Math.floor((nowMs - limits.settleMs) / hourMs) * hourMs - hourMs;
  const firstHour = lastHour - (limits.hours - 1) * hourMs;
  const medians = await mediansSince(db, firstHour - limits.dayMs, lastHour);
  const stations = await db.query<{ station_id: string; name: string; campus: string }>(
    'select station_id, name, campus from stations',
  );
  const stationOf = new Map(stations.rows.map((row) => [row.station_id, row]));
  const byPlace = new Map(medians.map((one) => [`${one.stationId} ${one.site} ${one.hour}`, one.median]));
  const shown = medians.filter(({ hour, stationId }) => hour >= firstHour && stationOf.has(stationId));
  const rows = shown.map((mine) => {
    const station = stationOf.get(mine.stationId);
    const beside = shown.filter(
      (one) =>
        one.site === mine.site &&
        one.hour === mine.hour &&
        one.stationId !== mine.stationId &&
        stationOf.get(one.stationId)?.campus === station?.campus,
    );
    const yesterday = byPlace.get(`${mine.stationId} ${mine.site} ${mine.hour - limits.dayMs}`) ?? null;
    return rowOf(
      mine,
      { id: mine.stationId, name: station?.name ?? '', campus: station?.campus ?? '' },
      beside,
      yesterday,
      policy,
    );
  });
  return rows.sort((a, b) => b.hourMs - a.hourMs || a.station.id.localeCompare(b.station.id));
}

function rowOf(
  mine: Median,
  station: DriftRow['station'],
  beside: readonly Median[],
  yesterdayCenti: CentiCelsius | null,
  policy: Policy,
): DriftRow {
  const neighboursCenti = neighboursMedian(beside.map(({ median }) => median));
  const from = (other: CentiCelsius | null) => (other === null ? null : apartTenths(mine.median, other));
  const [fromNeighboursTenths, fromYesterdayTenths] = [from(neighboursCenti), from(yesterdayCenti)];
  return driftRow.parse({
    ...{ station, site: mine.site, hourMs: mine.hour, medianCenti: mine.median, readings: mine.readings },
    ...{ neighboursCenti, neighbours: beside.length, yesterdayCenti, fromNeighboursTenths, fromYesterdayTenths },
    level: driftLevel([fromNeighboursTenths, fromYesterdayTenths], policy),
  });
}

async function mediansSince(db: Db, fromHour: number, toHour: number): Promise<Median[]> {
  const rows = await db.query<{ station_id: string; site: string; hour_ms: number; centi: number; n: number }>(
    'select station_id, site, hour_ms, centi, n from drift_counts where hour_ms between $1 and $2',
    [fromHour, toHour],
  );
  const places = new Map<string, Omit<Median, 'median'> & { counts: [CentiCelsius, number][] }>();
  for (const { station_id: stationId, site, hour_ms: hour, centi, n } of rows.rows) {
    const key = `${stationId} ${site} ${hour}`;
    const place = places.get(key) ?? { stationId, site, hour, readings: 0, counts: [] };
    place.readings += n;
    place.counts.push([centi, n]);
    places.set(key, place);
  }
  return [...places.values()].flatMap(({ counts, ...place }) => {
    const median = medianOfCounts(counts);
    return median === null ? [] : [{ ...place, median }];
  });
}

/** What bridges told of their thermometers lately, newest first. */
export async function instrumentEvents(db: Db, nowMs: number): Promise<unknown[]> {
  const rows = await db.query<{ station_id: string; bytes: string; name: string; campus: string }>(
    `select e.station_id, e.bytes, s.name, s.campus from entries e join stations s using (station_id)
     where e.kind = 'instrument' and e.received_ms >= $1
     order by e.received_ms desc limit $2`,
    [nowMs - limits.instrumentsMs, limits.instruments],
  );
  return rows.rows.flatMap(({ bytes, station_id: id, name, campus }) => {
    const entry = entrySchema.parse(JSON.parse(bytes));
    if (entry.kind !== 'instrument') return [];
    const { act, outcome, deviceId, note, count, differenceTenths, slopePercent, wallMs: atWallMs } = entry;
    return [
      { station: { id, name, campus }, act, outcome, deviceId, note, count, differenceTenths, slopePercent, atWallMs },
    ];
  });
}
