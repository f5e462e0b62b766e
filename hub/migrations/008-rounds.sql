-- Rounds of dormitories and classes, as they were uploaded: each row follows from one entry and can be made again from it. Days are campus
-- days (YYYY-MM-DD, Asia/Shanghai); instants are milliseconds since 1970.

create table round_marks (
  writer_id uuid not null,
  seq bigint not null,
  entry_id uuid not null,
  kind text not null check (kind in ('round-mark', 'absence', 'found-unregistered')),
  round_day text not null,
  round_window text not null check (round_window in ('early', 'late', 'morning')),
  scope text not null check (scope in ('building', 'class')),
  place text not null,
  person_id text,
  room text,
  tenths integer,
  by_hand boolean not null default false,
  symptoms text[] not null default '{}',
  reason text,
  until_day text,
  note text not null default '',
  late_reason text,
  by_staff text not null,
  at_ms bigint not null,
  received_ms bigint not null,
  case_id uuid,
  primary key (writer_id, seq)
);
create unique index round_marks_by_id on round_marks (entry_id);
create index round_marks_of_person on round_marks (person_id, at_ms);
create index round_marks_of_place on round_marks (round_day, round_window, scope, place);
create index round_marks_leave on round_marks (person_id, until_day) where until_day is not null;
comment on column round_marks.person_id is 'null: found and not registered';
comment on column round_marks.tenths is 'Tenths of a degree Celsius; null: symptoms alone, or an absence';
comment on column round_marks.by_hand is 'By contact or typed: the second low one says that the person cannot be measured here';
comment on column round_marks.until_day is 'Leave: its last campus day';
comment on column round_marks.at_ms is 'Station wall clock at birth, corrected by its offset to the hub';
comment on column round_marks.case_id is 'The case that it raised or was added to';

create table round_undos (
  writer_id uuid not null,
  seq bigint not null,
  undoes uuid not null,
  round_day text not null,
  round_window text not null,
  scope text not null,
  place text not null,
  by_staff text not null,
  at_ms bigint not null,
  received_ms bigint not null,
  primary key (writer_id, seq)
);
create index round_undos_of on round_undos (undoes);
create index round_undos_of_place on round_undos (round_day, round_window, scope, place);

create table round_closes (
  writer_id uuid not null,
  seq bigint not null,
  entry_id uuid not null,
  round_day text not null,
  round_window text not null,
  scope text not null,
  place text not null,
  figures json not null,
  missing json not null,
  late_reason text,
  by_staff text not null,
  at_ms bigint not null,
  received_ms bigint not null,
  primary key (writer_id, seq)
);
create index round_closes_of_place on round_closes (round_day, round_window, scope, place);
comment on column round_closes.missing is 'Array of {personId, reason}, as the one who closed told it';

create table gate_readings (
  writer_id uuid not null,
  seq bigint not null,
  entry_id uuid not null,
  person_id text not null,
  station_id text not null,
  at_ms bigint not null,
  tenths integer not null,
  primary key (writer_id, seq)
);
create index gate_readings_of_person on gate_readings (person_id, at_ms);
create index gate_readings_by_time on gate_readings (at_ms);
comment on table gate_readings is 'Body temperatures of known people at gates inside the windows of rounds; kept for some days, since the entries hold all of it';

alter table people add column class text not null default '';
comment on column people.class is 'For the morning check; empty = in none';
create index people_by_room on people (room text_pattern_ops) where not gone and room is not null;
create index people_by_class on people (class) where not gone and class <> '';

alter table referrals
  add column source text not null default 'gate' check (source in ('gate', 'round')),
  add column room_mates text[] not null default '{}',
  add column place text;
comment on column referrals.place is 'A round''s: the room where the person was';
comment on column referrals.room_mates is 'A round''s: person_ids of the same room when it was raised';
