// People as the office sees and changes them: search, the sheet of one person, leave, cards, orders in force. No temperature stands
// here. Used by the hub and the office page.
import * as z from 'zod/mini';
import { whereCodes } from '../domain/whereabouts.ts';
import { rosterRow } from './downlink.ts';
import { orderKind } from './envelope.ts';
import { contract, count, day, int, matching, ms, name, sha256Hex, text, uuid, whole } from './kit.ts';

export const limits = {
  page: 20,
  ordersPage: 100,
  orders: 40,
  leaves: 40,
  companions: 20,
  queryChars: 60,
  orderDays: 60,
} as const;

const presence = rosterRow.shape.presence;
const where = z.enum(whereCodes);

export const personLine = z.object({
  personId: name,
  name,
  category: name,
  unit: text,
  room: z.nullable(text),
  presence,
  /** No longer on the roster. */
  gone: z.boolean(),
});
export type PersonLine = z.infer<typeof personLine>;

/** GET /hub/people?q&after: by name, pinyin or its initials, or number. Which people were shown is logged. */
export const peopleAnswer = z.object({
  contract,
  people: z.array(personLine).check(z.maxLength(limits.page)),
  /** Pass as `after` for the next page; null on the last. */
  next: z.nullable(name),
});

/** A card without its number: what it ends with, and by what it is named in a request. */
export const cardLine = z.object({ ref: sha256Hex, kind: z.enum(['uid', 'printed']), tail: text });
export type CardLine = z.infer<typeof cardLine>;

export const orderLine = z.object({
  orderId: uuid,
  personId: name,
  name,
  unit: text,
  order: orderKind,
  beginDay: day,
  untilDay: z.nullable(day),
  /** Day n, from 1; null for hospital. */
  orderDay: z.nullable(int),
  /** The days of the isolation are over: it bars until a nurse signs. */
  due: z.boolean(),
  reason: text,
  by: text,
  /** A companion's: the order of the person whom they accompany. */
  leadOrderId: z.nullable(uuid),
  homeOnCampus: z.boolean(),
});
export type OrderLine = z.infer<typeof orderLine>;

/** GET /hub/office/orders?list&after */
export const orderLists = ['in-force', 'due', 'ending'] as const;
export type OrderList = (typeof orderLists)[number];
export const ordersAnswer = z.object({
  contract,
  today: day,
  counts: z.object({ inForce: count, due: count, ending: count }),
  orders: z.array(orderLine).check(z.maxLength(limits.ordersPage)),
  next: z.nullable(text),
});
export type OrdersAnswer = z.infer<typeof ordersAnswer>;

export const leaveLine = z.object({ leaveId: uuid, fromDay: day, toDay: day, reason: text, by: text });

/** GET /hub/people/sheet?id: one person. The read is logged. */
export const personAnswer = z.object({
  contract,
  today: day,
  person: z.object({
    ...personLine.shape,
    contact: text,
    host: text,
    companions: text,
    homeOnCampus: z.boolean(),
    questionsDue: z.boolean(),
    /** As the roster file tells it. */
    whereabouts: text,
    travel: text,
    where: z.object({ code: where, since: z.nullable(day), until: z.nullable(day) }),
    /** Pass with a change: one that was made from an older sheet is refused (409). */
    version: count,
    cards: z.array(cardLine),
    lost: z.array(z.object({ ...cardLine.shape, lostMs: ms })),
    leaves: z.array(leaveLine).check(z.maxLength(limits.leaves)),
  }),
  /** Null: this role does not see orders. */
  orders: z.nullable(z.array(orderLine).check(z.maxLength(limits.orders))),
  /** Whether a case is open; null: this role does not see orders. */
  caseOpen: z.nullable(z.boolean()),
});
export type PersonAnswer = z.infer<typeof personAnswer>;

/** PUT /hub/people/sheet: only what changes. */
export const personRequest = z.object({
  personId: name,
  version: count,
  presence: z.optional(presence),
  homeOnCampus: z.optional(z.boolean()),
  where: z.optional(z.object({ code: where, since: z.nullable(day), until: z.nullable(day) })),
});
export type PersonRequest = z.infer<typeof personRequest>;

/** POST /hub/people/leaves: approved leave, both days counted; or one that is taken back. */
export const leaveRequest = z.discriminatedUnion('change', [
  z.object({
    change: z.literal('approve'),
    personId: name,
    fromDay: day,
    toDay: day,
    reason: text.check(z.minLength(1)),
  }),
  z.object({ change: z.literal('cancel'), personId: name, leaveId: uuid }),
]);
export type LeaveRequest = z.infer<typeof leaveRequest>;

/** POST /hub/people/cards: a card is lost, was found again, or a new one is given out. */
export const cardRequest = z.discriminatedUnion('change', [
  z.object({ change: z.literal('lost'), personId: name, ref: sha256Hex }),
  z.object({ change: z.literal('found'), personId: name, ref: sha256Hex }),
  z.object({
    change: z.literal('issue'),
    personId: name,
    kind: z.enum(['uid', 'printed']),
    number: matching(/^[0-9A-Za-z,: -]{1,60}$/),
  }),
]);
export type CardRequest = z.infer<typeof cardRequest>;

/** POST /hub/orders */
export const orderRequest = z.object({
  change: z.enum(['begin', 'end']),
  personId: name,
  order: orderKind,
  /** Whole days, D not counted; null = until the clinic ends it. */
  days: z.optional(z.nullable(whole(1, limits.orderDays))),
  reason: text.check(z.minLength(1)),
  /** Each gets (or ends) a row of the same order (R6). */
  companions: z.optional(z.array(name).check(z.maxLength(limits.companions))),
});
export type OrderRequest = z.infer<typeof orderRequest>;

/** One line of a file that cannot be used, and what to do about it. */
export const rowError = z.object({ line: count, zh: z.string(), en: z.string() });
export type RowError = z.infer<typeof rowError>;
const differences = z.array(z.object({ personId: z.string(), name: z.string(), from: z.string(), to: z.string() }));

/** POST /hub/roster/preview and /hub/roster/import */
export const rosterPreview = z.object({
  contract,
  encoding: z.enum(['utf-8', 'gb18030']),
  rows: count,
  joined: count,
  /** Told otherwise than before, in any column. */
  changed: count,
  /** Of those: another room or unit, other cards. */
  moved: count,
  cards: count,
  /** On the roster now and not in the file. */
  left: count,
  faulty: count,
  errors: z.array(rowError),
  /** The file cannot be used at all: `errors` say why, and nothing can be imported. */
  broken: z.boolean(),
  /** The first of each, by number. */
  lists: z.object({ joined: differences, left: differences, moved: differences, cards: differences }),
  /** What an import would do, as a fingerprint: an import that names it is refused when it would do something else by now. */
  fingerprint: sha256Hex,
});
export type RosterPreview = z.infer<typeof rosterPreview>;
export const rosterImported = z.object({ ...rosterPreview.shape, version: count });
