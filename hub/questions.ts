// Questions that are due at the next entrance (protocol.md, row 9): asked again after isolation or home observation, done
// with by an admission that came later. Called by uploads.ts, orders.ts and the daily sweep.
import { type Db, type Pool, prepared } from './database.ts';
import { type Ledger, toAll } from './ledger.ts';
import { nextRosterVersion } from './roster-version.ts';
import type { Good } from './upload-rules.ts';

/** Marks the questions as due from `nowMs` on, and answers the new roster version. */
export async function askQuestions(tx: Db, personIds: readonly string[], nowMs: number): Promise<number> {
  const version = await nextRosterVersion(tx);
  await tx.query(
    'update people set questions_due = true, questions_since_ms = $2, version = $3 where person_id = any($1::text[])',
    [personIds, nowMs, version],
  );
  return version;
}

const dueStatement = prepared(
  'questions-due',
  'select person_id, questions_since_ms, version from people where person_id = any($1::text[]) and questions_due',
);

/**
 * Whoever was admitted on the way in has answered, at a gate whose roster told it to ask. A transaction of its own behind that of the
 * entries: losing it costs one more question at the next entrance, never an admission.
 */
export async function answerQuestions(ledger: Ledger, pool: Pool, fresh: readonly Good[]): Promise<void> {
  const admitted = fresh.flatMap(({ entry }) => {
    if (entry.kind !== 'check' || entry.verdict !== 'admit' || entry.direction !== 'in') return [];
    const { personId, rosterVersion, wallMs, hubOffsetMs } = entry;
    return personId === null ? [] : [{ personId, rosterVersion, hubMs: wallMs + (hubOffsetMs ?? 0) }];
  });
  if (admitted.length === 0) return;
  const due = await pool.query<{ person_id: string; questions_since_ms: number; version: number }>(dueStatement, [
    admitted.map(({ personId }) => personId),
  ]);
  const done = due.rows.filter((row) =>
    admitted.some(
      ({ personId, rosterVersion, hubMs }) =>
        personId === row.person_id && rosterVersion >= row.version && hubMs > row.questions_since_ms,
    ),
  );
  if (done.length === 0) return;
  await ledger.exclusive(async (tx, books) => {
    const version = await nextRosterVersion(tx);
    await tx.query('update people set questions_due = false, version = $2 where person_id = any($1::text[])', [
      done.map((row) => row.person_id),
      version,
    ]);
    books.tell(toAll, { topic: 'roster', version });
  });
}
