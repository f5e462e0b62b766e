-- How the gates' thermometers drift: counted readings by hour, and what was alarmed. Instants are milliseconds since 1970.

create table drift_progress (
  writer_id uuid primary key,
  done_seq bigint not null default 0
);
comment on table drift_progress is 'How far the entries of each writer have been counted; never past its watermark';

create table drift_counts (
  station_id text not null,
  site text not null,
  hour_ms bigint not null,
  centi integer not null,
  n bigint not null,
  primary key (station_id, site, hour_ms, centi)
);
comment on table drift_counts is 'Valid live infrared readings, nobody named: how often each value was read in an hour; kept for some days, since the entries hold all of it';
comment on column drift_counts.hour_ms is 'Begin of the hour by the station''s clock, corrected by its offset to the hub';
comment on column drift_counts.centi is 'Hundredths of a degree Celsius, offset added';

create table drift_alarms (
  station_id text not null,
  site text not null,
  hour_ms bigint not null,
  at_ms bigint not null,
  primary key (station_id, site, hour_ms)
);
comment on table drift_alarms is 'Told once: an entry of kind drift and a feed row for each';

create index entries_of_instruments on entries (received_ms) where kind in ('instrument', 'drift');
