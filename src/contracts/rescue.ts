// Lines of a rescue file: what a station's journal holds and its hub has not receipted, carried by hand. Written by the bridge's
// `--rescue`, read by the hub's `--import-rescue`; no page needs it.
import * as z from 'zod/mini';
import { count, ms, name, sha256Hex, text, uuid } from './kit.ts';

/** `batchEntries`: entries under one signature; `lineChars`: an entry at its longest, every character escaped. */
export const limits = { batchEntries: 500, lineChars: 524_288 } as const;

export const rescueFormat = 'mengang/rescue/v1';

export const rescueLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('rescue'),
    format: z.literal(rescueFormat),
    station: name,
    name: text,
    campus: text,
    madeMs: ms,
    /** Epoch of the receipts that were left out; null when everything was taken. */
    epoch: z.nullable(name),
  }),
  /** Opens a batch of one writer; `entries` lines of kind `entry` follow. `epoch` is what the signature names. */
  z.object({
    kind: z.literal('batch'),
    writer: uuid,
    entries: count,
    epoch: z.nullable(name),
    /** As in the header of an upload; null: the key was not there any more. */
    signature: z.nullable(text),
  }),
  /** The envelope as it lies in the journal; judged by the hub like an uploaded one. */
  z.object({ kind: z.literal('entry'), envelope: z.unknown() }),
  /** Entries of the file, damaged places that were passed over, and the SHA-256 of all lines before. */
  z.object({ kind: z.literal('end'), entries: count, damaged: count, sha256: sha256Hex }),
]);
export type RescueLine = z.infer<typeof rescueLine>;
