// The clinic's side of a referral: the board's cards and what a nurse may do to them. Used by the hub and src/clinic.
import * as z from 'zod/mini';
import { acknowledgeHow, disposition, referralState } from './downlink.ts';
import { storedReading } from './entry.ts';
import { centi, contract, count, int, limits, ms, name, tenths, text, uuid } from './kit.ts';
import { signedInStaff } from './staff.ts';

export const symptom = z.enum(['fever', 'dry-cough', 'fatigue', 'breathlessness', 'fever-medicine']);

export const referral = z.object({
  caseId: uuid,
  caseNo: text,
  version: count,
  state: referralState,
  station: z.object({ id: name, name: text }),
  person: z.nullable(
    z.object({ personId: name, name, category: text, unit: text, room: z.nullable(text), contact: text }),
  ),
  reason: name,
  shownTenths: z.nullable(tenths),
  readings: z.array(storedReading),
  /** Contact readings that were added as evidence, oldest first. */
  evidence: z.array(storedReading),
  /** Hub clock at receipt: all times of the case count from here. */
  receivedAtMs: ms,
  /** Passage's wall clock as the station told it. */
  passageWallMs: ms,
  /** Received over 15 minutes after its passage. */
  late: z.boolean(),
  acknowledgedAtMs: z.nullable(ms),
  acknowledgedBy: z.nullable(text),
  how: z.nullable(acknowledgeHow),
  arrivedAtMs: z.nullable(ms),
  reMeasured: z.nullable(
    z.object({
      atMs: ms,
      centiCelsius: centi,
      site: z.enum(['axillary', 'oral', 'ear', 'forehead']),
      symptoms: z.array(symptom),
      listedRegion: z.boolean(),
    }),
  ),
  disposition: z.nullable(disposition),
  closedAtMs: z.nullable(ms),
  /** Where it was raised; an older hub tells none and means a gate. */
  source: z.optional(z.enum(['gate', 'round'])),
  /** Of a round: the room. */
  place: z.optional(z.nullable(text)),
  /** Of a round: who lives in the same room. */
  roomMates: z.optional(z.array(z.object({ personId: name, name }))),
});
export type Referral = z.infer<typeof referral>;

/** GET /hub/referrals: everything open, and what was closed today. */
export const referralsAnswer = z.object({
  contract,
  hubNowMs: ms,
  /** Cursor of the feed to go on from. */
  cursor: text,
  referrals: z.array(referral),
});

/** POST /hub/referrals/{caseId}/transition; compare-and-set on `version`. */
export const transitionRequest = z.discriminatedUnion('to', [
  z.object({ to: z.literal('acknowledged'), version: count, how: acknowledgeHow }),
  z.object({ to: z.literal('arrived'), version: count }),
  z.object({
    to: z.literal('re-measured'),
    version: count,
    centiCelsius: centi,
    site: z.enum(['axillary', 'oral', 'ear', 'forehead']),
    symptoms: z.array(symptom),
    listedRegion: z.boolean(),
  }),
  z.object({
    to: z.literal('closed'),
    version: count,
    disposition,
    /** For observed and home: how many whole days the order lasts (D not counted). */
    days: z.optional(int.check(z.gte(1), z.lte(60))),
    note: z.optional(z.string().check(z.maxLength(limits.noteChars))),
  }),
]);
export type TransitionRequest = z.infer<typeof transitionRequest>;

/** 200 and 409 both carry the referral as it now stands. */
export const transitionAnswer = z.object({ contract, referral });

/** POST /hub/session. */
export const signInRequest = z.object({ name, password: z.string().check(z.minLength(1), z.maxLength(256)) });
export const sessionAnswer = z.object({
  contract,
  hubNowMs: ms,
  staff: z.nullable(signedInStaff),
});
