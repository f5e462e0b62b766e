// Reads a request's body up to a bound, and JSON bodies through a schema. Called by the routes.
import type { Context } from 'hono';
import type * as z from 'zod/mini';
import { Refusal } from './refusal.ts';
import type { RefusalCode } from './texts.ts';

export const limits = { jsonBytes: 65_536, issues: 20 } as const;

/** The body's bytes; refuses with 413 as soon as more than `maxBytes` have come. */
export async function bodyOf(c: Context, maxBytes: number): Promise<Buffer> {
  const announced = Number(c.req.header('content-length') ?? 0);
  if (announced > maxBytes) throw new Refusal(413, 'too-large');
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (c.req.raw.body === null) return Buffer.alloc(0);
  for await (const chunk of c.req.raw.body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Refusal(413, 'too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** JSON of `bytes`, or a 400. */
export function jsonOf(bytes: Buffer, code: RefusalCode): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return value;
  } catch {
    throw new Refusal(400, code);
  }
}

/** A small JSON body through `schema`, or a 400 that names what is wrong. */
export async function parsedBody<T extends z.ZodMiniType>(c: Context, schema: T): Promise<z.output<T>> {
  const read = schema.safeParse(jsonOf(await bodyOf(c, limits.jsonBytes), 'body-unreadable'));
  if (read.success) return read.data;
  throw new Refusal(400, 'body-unreadable', detailsOf(read.error.issues));
}

export function detailsOf(issues: readonly { path: PropertyKey[]; message: string }[]): string[] {
  return issues.slice(0, limits.issues).map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`);
}
