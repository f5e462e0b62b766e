// What the hub's own role may do in the database: read and write, but neither change nor delete what was recorded, nor touch
// the triggers that guard it. Called by base.ts after each migration.
import { escapeIdentifier, escapeLiteral } from 'pg';
import { type Db, inTransaction, type Pool, type Tx } from './database.ts';
import { migrationLock } from './migrate.ts';

/** Tables that only grow, whoever asks: those that a trigger of the migrations guards. */
const guarded = `select distinct c.relname::text as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
  join pg_proc p on p.oid = t.tgfoid
  where p.proname in ('entries_stay', 'evidence_stays') and c.relnamespace = current_schema()::regnamespace order by 1`;

/**
 * Gives `role` the rights of a running hub on the tables that there are. `password`: the role is made, or given this password,
 * by us; null: the administrator has made it. Throws what the database throws.
 */
export async function grantRole(owner: Pool, role: string, password: string | null): Promise<void> {
  await inTransaction(owner, async (tx) => {
    // Two hubs that start at once would change the same rows of the catalogue.
    await tx.query('select pg_advisory_xact_lock($1)', [migrationLock]);
    if (password !== null) await makeRole(tx, role, password);
    const found = await tx.query<{ schema: string }>('select current_schema()::text as schema');
    const schema = escapeIdentifier(found.rows[0]?.schema ?? 'public');
    const who = escapeIdentifier(role);
    await tx.query(`grant usage on schema ${schema} to ${who}`);
    await tx.query(`grant select, insert, update, delete on all tables in schema ${schema} to ${who}`);
    await tx.query(`revoke insert, update, delete on migrations from ${who}`);
    for (const { name } of (await tx.query<{ name: string }>(guarded)).rows)
      await tx.query(`revoke update, delete, truncate, trigger on ${escapeIdentifier(name)} from ${who}`);
  });
}

async function makeRole(tx: Tx, role: string, password: string): Promise<void> {
  const there = await tx.query('select 1 from pg_roles where rolname = $1', [role]);
  const verb = there.rowCount === 0 ? 'create' : 'alter';
  await tx.query(
    `${verb} role ${escapeIdentifier(role)} login nosuperuser nocreatedb nocreaterole noreplication password ${escapeLiteral(password)}`,
  );
}

/** Whether this role makes tables here: the owner does, the role of a running hub does not. */
export async function mayChangeSchema(db: Db): Promise<boolean> {
  const rows = await db.query<{ may: boolean }>("select has_schema_privilege(current_schema()::text, 'CREATE') as may");
  return rows.rows[0]?.may ?? false;
}

/** Whether this role could change or delete an entry but for the trigger, which its owner can switch off. */
export async function mayChangeEntries(db: Db): Promise<boolean> {
  const rows = await db.query<{ may: boolean }>(
    `select has_table_privilege('entries', 'UPDATE, DELETE, TRUNCATE') as may`,
  );
  return rows.rows[0]?.may ?? false;
}
