// What a station fetches: campus, policy, all bars, and the roster as a delta in pages. Called by GET /hub/downlink.
import { type DownlinkAnswer, limits as downlinkLimits, type RosterRow } from '../src/contracts/downlink.ts';
import { contractVersion } from '../src/contracts/kit.ts';
import { campusDay } from '../src/domain/campus-day.ts';
import { barsOn } from './bars.ts';
import { type Db, inTransaction, type Pool } from './database.ts';
import { noticesForStation, phonesOf } from './notices.ts';
import { passesClosed } from './permits.ts';
import { policyNow } from './policy.ts';
import { regionsOf } from './regions.ts';
import { withSearchKeys } from './search-keys.ts';

export type DownlinkQuery = {
  rosterVersion: number;
  after: string | null;
  stationId: string;
  campus: string;
  nowMs: number;
};

/**
 * One page. `after` is the `next` of the page before, '<version>:<personId>': the version that the station will have is
 * that of the first page, so whatever changes between two pages comes again with the next delta.
 */
export async function downlink(pool: Pool, query: DownlinkQuery): Promise<DownlinkAnswer> {
  const answer = await inTransaction(pool, async (tx) => {
    const meta = await tx.query<{
      epoch: string;
      roster_version: number;
      roster_floor: number;
      clinic_name: string;
      clinic_phone: string;
      mode: 'open' | 'closed' | null;
    }>(
      'select epoch, roster_version, roster_floor, clinic_name, clinic_phone, (select mode from campuses where campus = $1) as mode from meta',
      [query.campus],
    );
    const row = meta.rows[0];
    if (row === undefined) throw new Error('the hub has no meta row');
    const { version, document } = await policyNow(tx);
    const isForeign = query.rosterVersion > row.roster_version || query.rosterVersion < row.roster_floor;
    const full = query.rosterVersion === 0 || isForeign;
    const page = /^(\d{1,15}):(.+)$/s.exec(query.after ?? '');
    const target = page?.[1] === undefined ? row.roster_version : Number(page[1]);
    const people = await peopleAfter(tx, full ? 0 : query.rosterVersion, full, page?.[2] ?? '', campusDay(query.nowMs));
    const last = people.length === downlinkLimits.rosterPage ? people.at(-1) : undefined;
    return {
      contract: contractVersion,
      epoch: row.epoch,
      hubNowMs: query.nowMs,
      clinic: { name: row.clinic_name, phone: row.clinic_phone },
      campus: { mode: row.mode ?? 'open' },
      phones: await phonesOf(tx),
      regions: await regionsOf(tx),
      notices: await noticesForStation(tx, query.stationId, query.nowMs),
      policy: { version, document },
      bars: await barsOn(tx, campusDay(query.nowMs), null),
      roster: { version: target, full, people, next: last === undefined ? null : `${target}:${last.personId}` },
    };
  });
  const { people } = answer.roster;
  return { ...answer, roster: { ...answer.roster, people: await withSearchKeys(people) } };
}

type PersonRow = Omit<RosterRow, 'search'> & { nameKeys: string };

async function peopleAfter(tx: Db, version: number, full: boolean, after: string, today: string): Promise<PersonRow[]> {
  const rows = await tx.query<Omit<PersonRow, 'lost'> & { lost: string[] | null }>(
    `select person_id as "personId", name, category, unit, room, cards, presence, questions_due as "questionsDue",
       ${passesClosed('in', '$5')} as "closedIn", ${passesClosed('out', '$5')} as "closedOut", contact, gone, name_keys as "nameKeys",
       (select array_agg(card_key order by card_key) from lost_cards l where l.person_id = people.person_id) as lost
     from people where version > $1 and person_id > $2 collate "C" and not (gone and $3) order by person_id collate "C" limit $4`,
    [version, after, full, downlinkLimits.rosterPage, today],
  );
  return rows.rows.map(({ lost, ...row }) => (lost === null ? row : { ...row, lost }));
}
