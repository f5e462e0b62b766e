// Brings the schema up to date: numbered, forward-only, checksummed migrations, run once under a lock. Called at start.
import { createHash } from 'node:crypto';
import { type Db, inTransaction, type Pool, sqlStateOf, type Tx } from './database.ts';
import start from './migrations/001-start.sql?raw';
import backups from './migrations/002-backups.sql?raw';
import instruments from './migrations/003-instruments.sql?raw';
import evidence from './migrations/004-evidence.sql?raw';
import unmeasured from './migrations/005-unmeasured.sql?raw';
import retention from './migrations/006-retention.sql?raw';
import people from './migrations/007-people.sql?raw';
import rounds from './migrations/008-rounds.sql?raw';
import office from './migrations/009-office.sql?raw';
import holds from './migrations/010-holds.sql?raw';
import gateDesk from './migrations/011-gate-desk.sql?raw';
import regions from './migrations/012-regions.sql?raw';
import { cliTexts } from './texts.ts';

export type Migration = { number: number; sql: string };
/** In order; a migration that has run anywhere is never edited. */
export const migrations: readonly Migration[] = [
  { number: 1, sql: start },
  { number: 2, sql: backups },
  { number: 3, sql: instruments },
  { number: 4, sql: evidence },
  { number: 5, sql: unmeasured },
  { number: 6, sql: retention },
  { number: 7, sql: people },
  { number: 8, sql: rounds },
  { number: 9, sql: office },
  { number: 10, sql: holds },
  { number: 11, sql: gateDesk },
  { number: 12, sql: regions },
];

/** Any number will do, as long as every hub uses the same. Held only while the schema changes, never in the data path. */
export const migrationLock = 7_400_001;

/** Runs what is missing and answers the schema's number. Throws when the database knows another text or a newer schema. */
export async function migrate(pool: Pool, list: readonly Migration[] = migrations): Promise<number> {
  return inTransaction(pool, async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [migrationLock]);
    await startMigrations(tx);
    const done = await tx.query<{ number: number; sha256: string }>('select number, sha256 from migrations');
    const known = new Map(done.rows.map((row) => [row.number, row.sha256]));
    for (const migration of list) {
      const { number, sql } = migration;
      const sha256 = checksumOf(migration);
      const before = known.get(number);
      if (before === sha256) continue;
      if (before !== undefined) throw new Error(`migration ${number} was changed after it had run on this database`);
      await tx.query(sql);
      await noteMigration(tx, migration);
    }
    const newest = Math.max(0, ...list.map((migration) => migration.number));
    const ahead = [...known.keys()].find((number) => number > newest);
    if (ahead !== undefined)
      throw new Error(`this database has schema ${ahead}, this hub knows ${newest}: update the hub`);
    return newest;
  });
}

/** Answers the schema's number where it is just what this hub knows; throws with a sentence where it must be migrated first. */
export async function checkSchema(db: Db, list: readonly Migration[] = migrations): Promise<number> {
  const done = await db
    .query<{ number: number; sha256: string }>('select number, sha256 from migrations order by number')
    .catch((error: unknown) => {
      if (sqlStateOf(error) === '42P01') return { rows: [] };
      throw error;
    });
  const wanted = list.map((migration) => `${migration.number} ${checksumOf(migration)}`).join();
  if (done.rows.map(({ number, sha256 }) => `${number} ${sha256}`).join() !== wanted)
    throw new Error(cliTexts.migrateFirst(done.rows.at(-1)?.number ?? 0, list.at(-1)?.number ?? 0));
  return Math.max(0, ...list.map((migration) => migration.number));
}

/** SHA-256 of a migration's text, whatever the line ends of the checkout. */
export function checksumOf({ sql }: Migration): string {
  return createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
}

export async function startMigrations(tx: Tx): Promise<void> {
  await tx.query('create table if not exists migrations (number integer primary key, sha256 text not null)');
}

export async function noteMigration(tx: Tx, migration: Migration): Promise<void> {
  const values = [migration.number, checksumOf(migration)];
  await tx.query('insert into migrations (number, sha256) values ($1, $2)', values);
}
