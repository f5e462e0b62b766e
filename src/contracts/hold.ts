// People who wait at a gate for a named decision, visitors' details, permits and slips. Used by the hub, the gate page, the office
// page and the clinic's board.
import * as z from 'zod/mini';
import { direction } from './envelope.ts';
import { contract, day, listOf, ms, name, text, upTo, uuid } from './kit.ts';

export const limits = { visitorsAtOnce: 50, holds: 200, permits: 500, slipChars: 4_000 } as const;

/** POST /hub/visitors, by a station. The entry that belongs to it bears the visitorId alone. */
export const visitorDetails = z.object({
  visitorId: uuid,
  name,
  phone: text,
  hostUnit: name,
  purpose: name,
  expiresDay: day,
});
export type VisitorDetails = z.infer<typeof visitorDetails>;
export const visitorsRequest = z.object({
  contract,
  visitors: listOf(visitorDetails, limits.visitorsAtOnce),
});
/** Those whose details are in the hub's database now: the page forgets them. */
export const visitorsAnswer = z.object({ contract, received: z.array(uuid) });

/** Apart, so that a page which needs other schemas of this file leaves the rest out. */
const waitsFor = z.enum(['return-not-granted', 'campus-closed', 'visitor']);

export const holdRow = z.object({
  stationId: name,
  stationName: text,
  passageId: uuid,
  reason: waitsFor,
  /** null: the hub does not know who it is (details of a visitor may come later than the question). */
  name: z.nullable(text),
  personId: z.nullable(name),
  unit: text,
  contact: text,
  phone: text,
  purpose: text,
  sinceMs: ms,
  mayDecide: z.boolean(),
});
export type HoldRow = z.infer<typeof holdRow>;
/** GET /hub/holds */
export const holdsAnswer = z.object({ contract, hubNowMs: ms, holds: z.array(holdRow) });

/** POST /hub/holds/decide */
export const holdRequest = z.object({
  stationId: name,
  passageId: uuid,
  reason: waitsFor,
  allow: z.boolean(),
  note: text,
});

/** POST /hub/permits gives one; POST /hub/permits/{permitId}/end takes it back. */
export const permitRequest = z.object({ personId: name, direction, untilDay: day, reason: name });
export const permitRow = z.object({
  permitId: uuid,
  personId: name,
  name: text,
  direction,
  untilDay: day,
  reason: text,
  byName: text,
});
/** GET /hub/permits: those in force. */
export const permitsAnswer = z.object({ contract, permits: z.array(permitRow) });

/** POST /hub/slips: what a scanner read off a slip. */
export const slipRequest = z.object({ slip: upTo(limits.slipChars) });
/** `isNew`: this slip raised the case; else the hub had it already. */
export const slipAnswer = z.object({ contract, caseId: uuid, caseNo: text, isNew: z.boolean() });

/** Answer of calls that give nothing back. */
export const doneAnswer = z.object({ contract });
