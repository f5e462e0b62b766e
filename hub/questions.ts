// Questions that are due at the next entrance (protocol.md, row 9): asked again after isolation or home observation, done
// with by an admission that came later. Called by uploads.ts, orders.ts and the daily sweep.
import type { Db, Pool } from './database.ts';
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

/**
 * Whoever was admitted on the way in has answered. A transaction of its own behind that of the entries: losing it costs
 * one more question at the next entrance, never an admission.
 */
export async function answerQuestions(ledger: Ledger, pool: Pool, fresh: readonly Good[]): Promise<void> {
  const admitted = new Map<string, number>();
  for (const { entry } of fresh) {
    if (entry.kind !== 'check' || entry.verdict !== 'admit' || entry.direction !== 'in' || entry.personId === null)
      continue;
    const hubMs = entry.wallMs + (entry.hubOffsetMs ?? 0);
    admitted.set(entry.personId, Math.max(hubMs, admitted.get(entry.personId) ?? 0));
  }
  if (admitted.size === 0) return;
  const due = await pool.query<{ person_id: string; questions_since_ms: number }>(
    'select person_id, questions_since_ms from people where person_id = any($1::text[]) and questions_due',
    [[...admitted.keys()]],
  );
  const done = due.rows.filter((row) => (admitted.get(row.person_id) ?? 0) > row.questions_since_ms);
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
