// Staff as they cross a process line: roles, scopes, who is signed in, and the guards whose PIN a station may check. Used by the
// hub, the bridge and every page of people at desks.
import * as z from 'zod/mini';
import type * as domain from '../domain/staff.ts';
import { roles, scopeKinds } from '../domain/staff.ts';
import { cardKey } from './downlink.ts';
import { type Alike, name } from './kit.ts';

export const limits = { scopes: 200, scopeChars: 80, cards: 4, guards: 500, operations: 200 } as const;

export const role = z.enum(roles);
export const scope = z.object({
  kind: z.enum(scopeKinds),
  value: z.string().check(z.minLength(1), z.maxLength(limits.scopeChars)),
});
const pin: Alike<z.infer<typeof scope>, domain.Scope> = true;
void pin;

/** Who is signed in, in every session answer. */
export const signedInStaff = z.object({
  staffId: name,
  name,
  /** A role that this page does not know yet is told all the same. */
  role: name,
  /** Absent from a hub that is older than scopes. */
  scopes: z.optional(z.array(scope)),
  /** This session began with a one-time password: a password must be set. */
  maySetPassword: z.optional(z.boolean()),
  /** Operations of hub/roles.ts that the role may do, be it only for its own; absent from a hub that does not tell. */
  may: z.optional(z.array(name).check(z.maxLength(limits.operations))),
});
export type SignedInStaff = z.infer<typeof signedInStaff>;

/** A guard in GET /hub/station. */
export const stationGuard = z.object({
  staffId: name,
  name,
  pinHash: z.string().check(z.regex(/^\$argon2id\$/), z.maxLength(300)),
  /** Cards that name this guard at a station, as in the roster; a card alone opens nothing. Absent from an older hub. */
  cardKeys: z.optional(z.array(cardKey).check(z.maxLength(limits.cards))),
});
export type StationGuard = z.infer<typeof stationGuard>;
