// The list of regions that the travel question asks for (R5): kept by the office, handed to gates with the downlink and to the
// clinic with the notices. Called by downlink.ts, notices.ts and routes-notices.ts.
import type * as z from 'zod/mini';
import type { regionsRequest } from '../src/contracts/list-request.ts';
import { type Region, regions as regionList } from '../src/contracts/region.ts';
import { canonicalJson } from '../src/domain/canonical-json.ts';
import type { Db } from './database.ts';
import { type Ledger, toAll } from './ledger.ts';
import type { Actor } from './orders.ts';
import { Refusal } from './refusal.ts';

export async function regionsOf(db: Db): Promise<Region[]> {
  const rows = await db.query<{ regions: unknown }>('select regions from meta');
  return regionList.parse(rows.rows[0]?.regions);
}

/** Stores the whole list; every gate fetches it. 409 `list-moved` when it is not what the office had before it. */
export async function setRegions(
  ledger: Ledger,
  { regions, was }: z.infer<typeof regionsRequest>,
  actor: Actor,
): Promise<void> {
  await ledger.exclusive(async (tx, books) => {
    if (canonicalJson(await regionsOf(tx)) !== canonicalJson(was)) throw new Refusal(409, 'list-moved');
    const document = canonicalJson(regions);
    await tx.query('update meta set regions = $1', [document]);
    books.append({ kind: 'regions', by: actor.staffId, document });
    books.tell(toAll, { topic: 'notices' });
  });
}
