// What administrators do to staff: each act is one transaction with its entry. Called by routes-admin.ts and the command line.
import { randomInt } from 'node:crypto';
import type { CardsRequest, NewStaffRequest } from '../src/contracts/admin.ts';
import { cardKey } from '../src/contracts/downlink.ts';
import { typedNumber } from '../src/domain/card-number.ts';
import { pinFits } from '../src/domain/password.ts';
import { type Role, type Scope, scopeKindsOf } from '../src/domain/staff.ts';
import type { Tx } from './database.ts';
import type { Ledger } from './ledger.ts';
import { Refusal } from './refusal.ts';
import { hashSecret, newPassword, putStaff } from './staff.ts';

export const limits = { pinDigits: 6, pinTries: 100 } as const;

type Known = { name: string; role: Role };
export type Secret = { staffId: string; password: string | null; pin: string | null };

/** Makes a member of staff; answers the one-time password, or the PIN of a guard, which is stored nowhere. */
export async function createStaff(ledger: Ledger, who: NewStaffRequest, by: string, nowMs: number): Promise<Secret> {
  refuseUnfit(who.role, who.scopes);
  const isGuard = who.role === 'guard';
  const [password, pin] = [isGuard ? null : newPassword(), isGuard ? newPin() : null];
  return ledger.exclusive(async (tx, books) => {
    await refuseTakenName(tx, who.name, null);
    const { staffId } = await putStaff(tx, { name: who.name, role: who.role, password, once: true, pin }, nowMs);
    await putScopes(tx, staffId, who.scopes);
    books.append({ kind: 'staff', act: 'create', staffId, role: who.role, scopes: textsOf(who.scopes), by });
    return { staffId, password, pin };
  });
}

/** Name, role and scopes as they shall be; an entry for each that changes, none for what stays. */
export async function changeStaff(ledger: Ledger, staffId: string, who: NewStaffRequest, by: string): Promise<void> {
  refuseUnfit(who.role, who.scopes);
  await ledger.exclusive(async (tx, books) => {
    const before = await known(tx, staffId);
    const told = { kind: 'staff', staffId, role: who.role, by } as const;
    if (before.name !== who.name) {
      await refuseTakenName(tx, who.name, staffId);
      await tx.query('update staff set name = $2 where staff_id = $1', [staffId, who.name]);
      books.append({ ...told, act: 'rename', scopes: null });
    }
    if (before.role !== who.role) {
      if (before.role === 'admin') await refuseLastAdmin(tx, staffId);
      await tx.query('update staff set role = $2 where staff_id = $1', [staffId, who.role]);
      books.append({ ...told, act: 'role', scopes: null });
    }
    if (await putScopes(tx, staffId, who.scopes)) books.append({ ...told, act: 'scopes', scopes: textsOf(who.scopes) });
  });
}

/** A new one-time password; whoever is signed in by the old one is signed out. */
export async function resetPassword(ledger: Ledger, staffId: string, by: string): Promise<Secret> {
  if (staffId === by) throw new Refusal(409, 'own-account');
  const password = newPassword();
  const hash = await hashSecret(password);
  await ledger.exclusive(async (tx, books) => {
    const { role } = await known(tx, staffId);
    await tx.query('update staff set password_hash = $2, password_once = true where staff_id = $1', [staffId, hash]);
    await tx.query('delete from sessions where staff_id = $1', [staffId]);
    books.append({ kind: 'staff', act: 'password', staffId, role, scopes: null, by });
  });
  return { staffId, password, pin: null };
}

/** A guard's PIN: the given one, or a new one that is told once. Stations have it within a minute. */
export async function setPin(ledger: Ledger, staffId: string, given: string | null, by: string): Promise<Secret> {
  if (given !== null && !pinFits(given)) throw new Refusal(422, 'pin-weak');
  const pin = given ?? newPin();
  const hash = await hashSecret(pin);
  await ledger.exclusive(async (tx, books) => {
    const { role } = await guard(tx, staffId);
    await tx.query('update staff set pin_hash = $2 where staff_id = $1', [staffId, hash]);
    books.append({ kind: 'staff', act: 'pin', staffId, role, scopes: null, by });
  });
  return { staffId, password: null, pin: given === null ? pin : null };
}

/** A guard's cards, all of them anew. A card names one guard at most. */
export async function setCards(
  ledger: Ledger,
  staffId: string,
  cards: CardsRequest['cards'],
  by: string,
): Promise<void> {
  const keys = [...new Set(cards.map(keyOf))];
  await ledger.exclusive(async (tx, books) => {
    const { role } = await guard(tx, staffId);
    await tx.query('delete from staff_cards where staff_id = $1', [staffId]);
    const put = await tx.query(
      'insert into staff_cards (card_key, staff_id) select unnest($1::text[]), $2 on conflict do nothing',
      [keys, staffId],
    );
    if (put.rowCount !== keys.length) throw new Refusal(409, 'card-taken');
    books.append({ kind: 'staff', act: 'cards', staffId, role, scopes: null, by });
  });
}

/** Works here no longer: sessions, password, PIN and cards go; the row and what it did stay. The last admin cannot be ended. */
export async function endStaff(ledger: Ledger, staffId: string, by: string, nowMs: number): Promise<void> {
  await ledger.exclusive(async (tx, books) => {
    const { role } = await known(tx, staffId);
    if (role === 'admin') await refuseLastAdmin(tx, staffId);
    await tx.query('update staff set ended_ms = $2, password_hash = null, pin_hash = null where staff_id = $1', [
      staffId,
      nowMs,
    ]);
    await tx.query('delete from sessions where staff_id = $1', [staffId]);
    await tx.query('delete from staff_cards where staff_id = $1', [staffId]);
    books.append({ kind: 'staff', act: 'end', staffId, role, scopes: null, by });
  });
}

/** By the command line and the demonstration: made (true), or renewed when somebody of this name works here. */
export async function storeStaff(
  ledger: Ledger,
  who: Parameters<typeof putStaff>[1],
  by: string,
  nowMs: number,
  scopes: readonly Scope[] | null = null,
): Promise<boolean> {
  return ledger.exclusive(async (tx, books) => {
    if (who.role !== 'admin') await refuseLastAdminNamed(tx, who.name);
    const { staffId, isNew } = await putStaff(tx, who, nowMs);
    const act = isNew ? 'create' : 'renew';
    // A role that was changed keeps of its scopes what it can have: a building of before gives a counsellor nothing.
    const wanted = scopes ?? (await scopesOf(tx, staffId)).filter(({ kind }) => scopeKindsOf[who.role].includes(kind));
    const told = (await putScopes(tx, staffId, wanted)) || scopes !== null ? textsOf(wanted) : null;
    books.append({ kind: 'staff', act, staffId, role: who.role, scopes: told, by });
    return isNew;
  });
}

async function known(tx: Tx, staffId: string): Promise<Known> {
  const rows = await tx.query<Known>(
    'select name, role from staff where staff_id = $1 and ended_ms is null for update',
    [staffId],
  );
  const found = rows.rows[0];
  if (found === undefined) throw new Refusal(404, 'staff-unknown');
  return found;
}

async function guard(tx: Tx, staffId: string): Promise<Known> {
  const found = await known(tx, staffId);
  if (found.role !== 'guard') throw new Refusal(422, 'guards-only');
  return found;
}

async function refuseLastAdmin(tx: Tx, staffId: string): Promise<void> {
  // All of them are locked: two hubs that end the last two at once see each other.
  const admins = await tx.query<{ staff_id: string }>(
    "select staff_id from staff where role = 'admin' and ended_ms is null order by staff_id for update",
  );
  if (admins.rows.every((row) => row.staff_id === staffId)) throw new Refusal(409, 'last-admin');
}

async function refuseLastAdminNamed(tx: Tx, name: string): Promise<void> {
  const named = await tx.query<{ staff_id: string }>(
    "select staff_id from staff where name = $1 and role = 'admin' and ended_ms is null",
    [name],
  );
  if (named.rows[0] !== undefined) await refuseLastAdmin(tx, named.rows[0].staff_id);
}

async function refuseTakenName(tx: Tx, name: string, staffId: string | null): Promise<void> {
  const taken = await tx.query(
    'select 1 from staff where name = $1 and ended_ms is null and staff_id is distinct from $2',
    [name, staffId],
  );
  if (taken.rowCount !== 0) throw new Refusal(409, 'name-taken');
}

function refuseUnfit(role: Role, scopes: readonly Scope[]): void {
  const wrong = scopes.filter(({ kind }) => !scopeKindsOf[role].includes(kind));
  if (wrong.length > 0) throw new Refusal(422, 'scope-unfit', textsOf(wrong));
}

async function scopesOf(tx: Tx, staffId: string): Promise<Scope[]> {
  return (await tx.query<Scope>('select kind, value from staff_scopes where staff_id = $1', [staffId])).rows;
}

/** True when they are others than before. */
async function putScopes(tx: Tx, staffId: string, scopes: readonly Scope[]): Promise<boolean> {
  if (textsOf(await scopesOf(tx, staffId)).join('\n') === textsOf(scopes).join('\n')) return false;
  await tx.query('delete from staff_scopes where staff_id = $1', [staffId]);
  await tx.query(
    `insert into staff_scopes (staff_id, kind, value)
     select $1, kind, value from json_to_recordset($2::json) as r (kind text, value text) on conflict do nothing`,
    [staffId, JSON.stringify(scopes)],
  );
  return true;
}

/** In one order and each once, so that they can be compared. */
function textsOf(scopes: readonly Scope[]): string[] {
  return [...new Set(scopes.map(({ kind, value }) => `${kind}:${value}`))].sort();
}

function keyOf({ kind, number }: CardsRequest['cards'][number]): string {
  const plain = kind === 'uid' ? number.replace(/[\s:-]/g, '').toUpperCase() : typedNumber(number);
  const read = cardKey.safeParse(`${kind}:${plain}`);
  if (!read.success) throw new Refusal(422, 'card-unreadable');
  return read.data;
}

/** Six digits that are no run. */
export function newPin(): string {
  for (let tries = 0; tries < limits.pinTries; tries++) {
    const pin = String(randomInt(10 ** limits.pinDigits)).padStart(limits.pinDigits, '0');
    if (pinFits(pin)) return pin;
  }
  throw new Error('no PIN was found');
}
