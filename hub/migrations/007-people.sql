-- Staff with every role of R20, their scopes, cards and end; who read whose data as a log that only grows. Instants are
-- milliseconds since 1970 by the hub's clock.

alter table staff drop constraint staff_role_check;
alter table staff add constraint staff_role_known check (role in ('guard', 'dorm-manager', 'nurse', 'clinic-head', 'counsellor',
  'class-teacher', 'party-secretary', 'unit-head', 'student-affairs', 'personnel', 'duty-office', 'security', 'logistics', 'office',
  'campus-lead', 'auditor', 'admin'));
alter table staff add column ended_ms bigint;
comment on column staff.ended_ms is 'Works here no longer: signs in nowhere; the row stays, since entries name its staff_id';
alter table staff drop constraint staff_name_key;
create unique index staff_name_in_use on staff (name) where ended_ms is null;

create table staff_scopes (
  staff_id text not null references staff,
  kind text not null check (kind in ('campus', 'building', 'unit', 'class', 'students')),
  value text not null,
  primary key (staff_id, kind, value)
);
comment on table staff_scopes is 'campus narrows what the role may do; the others say what is somebody''s own (src/domain/staff.ts)';

create table staff_cards (
  card_key text primary key,
  staff_id text not null references staff
);
create index staff_cards_by_staff on staff_cards (staff_id);
comment on column staff_cards.card_key is 'uid:HEX or printed:DIGITS as in cards; names a guard at a station, where the PIN proves; never logged';

create index sessions_by_staff on sessions (staff_id);
create index reads_by_time on reads (at_ms, staff_id);
create trigger reads_stay before update or delete or truncate on reads for each statement execute function evidence_stays();
