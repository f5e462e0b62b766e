// What the office sees of its stations: what was refused or does not fit, and how each station stands. Nobody is named; raw bytes
// come one by one, on demand. Used by the hub and the office page.
import * as z from 'zod/mini';
import { contract, count, ms, name, sha256Hex, text, uuid } from './kit.ts';

export const limits = { faults: 500, stations: 2_000, rawChars: 700_000 } as const;

export const faultKinds = ['set-aside', 'conflict', 'chain', 'gap'] as const;
const place = z.object({ id: name, name: text, campus: text });

export const officeFault = z.object({
  kind: z.enum(faultKinds),
  station: place,
  writerId: uuid,
  /** 0: it named no place of this writer. A gap: the first that is missing. */
  seq: count,
  reason: name,
  atMs: ms,
  /** SHA-256 of the raw bytes, by which they are asked for; null where there are none. */
  sha256: z.nullable(sha256Hex),
});
export type OfficeFault = z.infer<typeof officeFault>;

export const officeStation = z.object({
  station: place,
  code: name,
  /** `unsigned`: no key is on record; `revoked`: its uploads are refused. */
  standing: z.enum(['signed', 'unsigned', 'revoked']),
  writers: count,
  /** Entries without a gap below them, over all its writers. */
  received: count,
  /** Writers with a gap. */
  gaps: count,
  /** When its last entry came in; null before the first. */
  lastMs: z.nullable(ms),
});
export type OfficeStation = z.infer<typeof officeStation>;

/** GET /hub/office/stations */
export const officeAnswer = z.object({
  contract,
  hubNowMs: ms,
  /** How many there are in all; `faults` holds the newest of them. */
  counts: z.object({ setAside: count, conflicts: count, chain: count, gaps: count }),
  faults: z.array(officeFault),
  stations: z.array(officeStation),
});
export type OfficeAnswer = z.infer<typeof officeAnswer>;

/** GET /hub/office/raw?kind=set-aside|conflict&writer=ID&seq=N&sha256=HEX: the bytes as they came. */
export const rawAnswer = z.object({ contract, base64: z.string().check(z.maxLength(limits.rawChars)) });
