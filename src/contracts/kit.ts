// Small parts shared by the contracts: the contract version, common scalars, and the compile-time pin to domain types.
import * as z from 'zod/mini';

/** Version of all messages that cross a process line. Each side accepts its own and the one before. */
export const contractVersion = 1;

export const limits = {
  textChars: 200,
  noteChars: 1_000,
  cardsPerPerson: 8,
  lostCards: 16,
  entryBytes: 65_536,
} as const;

/*@__NO_SIDE_EFFECTS__*/
export function whole(least: number, most: number) {
  return int.check(z.gte(least), z.lte(most));
}
/*@__NO_SIDE_EFFECTS__*/
export function matching(pattern: RegExp) {
  return z.string().check(z.regex(pattern));
}

/** At most so many characters. */
/*@__NO_SIDE_EFFECTS__*/
export function upTo(chars: number) {
  return z.string().check(z.maxLength(chars));
}
/** The same words, but some. */
/*@__NO_SIDE_EFFECTS__*/
export function filled(words: z.ZodMiniString) {
  return words.check(z.minLength(1));
}
/** At most so many of these. */
/*@__NO_SIDE_EFFECTS__*/
export function listOf<Item extends z.core.$ZodType>(item: Item, most: number) {
  return z.array(item).check(z.maxLength(most));
}

export const int = z.int();
/** Milliseconds, monotonic or since 1970. */
export const ms = z.int();
export const contract = whole(contractVersion - 1, contractVersion);
export const count = int.check(z.gte(0));
export const uuid = matching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
export const sha256Hex = matching(/^[0-9a-f]{64}$/);
export const text = upTo(limits.textChars);
export const name = filled(text);
export const day = matching(/^\d{4}-\d{2}-\d{2}$/);
export const centi = whole(-10_000, 100_000);
export const tenths = whole(-1_000, 10_000);

/** Compiles only when both types are the same; `const pin: Same<A, B> = true`. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : [A, B];
/** Structural equality for deep object types, where Same is too literal about intersections. */
export type Alike<A, B> = [A] extends [B] ? ([B] extends [A] ? true : [A, B]) : [A, B];
