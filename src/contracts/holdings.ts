// GET /hub/station/holdings: what the hub holds of the asking station. Used by the bridge, which prunes its journal by it, and the
// hub; no page needs it. A hub of the contract before answers 404, and nothing is pruned.
import * as z from 'zod/mini';
import { contract, count, int, ms, name, sha256Hex, uuid } from './kit.ts';

export const limits = { writers: 2_000 } as const;

export const holdingsAnswer = z.object({
  contract,
  epoch: name,
  hubNowMs: ms,
  /** Newest first. */
  writers: z
    .array(
      z.object({
        writerId: uuid,
        /** Highest seq without a gap below it. */
        watermark: count,
        /** Up to here the station may forget, if its own entry at `seq` has this `hash`; null: nothing yet. */
        sealed: z.nullable(z.object({ seq: int.check(z.gte(1)), hash: sha256Hex })),
      }),
    )
    .check(z.maxLength(limits.writers)),
});
export type HoldingsAnswer = z.infer<typeof holdingsAnswer>;
