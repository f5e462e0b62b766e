// The statements of upload-store.ts, each prepared once for a connection.
import { prepared } from './database.ts';

/** A column is one parameter, in binary: reading the same rows out of JSON took the server longer than storing them. */
const insertEntriesText = `insert into entries (writer_id, seq, entry_id, hash, bytes, station_id, kind, case_id, wall_ms, received_ms)
  select $1::uuid, s, i, h, b, $2, k, c, w, $3
  from unnest($4::bigint[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::uuid[], $10::bigint[])
    as r (s, i, h, b, k, c, w)`;
export const statements = {
  lockWriter: prepared(
    'lock-writer',
    `insert into writers (writer_id, station_id, owner_id, first_seen_ms) values ($1, $2, $3, $4)
     on conflict (writer_id) do update set owner_id = coalesce(writers.owner_id, excluded.owner_id)
     returning watermark, top_seq, owner_id`,
  ),
  hashesAt: prepared(
    'hashes-at',
    `select seq, hash from entries where writer_id = $1 and seq = any($2::bigint[])
     union all select seq, hash from set_aside where writer_id = $1 and seq = any($2::bigint[])
     union all select seq, hash from conflicts where writer_id = $1 and seq = any($2::bigint[])`,
  ),
  heldWithoutEntry: prepared(
    'held-without-entry',
    `select seq, aside from (
       select seq, raw_sha256 as aside from set_aside where writer_id = $1 and seq = any($2::bigint[])
       union all select seq, null from conflicts where writer_id = $1 and seq = any($2::bigint[])) held
     where not exists (select 1 from entries e where e.writer_id = $1 and e.seq = held.seq)`,
  ),
  insertEntries: prepared('insert-entries', insertEntriesText),
  insertNewOfEntries: prepared(
    'insert-new-of-entries',
    `${insertEntriesText} order by s on conflict do nothing returning seq`,
  ),
  storedLike: prepared(
    'stored-like',
    `select writer_id as "writerId", seq, entry_id as "entryId", hash, bytes
       from entries where writer_id = $1 and seq = any($2::bigint[])
     union select writer_id, seq, entry_id, hash, bytes from entries where entry_id = any($3::uuid[])`,
  ),
  flagChainFault: prepared(
    'flag-chain-fault',
    'insert into chain_faults (writer_id, seq, found_ms) values ($1, $2, $3) on conflict do nothing',
  ),
  endOfRun: prepared(
    'end-of-run',
    `select max(seq) as top from (
       select seq, seq - row_number() over (order by seq) as gap from (
         select seq from entries where writer_id = $1 and seq > $2
         union select seq from set_aside where writer_id = $1 and seq > $2
         union select seq from conflicts where writer_id = $1 and seq > $2) occupied) numbered
     where gap = $2`,
  ),
  saveWriter: prepared('save-writer', 'update writers set watermark = $2, top_seq = $3 where writer_id = $1'),
  standing: prepared(
    'standing',
    `select epoch, exists (select 1 from entries where writer_id = $1 and seq = $2)
       or exists (select 1 from set_aside where writer_id = $1 and seq = $2)
       or exists (select 1 from conflicts where writer_id = $1 and seq = $2) as occupied
     from meta`,
  ),
} as const;
