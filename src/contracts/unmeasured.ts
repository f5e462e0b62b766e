// GET /hub/unmeasured: today's passages without a measurement, as the gates' feedback saw them. Nobody is named. Used by the hub and
// the clinic board.
import * as z from 'zod/mini';
import { unmeasuredCause } from './downlink.ts';
import { contract, count, ms, name, text, uuid } from './kit.ts';

export const limits = { rows: 500 } as const;

export const unmeasuredRow = z.object({
  entryId: uuid,
  station: z.object({ id: name, name: text }),
  cause: unmeasuredCause,
  /** How many of the same cause this row tells of. */
  times: count,
  /** How long it had stood open when it was told; null unless `held-open`. */
  openMs: z.nullable(ms),
  /** By the station's own clock. */
  atWallMs: ms,
  /** By the hub's clock; the day is the campus day of this one. */
  receivedAtMs: ms,
});
export type UnmeasuredRow = z.infer<typeof unmeasuredRow>;

export const unmeasuredAnswer = z.object({
  contract,
  hubNowMs: ms,
  /** Newest first, at most `limits.rows`. */
  unmeasured: z.array(unmeasuredRow).check(z.maxLength(limits.rows)),
});
