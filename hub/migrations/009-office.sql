-- What the office does: notices and telephone numbers, leave, whereabouts, lost cards, companions of an order, and names in letters.
-- Days are campus days (YYYY-MM-DD, Asia/Shanghai); instants are milliseconds since 1970 by the hub's clock.

alter table meta
  add column phone_hotline text not null default '',
  add column phone_psychology text not null default '',
  add column link_psychology text not null default '',
  add column phone_security text not null default '',
  add column phone_duty_office text not null default '',
  add column phone_student_affairs text not null default '';
comment on column meta.phone_hotline is 'As it is read out; empty = not known. Handed to gates by the downlink';

create table notices (
  notice_id uuid primary key,
  title_zh text not null,
  text_zh text not null,
  title_en text not null default '',
  text_en text not null default '',
  audience text not null check (audience in ('gates', 'rounds', 'both')),
  published_ms bigint not null,
  published_by text not null references staff,
  until_day text not null,
  ended_ms bigint
);
create index notices_live on notices (until_day) where ended_ms is null;
comment on column notices.until_day is 'Last campus day on which it is shown';
create table notice_reads (
  notice_id uuid not null references notices,
  staff_id text not null references staff,
  read_ms bigint not null,
  primary key (notice_id, staff_id)
);
create table notice_stations (
  notice_id uuid not null references notices,
  station_id text not null references stations,
  handed_ms bigint not null,
  primary key (notice_id, station_id)
);
comment on table notice_stations is 'Stations that have fetched it: from then on it is shown there while nobody is at the gate';

create table leaves (
  leave_id uuid primary key,
  person_id text not null references people,
  from_day text not null,
  to_day text not null,
  reason text not null,
  approved_by text not null,
  approved_ms bigint not null,
  cancelled_ms bigint,
  check (from_day <= to_day)
);
create index leaves_of_person on leaves (person_id) where cancelled_ms is null;
create index leaves_by_day on leaves (to_day) where cancelled_ms is null;
comment on table leaves is 'Approved leave: from_day to to_day, both counted; in force while not cancelled. Rounds subtract it from who is expected';
comment on column leaves.approved_by is 'staff_id';

alter table people
  add column where_code text not null default '' check (where_code in ('', 'beijing', 'elsewhere', 'hubei', 'through-hubei', 'abroad')),
  add column where_since text,
  add column where_until text,
  add column name_keys text not null default '';
comment on column people.where_code is 'Whereabouts by code, empty = not told; the free text of the roster file stays in whereabouts';
comment on column people.where_since is 'Campus day, null = not told';
comment on column people.name_keys is 'Initials and pinyin of the name in small letters, parted by a blank; empty until computed';

create table lost_cards (
  card_key text primary key,
  person_id text not null references people,
  lost_ms bigint not null,
  told_by text not null
);
create index lost_cards_by_person on lost_cards (person_id);
comment on table lost_cards is 'Blocked: no import gives them back to anybody; never logged. told_by is a staff_id';

alter table orders add column lead_order_id uuid;
create index orders_by_lead on orders (lead_order_id) where lead_order_id is not null;
comment on column orders.lead_order_id is 'A companion''s row: the order of the person whom they accompany; null for that person''s own';
