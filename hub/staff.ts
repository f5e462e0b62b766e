// Staff and stations as rows: passwords and PINs as argon2id, tokens as SHA-256. Called by the command line, sign-in and the
// bridge's GET /hub/station.
import { createHash, randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { limits, type StationGuard } from '../src/contracts/staff.ts';
import type { Db } from './database.ts';
import type { Role, Scope } from './roles.ts';

/** OWASP's argon2id: 19 MiB, 2 passes, 1 lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export type Staff = { staffId: string; name: string; role: Role; scopes: readonly Scope[] };

/** Column of a select on staff: the scopes as a list. */
export const scopesColumn = `(select coalesce(json_agg(json_build_object('kind', kind, 'value', value) order by kind, value), '[]')
  from staff_scopes where staff_scopes.staff_id = staff.staff_id) as scopes`;

export const hashSecret = (secret: string): Promise<string> => hash(secret, cost);
export const secretFits = (stored: string, secret: string): Promise<boolean> => verify(stored, secret);
export const tokenHash = (token: string): string => createHash('sha256').update(token, 'utf8').digest('hex');

/** 20 characters without look-alikes: 100 bits. */
export function newPassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'.padEnd(32, 'A');
  return [...randomBytes(20)].map((byte) => letters[byte % 32]).join('');
}

/** Stores (or renews) a person; `password` once = forgotten at the first sign-in. Sessions end with the old password. */
export async function putStaff(
  db: Db,
  who: { name: string; role: Role; password: string | null; once: boolean; pin: string | null },
  nowMs: number,
): Promise<{ staffId: string; isNew: boolean }> {
  const passwordHash = who.password === null ? null : await hashSecret(who.password);
  const pinHash = who.pin === null ? null : await hashSecret(who.pin);
  const row = await db.query<{ staff_id: string; is_new: boolean }>(
    `insert into staff (staff_id, name, role, password_hash, password_once, pin_hash, created_ms)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (name) where ended_ms is null do update set role = excluded.role, password_hash = coalesce(excluded.password_hash, staff.password_hash),
       password_once = case when excluded.password_hash is null then staff.password_once else excluded.password_once end,
       pin_hash = coalesce(excluded.pin_hash, staff.pin_hash)
     returning staff_id, xmax = 0 as is_new`,
    [`sf-${randomBytes(6).toString('hex')}`, who.name, who.role, passwordHash, who.once, pinHash, nowMs],
  );
  const stored = row.rows[0];
  if (stored === undefined) throw new Error('staff was not stored');
  if (passwordHash !== null) await db.query('delete from sessions where staff_id = $1', [stored.staff_id]);
  return { staffId: stored.staff_id, isNew: stored.is_new };
}

export type NewStation = { stationId: string; token: string; code: string };

/** Enrols a station; the token is told once and only its SHA-256 is stored. */
export async function addStation(
  db: Db,
  station: { name: string; campus: string; code: string | null; token?: string },
  nowMs: number,
): Promise<NewStation> {
  const token = station.token ?? randomBytes(32).toString('base64url');
  const stationId = `st-${tokenHash(token).slice(0, 12)}`;
  await db.query('insert into campuses (campus) values ($1) on conflict do nothing', [station.campus]);
  const code = station.code ?? `G${String((await countStations(db)) + 1).padStart(2, '0')}`;
  await db.query(
    'insert into stations (station_id, token_sha256, code, name, campus, created_ms) values ($1, $2, $3, $4, $5, $6)',
    [stationId, tokenHash(token), code, station.name, station.campus, nowMs],
  );
  return { stationId, token, code };
}

async function countStations(db: Db): Promise<number> {
  return (await db.query<{ count: number }>('select count(*) as count from stations')).rows[0]?.count ?? 0;
}

/** Guards whose PIN a station of this campus may check, with the cards that name them there. */
export async function guardsOf(db: Db, campus: string): Promise<StationGuard[]> {
  const rows = await db.query<StationGuard>(
    `select staff_id as "staffId", name, pin_hash as "pinHash",
       (select coalesce(json_agg(card_key order by card_key), '[]') from staff_cards
        where staff_cards.staff_id = staff.staff_id) as "cardKeys"
     from staff where role = 'guard' and pin_hash is not null and ended_ms is null
       and (not exists (select 1 from staff_scopes s where s.staff_id = staff.staff_id and kind = 'campus')
         or exists (select 1 from staff_scopes s where s.staff_id = staff.staff_id and kind = 'campus' and value = $2))
     order by name limit $1`,
    [limits.guards, campus],
  );
  return rows.rows;
}
