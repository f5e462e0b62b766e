-- What stations may forget, and what was brought in by hand. Instants are milliseconds since 1970 by the hub's clock.

create table seals (
  writer_id uuid primary key references writers,
  epoch text not null,
  seq bigint not null
);
comment on table seals is 'Up to here a station may forget: every place is older than the age and lies in two backups of this epoch (reliability.md, Delivery); never falls within an epoch';
comment on column seals.epoch is 'A seal of another epoch than meta.epoch counts for nothing: after a restore the count begins anew';

create table rescues (
  file_sha256 text primary key,
  station_id text not null,
  made_ms bigint not null,
  imported_ms bigint not null,
  entries bigint not null,
  unsigned bigint not null
);
comment on table rescues is 'Files of --rescue that were imported; a file that comes again changes nothing';
comment on column rescues.made_ms is 'By the station''s clock';
comment on column rescues.unsigned is 'Entries whose batches no good key of the station has signed: an auditor finds no signature over them';

create index feed_by_age on feed (at_ms);
create table feed_floors (
  process_id text primary key,
  n bigint not null
);
comment on table feed_floors is 'Rows up to n are no longer kept: a cursor below it misses some, and its reader must fetch everything anew';
