// What administrators and the auditor see and do on /admin: staff, stations and who read whose data. Used by the hub and
// src/admin.
import * as z from 'zod/mini';
import { pairingCode } from './evidence.ts';
import { contract, count, day, ms, name, text } from './kit.ts';
import { role, scope, limits as staffLimits } from './staff.ts';

export const limits = { nameChars: 60, staff: 2_000, stations: 2_000, reads: 100, cursorChars: 1_000 } as const;

/** A name as it stands on screens: no control characters, no blanks around. */
const givenName = z
  .string()
  .check(z.minLength(1), z.maxLength(limits.nameChars), z.regex(/^[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u));
const scopes = z.array(scope).check(z.maxLength(staffLimits.scopes));

export const staffRow = z.object({
  staffId: name,
  name: text,
  role,
  scopes: z.array(scope),
  /** `once`: a one-time password that nobody has used yet. */
  password: z.enum(['none', 'once', 'set']),
  hasPin: z.boolean(),
  /** The last four signs of each card. */
  cards: z.array(text),
  /** Sessions that are open now. */
  sessions: count,
  createdMs: ms,
  endedMs: z.nullable(ms),
});
export type StaffRow = z.infer<typeof staffRow>;

/** GET /hub/admin/staff: who works here first, then who did; by name. */
export const staffAnswer = z.object({ contract, hubNowMs: ms, staff: z.array(staffRow), campuses: z.array(text) });
export type StaffAnswer = z.infer<typeof staffAnswer>;

/** POST /hub/admin/staff; a guard gets a PIN, everybody else a one-time password. */
export const newStaffRequest = z.object({ name: givenName, role, scopes });
export type NewStaffRequest = z.infer<typeof newStaffRequest>;

/** PUT /hub/admin/staff/{staffId} */
export const changeStaffRequest = newStaffRequest;

/** POST /hub/admin/staff/{staffId}/pin; null: the hub makes one. */
export const pinRequest = z.object({ pin: z.nullable(z.string().check(z.maxLength(20))) });

/** PUT /hub/admin/staff/{staffId}/cards: all cards of a guard, as printed on them or by the chip's number in hex. */
export const cardsRequest = z.object({
  cards: z
    .array(z.object({ kind: z.enum(['printed', 'uid']), number: z.string().check(z.minLength(1), z.maxLength(60)) }))
    .check(z.maxLength(staffLimits.cards)),
});
export type CardsRequest = z.infer<typeof cardsRequest>;

/** What is told once and stored nowhere; null where there is none. */
export const secretAnswer = z.object({
  contract,
  staffId: name,
  password: z.nullable(text),
  pin: z.nullable(text),
});
export type SecretAnswer = z.infer<typeof secretAnswer>;

export { doneAnswer } from './hold.ts';

export const stationRow = z.object({
  stationId: name,
  code: text,
  name: text,
  campus: text,
  revokedMs: z.nullable(ms),
  /** null: uploads of this station are not signed. */
  keyId: z.nullable(text),
  keySource: z.nullable(text),
  lastMs: z.nullable(ms),
});
export type StationRow = z.infer<typeof stationRow>;

/** GET /hub/office/station-keys */
export const stationsAnswer = z.object({ contract, stations: z.array(stationRow) });

/** POST /hub/office/pairing: the code is told once. */
export const pairingAnswer = z.object({ contract, code: pairingCode, expiresMs: ms });

/** POST /hub/office/stations/{stationId}/rename */
export const renameRequest = z.object({ name: givenName });

export const readRow = z.object({
  atMs: ms,
  staff: z.object({ staffId: name, name: text, role: text }),
  /** What kind of read: 'board', 'case', 'raw', 'reads' and whatever other pages log. */
  what: name,
  /** Of whom or what: an id, or empty. */
  target: text,
});
export type ReadRow = z.infer<typeof readRow>;

/** GET /hub/admin/reads?staff=ID&day=YYYY-MM-DD&before=CURSOR: newest first; each query is optional. */
export const readsQuery = z.object({
  staff: z.optional(name),
  day: z.optional(day),
  before: z.optional(z.string().check(z.minLength(1), z.maxLength(limits.cursorChars))),
});
export const readsAnswer = z.object({
  contract,
  hubNowMs: ms,
  reads: z.array(readRow),
  /** What to give as `before` for the next page; null at the end. */
  next: z.nullable(z.string()),
});
export type ReadsAnswer = z.infer<typeof readsAnswer>;
