// Reads entries and envelopes that come from outside: compiled checks made of the same contracts let pass what fits, and zod
// itself looks at the rest. Called by upload-check.
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as z from 'zod';
import { entry as entrySchema, envelope as envelopeSchema } from '../src/contracts/entry.ts';
import type { Entry, Envelope } from '../src/domain/entry.ts';

/** Lengths in UTF-16 code units and patterns without the `u` flag, as in zod; it would only log that such lengths are out of fashion. */
const ajv = new Ajv2020({ strict: false, unicodeRegExp: false, allErrors: false, unicode: false, logger: false });

/** Compiled when the first one comes: a command of the hub that reads no entry need not wait for thirty checks. */
function compiled(schema: z.core.$ZodType): (value: unknown) => boolean {
  let check: ((value: unknown) => boolean) | null = null;
  return (value) => {
    check ??= ajv.compile<unknown>(z.toJSONSchema(schema));
    return check(value);
  };
}

const isEnvelope = compiled(envelopeSchema);
const isOfKind = new Map(
  entrySchema._zod.def.options.map((option) => [option._zod.def.shape.kind._zod.def.values[0], compiled(option)]),
);

/** The envelope, or null. Text for text what zod would answer. */
export function readEnvelope(raw: unknown): Envelope | null {
  if (isEnvelope(raw)) return raw as Envelope;
  const read = envelopeSchema.safeParse(raw);
  return read.success ? read.data : null;
}

/** The entry, or null. `bytes`: where `value` was parsed from. */
export function readEntry(value: unknown, bytes: string): Entry | null {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  const fits = typeof kind === 'string' ? isOfKind.get(kind as Entry['kind']) : undefined;
  // zod leaves such a member out of a record; a compiled check would let it stand.
  if (fits?.(value) === true && !bytes.includes('__proto__')) return value as Entry;
  const read = entrySchema.safeParse(value);
  return read.success ? read.data : null;
}
