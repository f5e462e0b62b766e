// Brings the schema up to date: numbered, forward-only, checksummed migrations, run once under a lock. Called at start.
import { createHash } from 'node:crypto';
import { inTransaction, type Pool } from './database.ts';
import start from './migrations/001-start.sql?raw';

export type Migration = { number: number; sql: string };
/** In order, without gaps; a migration that has run anywhere is never edited. */
export const migrations: readonly Migration[] = [{ number: 1, sql: start }];

/** Any number will do, as long as every hub uses the same. Held only while the schema changes, never in the data path. */
const migrationLock = 7_400_001;

/** Runs what is missing and answers the schema's number. Throws when the database knows another text or a newer schema. */
export async function migrate(pool: Pool, list: readonly Migration[] = migrations): Promise<number> {
  return inTransaction(pool, async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [migrationLock]);
    await tx.query('create table if not exists migrations (number integer primary key, sha256 text not null)');
    const done = await tx.query<{ number: number; sha256: string }>('select number, sha256 from migrations');
    const known = new Map(done.rows.map((row) => [row.number, row.sha256]));
    for (const { number, sql } of list) {
      const sha256 = createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
      const before = known.get(number);
      if (before === sha256) continue;
      if (before !== undefined) throw new Error(`migration ${number} was changed after it had run on this database`);
      await tx.query(sql);
      await tx.query('insert into migrations (number, sha256) values ($1, $2)', [number, sha256]);
    }
    const newest = Math.max(0, ...list.map((migration) => migration.number));
    const ahead = [...known.keys()].find((number) => number > newest);
    if (ahead !== undefined)
      throw new Error(`this database has schema ${ahead}, this hub knows ${newest}: update the hub`);
    return newest;
  });
}
