// Judges one uploaded entry by itself: readable, canonical, of this writer and this station. Pure; called by uploads.ts.
import { hash } from 'node:crypto';
import * as z from 'zod/mini';
import { canonicalJson } from '../src/domain/canonical-json.ts';
import type { Entry, Envelope } from '../src/domain/entry.ts';
import { readEntry, readEnvelope } from './entry-reader.ts';

export type SetAsideReason =
  | 'envelope'
  | 'writer'
  | 'json'
  | 'schema'
  | 'canonical'
  | 'station'
  | 'characters'
  | 'foreign'
  | 'hash';

export type Judged =
  | { ok: true; envelope: Envelope; entry: Entry }
  /** `seq` 0 when the envelope names none of this writer: then it occupies nothing. */
  | { ok: false; seq: number; entryId: string; hash: string | null; raw: string; reason: SetAsideReason };

/** A NUL or a lone surrogate, as JSON escapes them: no database text can hold what they stand for. */
const unstorable = /\\u(0000|d[89a-f][0-9a-f]{2})/i;

const place = z.object({
  seq: z.optional(z.unknown()),
  entryId: z.optional(z.unknown()),
  hash: z.optional(z.unknown()),
});

/** What the hub thinks of `raw`, sent by `stationId` in a batch of `writerId`. The chain is looked at elsewhere. */
export function judge(raw: unknown, writerId: string, stationId: string): Judged {
  const envelope = readEnvelope(raw);
  if (envelope === null) return { ok: false, ...placeOf(raw, writerId), raw: rawText(raw), reason: 'envelope' };
  const bad = (reason: SetAsideReason): Judged => ({
    ok: false,
    seq: reason === 'writer' ? 0 : envelope.seq,
    entryId: envelope.entryId,
    hash: envelope.hash,
    raw: rawText(raw),
    reason,
  });
  if (envelope.writerId !== writerId) return bad('writer');
  const value = jsonOf(envelope.bytes);
  if (value === undefined) return bad('json');
  if (unstorable.test(envelope.bytes)) return bad('characters');
  const entry = readEntry(value, envelope.bytes);
  if (entry === null) return bad('schema');
  if (!isCanonical(value, envelope.bytes)) return bad('canonical');
  if (entry.station !== stationId) return bad('station');
  return { ok: true, envelope, entry };
}

/** Hash of `bytes` behind `previous`, as in src/domain/chain.ts; Node's own SHA-256, since thousands pass here a second. */
export function chainHash(previous: string, bytes: string): string {
  const input = Buffer.allocUnsafe(32 + Buffer.byteLength(bytes));
  // Anything but 64 hex digits would leave old memory in it.
  if (input.write(previous, 'hex') !== 32) throw new RangeError('the hash before is no SHA-256');
  input.write(bytes, 32);
  return hash('sha256', input);
}

export function sha256Of(text: string): string {
  return hash('sha256', text);
}

/** One text for the same content whatever the order of its members: a repeat must be found again. */
export function rawText(raw: unknown): string {
  return JSON.stringify(raw) ?? 'null';
}

function placeOf(raw: unknown, writerId: string): { seq: number; entryId: string; hash: string | null } {
  const read = place.safeParse(raw);
  if (!read.success) return { seq: 0, entryId: '', hash: null };
  const { seq, entryId, hash } = read.data;
  const own = typeof raw === 'object' && raw !== null && 'writerId' in raw && raw.writerId === writerId;
  return {
    seq: own && typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 1 ? seq : 0,
    entryId: typeof entryId === 'string' && /^[0-9a-zA-Z-]{1,64}$/.test(entryId) ? entryId : '',
    hash: typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash) ? hash : null,
  };
}

function jsonOf(bytes: string): unknown {
  try {
    const value: unknown = JSON.parse(bytes);
    return value;
  } catch {
    return undefined; // no JSON: told to the caller by the absence
  }
}

/** Of a value that the schema has let pass: no number in it has a fraction. */
function isCanonical(value: unknown, bytes: string): boolean {
  // Nearly always: the text that JSON.stringify makes of it, its members in order. Every doubt goes the long way.
  if (isInOrder(value) && JSON.stringify(value) === bytes) return true;
  try {
    return canonicalJson(value) === bytes;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** Members of every object sorted by UTF-16 code units, as RFC 8785 asks. */
function isInOrder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isInOrder);
  let before = '';
  for (const [name, member] of Object.entries(value)) {
    if (name < before || !isInOrder(member)) return false;
    before = name;
  }
  return true;
}
