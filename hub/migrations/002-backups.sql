-- Backups that were taken, and the roster after a restore. Instants are milliseconds since 1970 by the hub's clock.

create table backups (
  taken_ms bigint primary key,
  epoch text not null,
  file_bytes bigint
);
comment on table backups is 'Stations forget a delivered entry only when two backups of the present epoch hold it (reliability.md, Delivery)';
comment on column backups.taken_ms is 'When the snapshot began: whatever was committed before lies in the backup';
comment on column backups.epoch is 'meta.epoch at that time; a backup of an earlier epoch counts for nothing';
comment on column backups.file_bytes is 'Size of the file; null for a backup by other means, told by --note-backup';

alter table meta add column roster_floor bigint not null default 0;
comment on column meta.roster_floor is 'A station whose roster is older than this gets the whole roster: set by a restore, whose versions were used for other content';
