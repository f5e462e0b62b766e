// The pool of connections and the one way to run a transaction: read committed, tried again when PostgreSQL asks for it.
// Called by every part of the hub that stores or reads.
import pg from 'pg';
import type { Logger } from 'pino';

export const limits = { connections: 12, connectMs: 5_000, statementMs: 30_000, attempts: 6, retryStepMs: 15 } as const;

export type Pool = pg.Pool;
export type Tx = pg.PoolClient;
/** Whatever can run a query: the pool, or the client of a transaction. */
export type Db = Pick<pg.Pool, 'query'>;

// Counters stay far below 2^53: int8 as a number spares a conversion at every use.
pg.types.setTypeParser(20, Number);

/** A pool on `url` (postgres://...). A broken idle connection is logged by its code and replaced. */
export function openPool(url: string, log: Logger): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: limits.connections,
    connectionTimeoutMillis: limits.connectMs,
    statement_timeout: limits.statementMs,
    application_name: 'mengang-hub',
  });
  // A connection that breaks between two queries of a transaction tells it as an event, which nobody would hear and Node would
  // end the hub for; the transaction's next query fails by itself.
  pool.on('connect', (client) =>
    client.on('error', (error) => log.warn({ code: sqlStateOf(error) }, 'a database connection broke')),
  );
  pool.on('error', (error) => log.warn({ code: sqlStateOf(error) }, 'an idle database connection broke'));
  return pool;
}

/** A statement of the data path, parsed and planned once for each connection: that took as long as running it. Names are unique. */
export const prepared = (name: string, text: string) => ({ name, text });

/** Serialization failure, deadlock: the same work may succeed when done again. */
const again = new Set(['40001', '40P01']);

/** Runs `work` in a transaction and answers after the commit; retries on 40001 and 40P01. `work` must be repeatable. */
export async function inTransaction<T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const client = await pool.connect();
    let broken = false;
    try {
      await client.query('begin');
      const result = await work(client);
      await client.query('commit');
      return result;
    } catch (error) {
      broken = await rollBack(client);
      if (attempt >= limits.attempts || !again.has(sqlStateOf(error) ?? '')) throw error;
      // Spread by the process, not by chance: two that met once are unlikely to meet at every attempt.
      await new Promise((resolve) => setTimeout(resolve, limits.retryStepMs * attempt));
    } finally {
      client.release(broken);
    }
  }
}

/** True when the connection is no longer usable and must leave the pool. */
async function rollBack(client: Tx): Promise<boolean> {
  try {
    await client.query('rollback');
    return false;
  } catch {
    return true; // the connection is gone, and with it the transaction
  }
}

/** SQLSTATE or Node's error code ('ECONNREFUSED'), null when there is none. */
export function sqlStateOf(error: unknown): string | null {
  if (error instanceof AggregateError && error.errors.length > 0) return sqlStateOf(error.errors[0]);
  if (typeof error !== 'object' || error === null || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** What a database error means to a caller: no space, not there, or neither. */
export function troubleOf(error: unknown): 'disk-full' | 'away' | null {
  const code = sqlStateOf(error) ?? '';
  if (code === '53100' || code === 'ENOSPC') return 'disk-full';
  if (/^(08|57P0|53[23]00)/.test(code)) return 'away';
  if (/^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOENT|EHOSTUNREACH|ENOTFOUND)$/.test(code)) return 'away';
  const message = error instanceof Error ? error.message : '';
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
    message,
  )
    ? 'away'
    : null;
}
