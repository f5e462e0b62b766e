// What crosses a process line for the sake of evidence: enrolment, signatures over batches, daily heads, and the lines of an
// export. Used by the bridge, the hub and the auditor; no page needs it.
import * as z from 'zod/mini';
import { contract, count, day, int, ms, name, sha256Hex, text, uuid } from './kit.ts';

export const limits = { proof: 64, heads: 64, noteChars: 4_096, lineChars: 262_144 } as const;

/** Header of POST /hub/entries; a browser's tablet sends the same, signed by its WebCrypto key. */
export const signatureHeader = 'mengang-signature';

/** Base64 of the 32 bytes of an Ed25519 public key, and of the 64 of a signature. */
export const publicKey = z.string().check(z.regex(/^[A-Za-z0-9+/]{43}=$/));
export const signature = z.string().check(z.regex(/^[A-Za-z0-9+/]{86}==$/));
export const holding = z.enum(['held', 'passed-on']);
export const pairingCode = z.string().check(z.regex(/^\d{10}$/));

/** POST /hub/station/enrol; `proof` is the signature over possessionText('enrol', code, publicKey). */
export const enrolRequest = z.object({
  contract,
  code: pairingCode,
  /** What the station's configuration says it is; null for a tablet, which has none and is told by the answer. */
  place: z.nullable(z.object({ name, campus: name })),
  publicKey,
  proof: signature,
});
export type EnrolRequest = z.infer<typeof enrolRequest>;
export const enrolAnswer = z.object({
  contract,
  station: z.object({ id: name, code: name, name, campus: name }),
  token: name,
});
export type EnrolAnswer = z.infer<typeof enrolAnswer>;

/** GET /hub/heads?log=ID&size=N: the newest head, and the proof that the tree of `size` leaves is its beginning. */
export const headsAnswer = z.object({
  contract,
  head: z.nullable(
    z.object({ log: name, vkey: text, note: z.string().check(z.maxLength(limits.noteChars)), madeMs: ms }),
  ),
  /** null when the station named no tree of this log. */
  proof: z.nullable(z.array(sha256Hex).check(z.maxLength(limits.proof))),
});
export type HeadsAnswer = z.infer<typeof headsAnswer>;

/** POST /hub/office/pairing */
export const pairingRequest = z.object({
  name,
  campus: name,
  code: z.optional(z.string().check(z.regex(/^[A-Z][0-9]{2}$/))),
});

const n = count;
/** Lines of a heads file, which are lines of an export as well: leaves in the order of the tree, then the head over them. */
export const leafLine = z.object({ kind: z.literal('leaf'), log: name, n, leaf: z.string() });
export const headLine = z.object({
  kind: z.literal('head'),
  log: name,
  number: count,
  size: count,
  day,
  closed: z.boolean(),
  madeMs: ms,
  vkey: z.string(),
  note: z.string(),
});
export const logLine = z.object({ kind: z.literal('log'), log: name, epoch: name, createdMs: ms });
export const headsFileLine = z.discriminatedUnion('kind', [logLine, leafLine, headLine]);
export type LeafLine = z.infer<typeof leafLine>;
export type HeadLine = z.infer<typeof headLine>;
export type LogLine = z.infer<typeof logLine>;
export type HeadsFileLine = z.infer<typeof headsFileLine>;

const seq = int.check(z.gte(1));
export const exportLine = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('export'),
    format: z.literal('mengang/export/v1'),
    from: day,
    to: day,
    madeMs: ms,
    epoch: name,
  }),
  z.object({ kind: z.literal('station'), station: name, code: name, campus: name, revokedMs: z.nullable(ms) }),
  z.object({
    kind: z.literal('key'),
    station: name,
    keyId: name,
    publicKey,
    source: name,
    createdMs: ms,
    endedMs: z.nullable(ms),
  }),
  logLine,
  leafLine,
  headLine,
  /** Every writer that there is; `from` and `to` are the seqs that follow, null when this export holds none of it. */
  z.object({
    kind: z.literal('writer'),
    writer: uuid,
    station: name,
    owner: z.nullable(name),
    watermark: count,
    top: count,
    from: z.nullable(seq),
    to: z.nullable(seq),
    /** Hash of the entry before `from`, as the hub tells it; null at the beginning of the chain or where there is none. */
    before: z.nullable(sha256Hex),
  }),
  z.object({
    kind: z.literal('signature'),
    writer: uuid,
    seq,
    hash: sha256Hex,
    holding,
    station: name,
    keyId: name,
    epoch: z.nullable(name),
    signature,
    receivedMs: ms,
  }),
  z.object({
    kind: z.literal('entry'),
    writer: uuid,
    seq,
    entryId: uuid,
    hash: sha256Hex,
    station: name,
    receivedMs: ms,
    bytes: z.string(),
  }),
  /** What holds a place without being an entry: set aside or in conflict. `raw` is base64. */
  z.object({
    kind: z.literal('aside'),
    writer: uuid,
    seq: count,
    entryId: z.string(),
    hash: z.nullable(sha256Hex),
    why: z.string(),
    station: name,
    receivedMs: ms,
    rawSha256: sha256Hex,
    raw: z.string(),
  }),
  z.object({ kind: z.literal('end'), lines: count, entries: count, sha256: sha256Hex }),
]);
export type ExportLine = z.infer<typeof exportLine>;
export type LineOf<K extends ExportLine['kind']> = Extract<ExportLine, { kind: K }>;
