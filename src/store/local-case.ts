// A case that this station raised, as it is kept here until the clinic closes it. Used by db, page-state and the gate's station.
import * as z from 'zod/mini';
import { acknowledgeHow, disposition, referralState } from '../contracts/downlink.ts';
import { cardNumber } from '../contracts/envelope.ts';
import { count, ms, name, text, uuid } from '../contracts/kit.ts';

export const localCase = z.object({
  topic: z.literal('case'),
  /** entryId of the check that raised it. */
  caseId: uuid,
  station: name,
  state: referralState,
  how: z.nullable(acknowledgeHow),
  by: z.nullable(text),
  disposition: z.nullable(disposition),
  /** 0 until the clinic's first word. */
  version: count,
  /** The hub's receipt for the check has come. */
  delivered: z.boolean(),
  caseNo: text,
  card: z.nullable(cardNumber),
  personId: z.nullable(name),
  wallMs: ms,
});
export type LocalCase = z.infer<typeof localCase>;
