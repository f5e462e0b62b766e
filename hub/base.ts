// A hub's database: reached as its owner, brought up to date, then worked with as a role that cannot change what was recorded.
// Called by hub.ts, by the command line and by the export.
import { createHmac, randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { openPool, type Pool } from './database.ts';
import { type Embedded, startEmbedded } from './embedded.ts';
import { checkSchema, migrate } from './migrate.ts';
import { grantRole, mayChangeEntries, mayChangeSchema } from './role-grants.ts';
import { cliTexts, demoTexts } from './texts.ts';

/**
 * Where the data is: the embedded server of a state folder, or a server of one's own. `migrateUrl` is then the owner of the
 * tables, for migrations, grants and restores alone; without it `databaseUrl` does that as well, if it may.
 */
export type Storage = { databaseUrl: string; migrateUrl?: string | undefined } | { stateDir: string };

/** A database with a pool on it; also used by command-line calls beside a running hub. */
export type Base = { pool: Pool; embedded: Embedded | null; close(stopServer: boolean): Promise<void> };

const embeddedRole = 'mengang_hub';

/** From the environment of this process: DATABASE_URL and MIGRATE_DATABASE_URL, or STATE_DIR. */
export function storageOf(env: NodeJS.ProcessEnv): Storage {
  return env.DATABASE_URL
    ? { databaseUrl: env.DATABASE_URL, migrateUrl: env.MIGRATE_DATABASE_URL || undefined }
    : { stateDir: env.STATE_DIR ?? './.state' };
}

/** The server and a pool on it as the owner of the tables, as it is: nothing is migrated. */
export async function openServer(storage: Storage, log: Logger): Promise<Base> {
  const embedded = 'stateDir' in storage ? await startEmbedded(storage.stateDir) : null;
  const url = 'databaseUrl' in storage ? (storage.migrateUrl ?? storage.databaseUrl) : (embedded?.url ?? '');
  return baseOn(url, embedded, log);
}

/** The database, migrated, with a pool of the hub's own role where there is one. Throws with a sentence when it cannot be used. */
export async function openBase(storage: Storage, log: Logger): Promise<Base> {
  const server = await openServer(storage, log);
  const { embedded } = server;
  try {
    const working = workingRole(storage, embedded);
    if (!(await mayChangeSchema(server.pool))) {
      await checkSchema(server.pool);
      return server;
    }
    await migrate(server.pool);
    await firstRow(server.pool);
    if (working === null) {
      if (await mayChangeEntries(server.pool)) log.warn(cliTexts.entriesOpen);
      return server;
    }
    await grantRole(server.pool, working.role, working.password);
    await server.close(false);
    return baseOn(working.url, embedded, log);
  } catch (error) {
    await server.close(embedded !== null && !embedded.found);
    throw error;
  }
}

function baseOn(url: string, embedded: Embedded | null, log: Logger): Base {
  const pool = openPool(url, log);
  const close = async (stopServer: boolean) => {
    if (!pool.ended) await pool.end();
    if (stopServer && embedded !== null) await embedded.stop();
  };
  return { pool, embedded, close };
}

type Working = { url: string; role: string; password: string | null };

/** Who the hub is in the database; null when there is one address only, and so one role. */
function workingRole(storage: Storage, embedded: Embedded | null): Working | null {
  if ('databaseUrl' in storage) {
    if (storage.migrateUrl === undefined) return null;
    return { url: storage.databaseUrl, role: userOf(storage.databaseUrl), password: null };
  }
  if (embedded === null) return null;
  // Every process of this state folder comes to the same one, and the owner's cannot be had from it.
  const password = createHmac('sha256', embedded.secret).update(embeddedRole).digest('hex');
  const url = new URL(embedded.url);
  url.username = embeddedRole;
  url.password = password;
  return { url: url.href, role: embeddedRole, password };
}

function userOf(databaseUrl: string): string {
  const user = decodeURIComponent(URL.canParse(databaseUrl) ? new URL(databaseUrl).username : '');
  if (user === '') throw new Error(cliTexts.roleUnnamed);
  return user;
}

async function firstRow(pool: Pool): Promise<void> {
  const { name, phone } = demoTexts.defaultClinic;
  await pool.query('insert into meta (epoch, clinic_name, clinic_phone) values ($1, $2, $3) on conflict do nothing', [
    randomBytes(8).toString('hex'),
    name,
    phone,
  ]);
}
