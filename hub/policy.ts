// The policy in force and the campus mode: read by the downlink, written by administrators. Called by the routes and by
// whatever needs a threshold.
import { type PolicyDocument, policyDocument, policyOf } from '../src/contracts/policy.ts';
import type { Policy } from '../src/domain/policy.ts';
import type { Db } from './database.ts';
import { detailsOf } from './http-body.ts';
import { type Ledger, toAll, toCampus } from './ledger.ts';
import { Refusal } from './refusal.ts';
import { nextRosterVersion } from './roster-version.ts';
import { issueTexts } from './texts.ts';

export type PolicyNow = { version: number; document: PolicyDocument; policy: Policy };

/** The document in force, checked again as it comes from the disk. */
export async function policyNow(db: Db): Promise<PolicyNow> {
  const row = (
    await db.query<{ policy_version: number; policy_document: string }>(
      'select policy_version, policy_document from meta',
    )
  ).rows[0];
  if (row === undefined) throw new Error('the hub has no meta row');
  const document = policyDocument.parse(JSON.parse(row.policy_document));
  return { version: row.policy_version, document, policy: policyOf(document, row.policy_version) };
}

/** Puts `document` in force when `version` is still the present one; an entry names who did it. Refuses with details. */
export async function setPolicy(ledger: Ledger, input: unknown, version: number, by: string): Promise<PolicyNow> {
  const parsed = policyDocument.safeParse(input);
  if (!parsed.success) {
    throw new Refusal(422, 'policy-refused', detailsOf(parsed.error.issues));
  }
  const document = parsed.data;
  const next = checked(document, version + 1);
  return ledger.exclusive(async (tx, books) => {
    const changed = await tx.query(
      'update meta set policy_version = $1, policy_document = $2 where policy_version = $3',
      [next.version, JSON.stringify(document), version],
    );
    if (changed.rowCount === 0) throw new Refusal(409, 'policy-conflict');
    books.append({ kind: 'policy', version: next.version, by, document: JSON.stringify(document) });
    books.tell(toAll, { topic: 'policy', version: next.version });
    return { version: next.version, document, policy: next };
  });
}

function checked(document: PolicyDocument, version: number): Policy {
  try {
    return policyOf(document, version);
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(422, 'policy-refused', [issueTexts.mustHold(error.message)]);
    throw error;
  }
}

/** Opens or closes a campus; its gates hear it at once. */
export async function setCampusMode(ledger: Ledger, campus: string, mode: 'open' | 'closed'): Promise<void> {
  await ledger.exclusive(async (tx, books) => {
    const changed = await tx.query('update campuses set mode = $2 where campus = $1', [campus, mode]);
    if (changed.rowCount === 0) throw new Refusal(404, 'campus-unknown');
    books.tell(toCampus(campus), { topic: 'campus', mode });
    // A bridge lets through who was held before only by a newer roster.
    books.tell(toCampus(campus), { topic: 'roster', version: await nextRosterVersion(tx) });
  });
}
