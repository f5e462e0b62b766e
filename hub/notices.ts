// Notices and telephone numbers: published by the office, handed to stations with the downlink, read by people. Called by
// downlink.ts and routes-notices.ts.
import { createHash, randomBytes } from 'node:crypto';
import type * as z from 'zod/mini';
import { contractVersion } from '../src/contracts/kit.ts';
import type { phonesRequest } from '../src/contracts/list-request.ts';
import {
  limits,
  type NoticeRequest,
  type NoticesAnswer,
  type NoticeToShow,
  type OfficeNoticesAnswer,
  type Phones,
} from '../src/contracts/notice.ts';
import { addDays, campusDay } from '../src/domain/campus-day.ts';
import { canonicalJson } from '../src/domain/canonical-json.ts';
import { uuidV7 } from '../src/domain/uuid.ts';
import type { Db } from './database.ts';
import { type Clock, type Ledger, toAll } from './ledger.ts';
import type { Actor } from './orders.ts';
import { Refusal } from './refusal.ts';
import { regionsOf } from './regions.ts';

type NoticeRow = {
  noticeId: string;
  titleZh: string;
  textZh: string;
  titleEn: string;
  textEn: string;
  untilDay: string;
};
const columns = `n.notice_id as "noticeId", title_zh as "titleZh", text_zh as "textZh", title_en as "titleEn", text_en as "textEn",
  until_day as "untilDay"`;

function shownOf(row: NoticeRow): NoticeToShow {
  return {
    noticeId: row.noticeId,
    zh: { title: row.titleZh, text: row.textZh },
    en: row.titleEn === '' ? null : { title: row.titleEn, text: row.textEn },
    untilDay: row.untilDay,
  };
}

/** What this station shows today, newest first; from now on it counts as a gate that has them. */
export async function noticesForStation(tx: Db, stationId: string, nowMs: number): Promise<NoticeToShow[]> {
  const rows = await tx.query<NoticeRow & { handed: boolean }>(
    `select ${columns}, exists (select 1 from notice_stations s where s.notice_id = n.notice_id and s.station_id = $2) as handed
     from notices n where ended_ms is null and until_day >= $1 and audience in ('gates', 'both')
     order by published_ms desc, n.notice_id desc limit $3`,
    [campusDay(nowMs), stationId, limits.shown],
  );
  const fresh = rows.rows.filter((row) => !row.handed).map((row) => row.noticeId);
  if (fresh.length > 0)
    await tx.query(
      `insert into notice_stations (notice_id, station_id, handed_ms) select unnest($1::uuid[]), $2, $3 on conflict do nothing`,
      [fresh, stationId, nowMs],
    );
  return rows.rows.map(shownOf);
}

export async function phonesOf(db: Db): Promise<Phones> {
  const rows = await db.query<Phones>(
    `select phone_hotline as hotline, phone_psychology as psychology, link_psychology as "psychologyLink", phone_security as security,
       phone_duty_office as "dutyOffice", phone_student_affairs as "studentAffairs" from meta`,
  );
  const row = rows.rows[0];
  if (row === undefined) throw new Error('the hub has no meta row');
  return row;
}

/** Stores all numbers; every gate fetches them. 409 `list-moved` when they are not what the office had before it. */
export async function setPhones(
  ledger: Ledger,
  { phones, was }: z.infer<typeof phonesRequest>,
  actor: Actor,
): Promise<void> {
  await ledger.exclusive(async (tx, books) => {
    if (canonicalJson(await phonesOf(tx)) !== canonicalJson(was)) throw new Refusal(409, 'list-moved');
    await tx.query(
      `update meta set phone_hotline = $1, phone_psychology = $2, link_psychology = $3, phone_security = $4, phone_duty_office = $5,
         phone_student_affairs = $6`,
      [
        phones.hotline,
        phones.psychology,
        phones.psychologyLink,
        phones.security,
        phones.dutyOffice,
        phones.studentAffairs,
      ],
    );
    books.append({ kind: 'phones', by: actor.staffId, document: canonicalJson(phones) });
    books.tell(toAll, { topic: 'notices' });
  });
}

/** What the rounds show to this person today. */
export async function noticesFor(db: Db, staffId: string, nowMs: number): Promise<NoticesAnswer> {
  const rows = await db.query<NoticeRow & { publishedMs: number; read: boolean }>(
    `select ${columns}, published_ms as "publishedMs",
       exists (select 1 from notice_reads r where r.notice_id = n.notice_id and r.staff_id = $2) as read
     from notices n where ended_ms is null and until_day >= $1 and audience in ('rounds', 'both')
     order by published_ms desc, n.notice_id desc limit $3`,
    [campusDay(nowMs), staffId, limits.shown],
  );
  const notices = rows.rows.map((row) => ({ ...shownOf(row), publishedMs: row.publishedMs, read: row.read }));
  return { contract: contractVersion, notices, phones: await phonesOf(db), regions: await regionsOf(db) };
}

/** Harmless to repeat: the first instant stays. */
export async function markRead(db: Db, noticeId: string, staffId: string, nowMs: number): Promise<void> {
  const known = await db.query('select 1 from notices where notice_id = $1', [noticeId]);
  if (known.rowCount === 0) throw new Refusal(404, 'notice-unknown');
  await db.query('insert into notice_reads (notice_id, staff_id, read_ms) values ($1, $2, $3) on conflict do nothing', [
    noticeId,
    staffId,
    nowMs,
  ]);
}

/** The newest notices, ended ones too, with how many have them. */
export async function officeNotices(db: Db, nowMs: number): Promise<OfficeNoticesAnswer> {
  type Row = NoticeRow &
    Pick<OfficeNoticesAnswer['notices'][number], 'audience' | 'publishedMs' | 'by' | 'endedMs' | 'gates' | 'readers'>;
  const rows = await db.query<Row>(
    `select ${columns}, audience, published_ms as "publishedMs", coalesce(s.name, '') as by, n.ended_ms as "endedMs",
       (select count(*) from notice_stations t where t.notice_id = n.notice_id) as gates,
       (select count(*) from notice_reads r where r.notice_id = n.notice_id) as readers
     from notices n left join staff s on s.staff_id = n.published_by order by published_ms desc, n.notice_id desc limit $1`,
    [limits.listed],
  );
  const counts = await db.query<{ stations: number; staff: number }>(
    `select (select count(*) from stations where revoked_ms is null) as stations,
       (select count(*) from staff where password_hash is not null) as staff`,
  );
  return {
    contract: contractVersion,
    today: campusDay(nowMs),
    stations: counts.rows[0]?.stations ?? 0,
    staff: counts.rows[0]?.staff ?? 0,
    notices: rows.rows.map((row) => ({
      ...shownOf(row),
      audience: row.audience,
      publishedMs: row.publishedMs,
      by: row.by,
      endedMs: row.endedMs,
      gates: row.gates,
      readers: row.readers,
    })),
    phones: await phonesOf(db),
    regions: await regionsOf(db),
  };
}

/** Publishes one and answers its id. Its last day lies between today and a year from now. */
export async function publishNotice(
  ledger: Ledger,
  clock: Clock,
  request: NoticeRequest,
  actor: Actor,
): Promise<string> {
  return ledger.exclusive(async (tx, books) => {
    const nowMs = clock.nowMs();
    const today = campusDay(nowMs);
    if (request.untilDay < today || request.untilDay > addDays(today, limits.daysMax))
      throw new Refusal(422, 'notice-day');
    const noticeId = uuidV7(nowMs, randomBytes(10));
    const { zh, en, audience, untilDay } = request;
    await tx.query(
      `insert into notices (notice_id, title_zh, text_zh, title_en, text_en, audience, published_ms, published_by, until_day)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [noticeId, zh.title, zh.text, en?.title ?? '', en?.text ?? '', audience, nowMs, actor.staffId, untilDay],
    );
    const sha256 = createHash('sha256').update(canonicalJson({ zh, en })).digest('hex');
    books.append({ kind: 'notice', noticeId, change: 'publish', audience, untilDay, sha256, by: actor.staffId });
    books.tell(toAll, { topic: 'notices' });
    return noticeId;
  });
}

/** Takes it down before its last day; harmless to repeat. */
export async function endNotice(ledger: Ledger, clock: Clock, noticeId: string, actor: Actor): Promise<void> {
  await ledger.exclusive(async (tx, books) => {
    const found = await tx.query<{ audience: NoticeRequest['audience']; until_day: string; ended_ms: number | null }>(
      'select audience, until_day, ended_ms from notices where notice_id = $1 for update',
      [noticeId],
    );
    const row = found.rows[0];
    if (row === undefined) throw new Refusal(404, 'notice-unknown');
    if (row.ended_ms !== null) return;
    await tx.query('update notices set ended_ms = $2 where notice_id = $1', [noticeId, clock.nowMs()]);
    const { audience, until_day: untilDay } = row;
    books.append({ kind: 'notice', noticeId, change: 'end', audience, untilDay, sha256: null, by: actor.staffId });
    books.tell(toAll, { topic: 'notices' });
  });
}
