-- The hub's first schema. All instants are milliseconds since 1970 by the hub's clock unless a comment says otherwise.
-- No serial order, no LISTEN/NOTIFY: large tables are keyed by their writer, so that they can be distributed.

create table meta (
  one boolean primary key default true check (one),
  epoch text not null,
  roster_version bigint not null default 0,
  policy_version bigint not null default 0,
  policy_document text not null default '{}',
  clinic_name text not null,
  clinic_phone text not null
);
comment on column meta.epoch is 'New after a restore from a backup: stations then send again what they still hold';
comment on column meta.roster_version is 'Counts changes of people; taken under the row lock, so versions commit in order';
comment on column meta.policy_document is 'JSON as people wrote it, degrees Celsius; bounds in src/contracts/policy.ts';

create table campuses (
  campus text primary key,
  mode text not null default 'open' check (mode in ('open', 'closed'))
);

create table stations (
  station_id text primary key,
  token_sha256 text not null unique,
  code text not null,
  name text not null,
  campus text not null,
  created_ms bigint not null,
  revoked_ms bigint
);
comment on column stations.station_id is 'st- and the first 12 hex digits of the SHA-256 of the token';
comment on column stations.token_sha256 is 'Lower-case hex; the token itself is never stored';

create table writers (
  writer_id uuid primary key,
  station_id text not null,
  watermark bigint not null default 0,
  top_seq bigint not null default 0,
  first_seen_ms bigint not null
);
comment on column writers.watermark is 'Highest seq without a gap below it, over entries, set_aside and conflicts; never falls';
comment on column writers.top_seq is 'Highest seq that is occupied';

create table entries (
  writer_id uuid not null,
  seq bigint not null,
  entry_id uuid not null,
  hash text not null,
  bytes text not null,
  station_id text not null,
  kind text not null,
  case_id uuid,
  wall_ms bigint not null,
  received_ms bigint not null,
  primary key (writer_id, seq)
);
create unique index entries_by_id on entries (entry_id);
create index entries_by_case on entries (case_id) where case_id is not null;
comment on column entries.seq is 'Gapless from 1 within the writer; the only order there is';
comment on column entries.hash is 'SHA-256 over the previous hash and bytes, lower-case hex';
comment on column entries.bytes is 'Canonical JSON (RFC 8785) exactly as born; never jsonb, which reorders';
comment on column entries.wall_ms is 'Station wall clock at birth, as told';

create function entries_stay() returns trigger language plpgsql as $$
begin
  raise exception 'entries are append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger entries_stay before update or delete or truncate on entries for each statement execute function entries_stay();

create table set_aside (
  writer_id uuid not null,
  seq bigint not null,
  raw_sha256 text not null,
  entry_id text not null,
  hash text,
  raw bytea not null,
  reason text not null,
  station_id text not null,
  received_ms bigint not null,
  primary key (writer_id, seq, raw_sha256)
);
comment on table set_aside is 'What the hub could not read, kept raw; it occupies its seq';
comment on column set_aside.hash is 'Hash that the envelope claimed, null when it could not be read: the chain goes on behind it';

create table conflicts (
  writer_id uuid not null,
  seq bigint not null,
  raw_sha256 text not null,
  entry_id text not null,
  hash text not null,
  raw bytea not null,
  against text not null check (against in ('seq', 'id')),
  station_id text not null,
  received_ms bigint not null,
  primary key (writer_id, seq, raw_sha256)
);
comment on table conflicts is 'Same id or same (writer, seq) with other bytes than the entry that is stored; kept for the auditor, never an overwrite';

create table chain_faults (
  writer_id uuid not null,
  seq bigint not null,
  found_ms bigint not null,
  primary key (writer_id, seq)
);
comment on table chain_faults is 'Stored entries whose hash does not follow from the one before, found when the neighbour came later';

create table people (
  person_id text primary key,
  name text not null,
  category text not null,
  unit text not null,
  room text,
  cards text[] not null default '{}',
  presence text not null check (presence in ('on-campus', 'away', 'granted')),
  whereabouts text not null default '',
  travel text not null default '',
  home_on_campus boolean not null default false,
  contact text not null default '',
  host text not null default '',
  companions text not null default '',
  closed_in boolean not null default false,
  closed_out boolean not null default false,
  questions_due boolean not null default false,
  questions_since_ms bigint not null default 0,
  gone boolean not null default false,
  version bigint not null
);
create index people_by_version on people (version);
comment on column people.version is 'meta.roster_version of the last change';
comment on column people.questions_since_ms is 'An admission before this instant does not count as an answer to the questions';
comment on column people.closed_in is 'May enter while the campus is closed';

create table cards (
  card_key text primary key,
  person_id text not null references people
);
create index cards_by_person on cards (person_id);
comment on column cards.card_key is 'uid:HEX or printed:DIGITS as in src/contracts/downlink.ts; never logged';

create table orders (
  order_id uuid primary key,
  person_id text not null references people,
  kind text not null check (kind in ('isolation', 'home', 'hospital', 'watch')),
  begin_day text not null,
  until_day text,
  case_id uuid,
  reason text not null,
  by_name text not null,
  ended_ms bigint,
  ended_by text
);
create index orders_in_force on orders (person_id) where ended_ms is null;
comment on column orders.begin_day is 'Campus day D, not counted';
comment on column orders.until_day is 'Last campus day, D+n; null = until the clinic ends it. Isolation still bars after it until a nurse signs';

create table referrals (
  case_id uuid primary key,
  case_no text not null,
  version bigint not null,
  state text not null check (state in ('raised', 'acknowledged', 'arrived', 're-measured', 'closed')),
  bars boolean not null,
  station_id text not null,
  person_id text,
  reason text not null,
  shown_tenths integer,
  readings json not null,
  evidence json not null default '[]',
  received_ms bigint not null,
  passage_wall_ms bigint not null,
  late boolean not null,
  acknowledged_ms bigint,
  acknowledged_by text,
  how text,
  arrived_ms bigint,
  re_measured json,
  disposition text,
  closed_ms bigint
);
create index referrals_open on referrals (received_ms) where state <> 'closed';
create index referrals_barring on referrals (person_id) where bars;
create index referrals_closed on referrals (closed_ms) where closed_ms is not null;
comment on column referrals.case_id is 'entry_id of the check that raised it';
comment on column referrals.version is 'Compare-and-set: every change counts one up';
comment on column referrals.bars is 'Open, or closed as refused or not reached: the person is stopped at every gate';
comment on column referrals.shown_tenths is 'Tenths of a degree Celsius';
comment on column referrals.passage_wall_ms is 'Wall clock of the passage as the station told it';
comment on column referrals.late is 'Received over 15 minutes after its passage';

create table feed_heads (
  process_id text primary key,
  n bigint not null
);
create table feed (
  process_id text not null,
  n bigint not null,
  at_ms bigint not null,
  audience text not null check (audience in ('all', 'clinic', 'station', 'campus')),
  target text,
  event text not null,
  primary key (process_id, n)
);
comment on table feed is 'Numbered per hub process, one transaction at a time: a cursor (process -> n) never skips a late commit';
comment on column feed.target is 'station_id or campus, by audience';

create table staff (
  staff_id text primary key,
  name text not null unique,
  role text not null check (role in ('nurse', 'admin', 'guard', 'office')),
  password_hash text,
  password_once boolean not null default false,
  pin_hash text,
  created_ms bigint not null
);
comment on column staff.password_once is 'The password is forgotten at the first sign-in; that session may set a new one';
comment on column staff.pin_hash is 'argon2id of a guard''s PIN, synced to stations';

create table sessions (
  token_sha256 text primary key,
  staff_id text not null references staff,
  may_set_password boolean not null default false,
  created_ms bigint not null,
  expires_ms bigint not null
);

create table reads (
  staff_id text not null,
  at_ms bigint not null,
  what text not null,
  target text not null,
  primary key (staff_id, at_ms, what, target)
);
comment on table reads is 'Who read whose data: reads of a person''s case are logged here, never in the process log';
