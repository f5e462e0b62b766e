// What a page knows of entries: their envelopes, the words inside that it uses itself, and what a gate reads back of its own
// checks. Apart from entry.ts, so that a page does not load the schemas of every kind.
import * as z from 'zod/mini';
import { count, int, limits, matching, ms, name, sha256Hex, text, uuid } from './kit.ts';

export const site = z.enum(['forehead', 'wrist', 'neck', 'ear', 'axillary', 'oral']);
export const mode = z.enum(['object', 'forehead', 'wrist', 'contact']);
export const direction = z.enum(['in', 'out']);
export const orderKind = z.enum(['isolation', 'home', 'hospital', 'watch']);

export const cardNumber = z.strictObject({
  uid: z.nullable(matching(/^[0-9A-F]{2,40}$/)),
  printed: z.nullable(matching(/^[0-9A-Za-z,:-]{1,40}$/)),
});

/** What a gate reads back of a check that it wrote: who was decided on, and whether that raised a case. */
export const checkMark = z.object({
  kind: z.literal('check'),
  station: name,
  wallMs: ms,
  card: z.nullable(cardNumber),
  personId: z.nullable(name),
  raisesCase: z.boolean(),
  caseNo: z.nullable(text),
});
export type CheckMark = z.infer<typeof checkMark>;

const measured = z.object({ method: name, site });
/** How its person was measured, for whoever goes on with that. */
export const triedMark = z.object({
  kind: z.literal('check'),
  wallMs: ms,
  personId: z.nullable(name),
  verdict: name,
  reason: name,
  tries: count,
  readings: z.array(measured),
  ended: z.optional(measured),
});

export const envelope = z.strictObject({
  entryId: uuid,
  writerId: uuid,
  seq: int.check(z.gte(1)),
  hash: sha256Hex,
  bytes: z.string().check(z.minLength(2), z.maxLength(limits.entryBytes)),
});
