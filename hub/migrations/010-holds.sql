-- People whom a card does not settle: who is held at a gate until somebody decides by name, visitors' details in rows that can be
-- erased, permits for a closed campus. Instants are milliseconds since 1970 by the hub's clock.

create table holds (
  station_id text not null references stations,
  passage_id uuid not null,
  kind text not null check (kind in ('hold', 'visitor')),
  reason text not null check (reason in ('return-not-granted', 'campus-closed', 'visitor')),
  person_id text,
  visitor_id uuid,
  host_unit text not null default '',
  purpose text not null default '',
  received_ms bigint not null,
  passage_wall_ms bigint not null,
  state text not null check (state in ('open', 'decided', 'over')),
  allow boolean,
  decision_id uuid,
  decided_by text,
  decided_name text,
  decided_ms bigint,
  primary key (station_id, passage_id)
);
create index holds_open on holds (received_ms) where state = 'open';
create index holds_decided on holds (station_id, decided_ms) where state = 'decided';
comment on table holds is 'Passages that wait for a named decision; what was decided is an entry (hold-decision)';
comment on column holds.state is 'over: the passage ended without a decision of the hub';

create table visitors (
  station_id text not null references stations,
  visitor_id uuid not null,
  name text not null,
  phone text not null,
  host_unit text not null,
  purpose text not null,
  expires_day text not null,
  received_ms bigint not null,
  erased_ms bigint,
  primary key (station_id, visitor_id)
);
create index visitors_to_erase on visitors (expires_day) where erased_ms is null;
comment on table visitors is 'Personal details of visitors: erased 30 days after their last day; entries hold the visitor_id alone';

create table permits (
  permit_id uuid primary key,
  person_id text not null references people,
  direction text not null check (direction in ('in', 'out')),
  until_day text not null,
  reason text not null,
  by_name text not null,
  given_ms bigint not null,
  ended_ms bigint
);
create index permits_in_force on permits (person_id, direction) where ended_ms is null;
comment on table permits is 'May pass a closed campus in this direction until the end of until_day';
