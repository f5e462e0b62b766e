-- Keys of stations, pairing codes, signatures over batches, and the hub's log of daily heads.

create table station_keys (
  key_id text primary key,
  station_id text not null references stations,
  public_key text not null unique,
  source text not null check (source in ('pairing', 'first-contact')),
  created_ms bigint not null,
  ended_ms bigint
);
create unique index station_keys_good on station_keys (station_id) where ended_ms is null;
comment on column station_keys.key_id is 'First 16 hex digits of the SHA-256 of the 32 bytes of the Ed25519 public key';
comment on column station_keys.public_key is 'Base64 of the 32 bytes';
comment on column station_keys.source is 'pairing: redeemed with a code; first-contact: came with the first signed upload of a station that has only a token';

create table pairings (
  pairing_id text primary key,
  code_hash text not null,
  name text not null,
  campus text not null,
  station_code text,
  made_by text not null,
  created_ms bigint not null,
  expires_ms bigint not null,
  tries integer not null default 0,
  redeemed_ms bigint,
  redeemed_key text
);
comment on column pairings.code_hash is 'argon2id of the ten digits, which are shown once and stored nowhere';
comment on column pairings.tries is 'Counted before a code is looked at, over all pairings that are open: a restart gives no further tries';
comment on column pairings.redeemed_key is 'The same key may ask again while the code lives: its answer may have been lost';

alter table writers add column owner_id text;
comment on column writers.owner_id is 'Station that first signed this writer, or the hub process itself; nobody else may occupy its seqs';

create table batch_signatures (
  writer_id uuid not null,
  seq bigint not null,
  key_id text not null,
  holding text not null check (holding in ('held', 'passed-on')),
  hash text not null,
  station_id text not null,
  epoch text,
  signature text not null,
  received_ms bigint not null,
  primary key (writer_id, seq, key_id, holding, hash)
);
comment on table batch_signatures is 'A station''s word for the highest entry of a batch (docs/protocol.md, Evidence); it binds every entry before it';
comment on column batch_signatures.epoch is 'As the batch named it; null before the station''s first receipt';

create table head_logs (
  log_id text primary key,
  epoch text not null,
  created_ms bigint not null
);
comment on table head_logs is 'One append-only log for each epoch: a hub restored from a backup begins another, never rewrites the old one';

create table head_leaves (
  log_id text not null references head_logs,
  n bigint not null,
  leaf text not null,
  primary key (log_id, n)
);
comment on column head_leaves.n is 'Place in the Merkle tree, from 0';

create table head_marks (
  log_id text not null references head_logs,
  subject text not null,
  mark text not null,
  primary key (log_id, subject)
);
comment on table head_marks is 'The newest leaf of each writer (its seq) and key (its state): what has not moved gets no new leaf';

create table heads (
  log_id text not null references head_logs,
  number integer not null,
  size bigint not null,
  day text not null,
  closed boolean not null,
  made_ms bigint not null,
  vkey text not null,
  note text not null,
  primary key (log_id, number)
);
comment on column heads.day is 'Campus day (Asia/Shanghai) that this head covers; never falls within a log';
comment on column heads.closed is 'Made after the end of its day; false = on demand, in its middle';
comment on column heads.note is 'The signed checkpoint: C2SP tlog-checkpoint in a signed note';

create function evidence_stays() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger batch_signatures_stay before update or delete or truncate on batch_signatures
  for each statement execute function evidence_stays();
create trigger head_leaves_stay before update or delete or truncate on head_leaves
  for each statement execute function evidence_stays();
create trigger heads_stay before update or delete or truncate on heads
  for each statement execute function evidence_stays();
