// What a station learns from the hub: roster deltas, orders and open cases, policy, and the live feed. Used by the hub's
// downlink and feeds, by the gate page's sync, and by the clinic board.
import * as z from 'zod/mini';
import { orderKind, site } from './envelope.ts';
import { contract, count, day, int, limits as kit, listOf, matching, ms, name, text, uuid } from './kit.ts';
import { limits as noticeLimits, noticeToShow, phones } from './notice.ts';
import { gateDocument, policyDocument } from './policy.ts';
import { regions } from './region.ts';

export const limits = { rosterPage: 5_000, heartbeatMs: 10_000 } as const;

/** A card as the roster knows it: 'uid:010063E9AE' or 'printed:0006547886'. */
export const cardKey = matching(/^(uid:[0-9A-F]{2,40}|printed:[0-9A-Za-z,:-]{1,40})$/);

export const rosterRow = z.object({
  personId: name,
  name,
  category: name,
  unit: text,
  room: z.nullable(text),
  cards: listOf(cardKey, kit.cardsPerPerson),
  /** Cards of this person that are reported as lost: they open nothing. Absent: none. */
  lost: z.optional(listOf(cardKey, kit.lostCards)),
  presence: z.enum(['on-campus', 'away', 'granted']),
  questionsDue: z.boolean(),
  /** May enter / leave while the campus is closed. */
  closedIn: z.boolean(),
  closedOut: z.boolean(),
  /** Who is called first (counsellor, class teacher, host), with a number. */
  contact: text,
  /** What a telephone pad finds this person by: digits of pinyin, initials and number, parted by spaces. */
  search: z.optional(text),
  /** No longer on the roster: the gate forgets the row. */
  gone: z.boolean(),
});
export type RosterRow = z.infer<typeof rosterRow>;

/** Why a person is stopped or watched; sent for every person with an order in force or an open case. */
export const bar = z.object({
  personId: name,
  order: z.nullable(orderKind),
  orderDay: z.nullable(int),
  untilDay: z.nullable(day),
  /** Campus day D of the order, not counted; absent from an older hub. */
  beginDay: z.optional(z.nullable(day)),
  /** entryId of the check that raised the open case, null without one. */
  caseId: z.nullable(uuid),
});
export type Bar = z.infer<typeof bar>;

/** GET /hub/downlink?rosterVersion=V&after=ID */
const answer = {
  contract,
  epoch: name,
  hubNowMs: ms,
  clinic: z.object({ name, phone: text }),
  campus: z.object({ mode: z.enum(['open', 'closed']) }),
  /** Whom to call besides the clinic; absent from a hub that does not know them yet. */
  phones: z.optional(phones),
  /** What the travel question asks for beside Hubei; absent from a hub that has no such list. */
  regions: z.optional(regions),
  /** What an idle gate shows, newest first. */
  notices: z.optional(listOf(noticeToShow, noticeLimits.shown)),
  /** Complete list of all bars. */
  bars: z.array(bar),
  roster: z.object({
    /** Version the station has when it has applied all pages. */
    version: count,
    /** The pages make a complete roster: whoever is not in them is gone. */
    full: z.boolean(),
    people: z.array(rosterRow),
    /** Pass as `after` (with the same rosterVersion) for the next page; null on the last. */
    next: z.nullable(text),
  }),
};
export const downlinkAnswer = z.object({
  ...answer,
  policy: z.object({ version: count, document: policyDocument }),
});
export type DownlinkAnswer = z.infer<typeof downlinkAnswer>;
/** The same as a gate reads it: of the policy what a lane goes by. */
export const gateDownlink = z.object({ ...answer, policy: z.object({ version: count, document: gateDocument }) });
export type GateDownlink = z.infer<typeof gateDownlink>;

export const referralState = z.enum(['raised', 'acknowledged', 'arrived', 're-measured', 'closed']);
export type ReferralState = z.infer<typeof referralState>;
export const acknowledgeHow = z.enum(['nurse-comes', 'escort', 'fever-clinic']);
export const disposition = z.enum(['cleared', 'observed', 'hospital', 'home', 'refused', 'not-reached']);

/** What security is told at once; `refused`: somebody would not be measured or would not answer. */
export const unmeasuredCause = z.enum(['forced', 'tailgated', 'held-open', 'refused']);

/** What a gate is told by GET /hub/feed. */
const gateEvents = [
  z.object({ topic: z.literal('heartbeat'), hubNowMs: ms }),
  /** This person's bar changed; `bar: null` lifts it. */
  z.object({ topic: z.literal('bar'), personId: name, bar: z.nullable(bar) }),
  z.object({ topic: z.literal('roster'), version: count }),
  z.object({ topic: z.literal('policy'), version: count }),
  /** Notices, telephone numbers or the list of regions changed: fetch the downlink. */
  z.object({ topic: z.literal('notices') }),
  z.object({ topic: z.literal('campus'), mode: z.enum(['open', 'closed']) }),
  /** What a gate may know of a case it raised: no name, no value. */
  z.object({
    topic: z.literal('case'),
    caseId: uuid,
    station: name,
    state: referralState,
    how: z.nullable(acknowledgeHow),
    by: z.nullable(text),
    disposition: z.nullable(disposition),
    version: count,
  }),
  /** Somebody decided by name on who is held at this station; `visitor`: an approval. */
  z.object({
    topic: z.literal('decision'),
    passageId: uuid,
    station: name,
    reason: z.enum(['return-not-granted', 'campus-closed', 'visitor']),
    allow: z.boolean(),
    decisionId: uuid,
    by: name,
    byName: text,
  }),
  /**
   * Another gate than the one that is told measured this person: `last` is what an unfinished measurement came to, null when it is
   * finished. `hubMs` by the hub's clock; `tries` by infrared within the policy's window.
   */
  z.object({
    topic: z.literal('measurement'),
    personId: name,
    hubMs: ms,
    tries: count,
    /** A newer gate may give a reason that is not known here. */
    last: z.nullable(z.object({ reason: name, byContact: z.boolean(), site: z.nullable(site) })),
  }),
] as const;
export const gateEvent = z.discriminatedUnion('topic', gateEvents);
export type GateEvent = z.infer<typeof gateEvent>;

/** One event of GET /hub/feed; the SSE id is the cursor to resume from. */
export const feedEvent = z.discriminatedUnion('topic', [
  ...gateEvents,
  /** For staff: a gate's thermometer drifts; fetch GET /hub/office/drift. */
  z.object({ topic: z.literal('drift'), station: name, site, hourMs: ms }),
  /** For the clinic only: fetch GET /hub/referrals/{caseId}. `rings` = a new case whose alert sounds. */
  z.object({ topic: z.literal('referral'), caseId: uuid, version: count, rings: z.boolean() }),
  /** For whoever watches the gates: somebody passed this station unmeasured, or its barrier stands open. `atWallMs` by the station's clock. */
  z.object({
    topic: z.literal('unmeasured'),
    entryId: uuid,
    station: name,
    cause: unmeasuredCause,
    times: count,
    atWallMs: ms,
  }),
]);
export type FeedEvent = z.infer<typeof feedEvent>;
