// The text of a slip: the check that raised a case, packed and signed by the station's key. Called by bridge-page when the guard
// asks for one; only for an entry that lies in this bridge's own journal.
import { deflateRawSync } from 'node:zlib';
import * as z from 'zod/mini';
import { entry as entrySchema } from '../src/contracts/entry.ts';
import { canonicalJson } from '../src/domain/canonical-json.ts';
import type { Envelope } from '../src/domain/entry.ts';
import { limits as slip, slipStatement, slipText } from '../src/domain/slip.ts';
import type { Journal } from './journal.ts';
import type { StationKey } from './station-key.ts';

/** A case is looked for among the newest entries of the newest writers: a slip is written within minutes of its passage. */
export const limits = { writers: 3, entries: 2_000 } as const;

const marks = z.object({ kind: z.string(), raisesCase: z.optional(z.boolean()) });

/** Null when the journal holds no such entry near its end, or the entry raises no case. */
export async function slipOf(
  journal: Pick<Journal, 'heads' | 'read'>,
  key: Pick<StationKey, 'sign'>,
  entryId: string,
): Promise<string | null> {
  for (const { writerId, seq } of journal.heads('page').slice(-limits.writers).reverse()) {
    const newest = await journal.read(writerId, Math.max(1, seq - limits.entries + 1), limits.entries);
    const found = newest.find((one) => one.entryId === entryId);
    if (found !== undefined) return packSlip(key, found);
  }
  return null;
}

/** Signs what fits a QR code of version 25: all of it, or with the governing reading alone and without its samples. */
export function packSlip(key: Pick<StationKey, 'sign'>, envelope: Envelope): string | null {
  const value: unknown = JSON.parse(envelope.bytes);
  const read = marks.safeParse(value);
  if (!read.success || read.data.kind !== 'check' || read.data.raisesCase !== true) return null;
  const whole = pack(envelope, envelope.bytes);
  const packed = whole.length <= slip.packedBytes ? whole : pack(envelope, thinned(value));
  if (packed.length > slip.packedBytes) return null;
  return slipText(Buffer.from(key.sign(slipStatement(packed)), 'base64'), packed);
}

function pack({ entryId, writerId, seq, hash }: Envelope, bytes: string): Uint8Array {
  return deflateRawSync(Buffer.from(JSON.stringify([entryId, writerId, seq, hash, bytes])), { level: 9 });
}

/** The governing reading stands last; the samples stay in the journal and come with the upload. */
function thinned(value: unknown): string {
  const entry = entrySchema.parse(value);
  if (entry.kind !== 'check') return canonicalJson(entry);
  const { ended: _ended, ...rest } = entry;
  return canonicalJson({ ...rest, readings: entry.readings.slice(-1).map((one) => ({ ...one, samples: [] })) });
}
