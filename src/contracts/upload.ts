// POST /hub/entries: a batch of one writer's entries and the answer for each of them. Used by the uploader and the hub.
import * as z from 'zod/mini';
import type { envelope } from './entry.ts';
import { contract, count, listOf, ms, name, text, uuid } from './kit.ts';

export const limits = { entries: 2_000, bytes: 1_048_576 } as const;

/** What the entries of a batch look like to the hub before each is judged by itself: one bad entry never blocks the rest. */
export const uploadRequest = z.object({
  contract,
  writerId: uuid,
  /** Highest seq of this writer that the station holds a receipt for, in `epoch`; lets a restored hub notice itself. */
  receiptedSeq: count,
  /** Epoch of those receipts; null before the first. */
  epoch: z.nullable(name),
  entries: listOf(z.unknown(), limits.entries),
});
export type UploadRequest = Omit<z.infer<typeof uploadRequest>, 'entries'> & { entries: z.infer<typeof envelope>[] };

export const receiptStatus = z.enum(['stored', 'duplicate', 'conflict', 'set-aside']);
export const uploadAnswer = z.object({
  contract,
  epoch: name,
  hubNowMs: ms,
  /** Highest seq of this writer without a gap below it. */
  watermark: count,
  results: z.array(z.object({ entryId: z.string(), seq: count, status: receiptStatus, reason: z.optional(text) })),
});
export type UploadAnswer = z.infer<typeof uploadAnswer>;
export type ReceiptStatus = z.infer<typeof receiptStatus>;

/** Every refusal of the hub or the bridge, with one sentence that says what to do. */
export const errorAnswer = z.object({
  error: z.object({ code: name, zh: z.string(), en: z.string(), details: z.optional(z.array(z.string())) }),
});
export type ErrorAnswer = z.infer<typeof errorAnswer>;
