// Who is asking: a station by its token, a member of staff by a session cookie. Called by the routes.
import { randomBytes } from 'node:crypto';
import { type PasswordWeakness, passwordWeakness } from '../src/domain/password.ts';
import { type Db, inTransaction, type Pool, prepared } from './database.ts';
import type { Ledger } from './ledger.ts';
import { Refusal } from './refusal.ts';
import type { Role, Scope } from './roles.ts';
import { hashSecret, newPassword, type Staff, scopesColumn, secretFits, tokenHash } from './staff.ts';
import type { RefusalCode } from './texts.ts';

export const limits = {
  sessionMs: 12 * 3_600_000,
  failures: 5,
  failuresFrom: 50,
  windowMs: 900_000,
  remembered: 10_000,
} as const;
/** The latest end that something of so long a life can have now: what ends later was given out by a clock that was ahead. */
export const latestEndMs = (nowMs: number, lifeMs: number): number => nowMs + 2 * lifeMs;

export const cookieName = 'mengang_hub';

export type StationIdentity = {
  stationId: string;
  code: string;
  name: string;
  campus: string;
  /** Base64 of its Ed25519 key; null: this station's uploads are not signed. */
  publicKey: string | null;
};
export type Session = { staff: Staff; tokenSha256: string; maySetPassword: boolean };

const stationStatement = prepared(
  'station',
  `select s.station_id as "stationId", code, name, campus, public_key as "publicKey", revoked_ms is not null as revoked
   from stations s left join station_keys k on k.station_id = s.station_id and k.ended_ms is null
   where token_sha256 = $1`,
);

/** The station whose token this is. The look-up is by SHA-256, so its time tells nothing of the token. */
export async function stationOf(db: Db, authorization: string | undefined): Promise<StationIdentity> {
  const token = /^Bearer ([\w-]{16,200})$/.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new Refusal(401, 'station-unknown');
  const rows = await db.query<StationIdentity & { revoked: boolean }>(stationStatement, [tokenHash(token)]);
  const found = rows.rows[0];
  if (found === undefined) throw new Refusal(401, 'station-unknown');
  const { revoked, ...station } = found;
  if (revoked) throw new Refusal(403, 'station-revoked');
  return station;
}

/** The session of this cookie's token, null without one that is still good. */
export async function sessionOf(db: Db, token: string | undefined, nowMs: number): Promise<Session | null> {
  if (token === undefined) return null;
  const tokenSha256 = tokenHash(token);
  const rows = await db.query<{
    staff_id: string;
    name: string;
    role: Role;
    scopes: Scope[];
    may_set_password: boolean;
  }>(
    `select staff.staff_id, name, role, may_set_password, ${scopesColumn}
     from sessions join staff on staff.staff_id = sessions.staff_id
     where token_sha256 = $1 and expires_ms > $2 and expires_ms <= $3 and ended_ms is null`,
    [tokenSha256, nowMs, latestEndMs(nowMs, limits.sessionMs)],
  );
  const row = rows.rows[0];
  if (row === undefined) return null;
  return {
    staff: { staffId: row.staff_id, name: row.name, role: row.role, scopes: row.scopes },
    tokenSha256,
    maySetPassword: row.may_set_password,
  };
}

export type SignIn = (
  name: string,
  password: string,
  address: string,
  nowMs: number,
) => Promise<{ token: string; staff: Staff; maySetPassword: boolean }>;

/** Sign-in with its memory of failures, per name and address and per address. */
export function makeSignIn(pool: Pool): SignIn {
  const failures = new Map<string, { count: number; untilMs: number }>();
  // A name that does not exist costs as much time as one that does.
  const nobody = hashSecret(newPassword());

  const counts = ({ untilMs }: { untilMs: number }, nowMs: number) =>
    untilMs > nowMs && untilMs <= latestEndMs(nowMs, limits.windowMs);
  const failed = (key: string, nowMs: number) => {
    const before = failures.get(key);
    const count = before !== undefined && counts(before, nowMs) ? before.count + 1 : 1;
    failures.delete(key);
    failures.set(key, { count, untilMs: nowMs + limits.windowMs });
    const oldest = failures.keys().next();
    if (failures.size > limits.remembered && !oldest.done) failures.delete(oldest.value);
  };
  /** A right password takes back its own count: a clinic behind one address signs in as often as it likes. */
  const forgiven = (key: string) => {
    const seen = failures.get(key);
    if (seen !== undefined) seen.count--;
  };
  const guard = (key: string, max: number, nowMs: number) => {
    const seen = failures.get(key);
    if (seen === undefined || !counts(seen, nowMs) || seen.count < max) return;
    throw new Refusal(429, 'too-many-attempts', [], Math.ceil((seen.untilMs - nowMs) / 1_000));
  };

  return async (name, password, address, nowMs) => {
    const keys = { both: `${address}\n${name}`, address };
    guard(keys.both, limits.failures, nowMs);
    guard(keys.address, limits.failuresFrom, nowMs);
    // Counted before the password is looked at: guesses sent at the same time are counted too.
    failed(keys.both, nowMs);
    failed(keys.address, nowMs);
    const rows = await pool.query<{
      staff_id: string;
      name: string;
      role: Role;
      scopes: Scope[];
      password_hash: string | null;
      password_once: boolean;
    }>(
      `select staff_id, name, role, password_hash, password_once, ${scopesColumn} from staff
       where name = $1 and ended_ms is null`,
      [name],
    );
    const row = rows.rows[0];
    const fits = await secretFits(row?.password_hash ?? (await nobody), password);
    if (row === undefined || row.password_hash === null || !fits) throw new Refusal(401, 'wrong-password');
    const token = randomBytes(32).toString('base64url');
    await inTransaction(pool, async (tx) => {
      if (row.password_once) {
        const used = await tx.query(
          'update staff set password_hash = null where staff_id = $1 and password_hash = $2',
          [row.staff_id, row.password_hash],
        );
        if (used.rowCount === 0) throw new Refusal(401, 'wrong-password');
      }
      await tx.query('delete from sessions where expires_ms <= $1', [nowMs]);
      await tx.query(
        'insert into sessions (token_sha256, staff_id, may_set_password, created_ms, expires_ms) values ($1, $2, $3, $4, $5)',
        [tokenHash(token), row.staff_id, row.password_once, nowMs, nowMs + limits.sessionMs],
      );
    });
    failures.delete(keys.both);
    forgiven(keys.address);
    return {
      token,
      staff: { staffId: row.staff_id, name: row.name, role: row.role, scopes: row.scopes },
      maySetPassword: row.password_once,
    };
  };
}

export async function signOut(db: Db, session: Session): Promise<void> {
  await db.query('delete from sessions where token_sha256 = $1', [session.tokenSha256]);
}

const weakCodes = {
  short: 'password-weak',
  name: 'password-name',
  common: 'password-common',
} as const satisfies Record<PasswordWeakness, RefusalCode>;

/** Sets a new password; the present one is needed unless this session began with a one-time password. Other sessions end. */
export async function setPassword(
  { pool: db, ledger }: { pool: Pool; ledger: Ledger },
  session: Session,
  present: string | null,
  fresh: string,
): Promise<void> {
  const { staffId, role, name } = session.staff;
  const weakness = passwordWeakness(fresh, name);
  if (weakness !== null) throw new Refusal(422, weakCodes[weakness]);
  if (!session.maySetPassword) {
    const rows = await db.query<{ password_hash: string | null }>(
      'select password_hash from staff where staff_id = $1',
      [staffId],
    );
    const stored = rows.rows[0]?.password_hash ?? null;
    if (stored === null || present === null || !(await secretFits(stored, present)))
      throw new Refusal(401, 'wrong-password');
  }
  const hash = await hashSecret(fresh);
  await ledger.exclusive(async (tx, books) => {
    await tx.query('update staff set password_hash = $2, password_once = false where staff_id = $1', [staffId, hash]);
    await tx.query('delete from sessions where staff_id = $1 and token_sha256 <> $2', [staffId, session.tokenSha256]);
    await tx.query('update sessions set may_set_password = false where token_sha256 = $1', [session.tokenSha256]);
    books.append({ kind: 'staff', act: 'password', staffId, role, scopes: null, by: staffId });
  });
}
