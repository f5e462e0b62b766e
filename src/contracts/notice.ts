// Notices and telephone numbers: what the office publishes, what a gate shows, what a person has read. Used by the hub, the downlink,
// the gate page, the rounds and the office page.
import * as z from 'zod/mini';
import { contract, count, day, filled, limits as kit, listOf, ms, text, upTo, uuid, whole } from './kit.ts';
import { regions } from './region.ts';

export const limits = { shown: 20, listed: 200, titleChars: 60, daysMax: 365 } as const;

const title = upTo(limits.titleChars);
const body = upTo(kit.noteChars);
export const audience = z.enum(['gates', 'rounds', 'both']);
export type Audience = z.infer<typeof audience>;

/** Telephone numbers as they are read out, and a link; empty = not known. The clinic's number stands beside them in the downlink. */
export const phones = z.object({
  hotline: text,
  psychology: text,
  /** An https address, or empty. */
  psychologyLink: z.string().check(z.maxLength(kit.textChars), z.regex(/^(https:\/\/\S+)?$/)),
  security: text,
  dutyOffice: text,
  studentAffairs: text,
});
export type Phones = z.infer<typeof phones>;

export const noticeToShow = z.object({
  noticeId: uuid,
  zh: z.object({ title, text: body }),
  /** Null: there is no English text, and the Chinese one is shown. */
  en: z.nullable(z.object({ title, text: body })),
  /** Last campus day on which it is shown. */
  untilDay: day,
});
export type NoticeToShow = z.infer<typeof noticeToShow>;

/** GET /hub/notices: what the rounds show to who has signed in, and what the clinic's sheet shows. POST /hub/notices/{id}/read marks one. */
export const noticesAnswer = z.object({
  contract,
  notices: listOf(z.object({ ...noticeToShow.shape, publishedMs: ms, read: z.boolean() }), limits.shown),
  phones,
  /** Absent from an older hub. */
  regions: z.optional(regions),
});
export type NoticesAnswer = z.infer<typeof noticesAnswer>;

/** POST /hub/office/notices */
export const noticeRequest = z.object({
  zh: z.object({ title: filled(title), text: filled(body) }),
  en: z.nullable(z.object({ title: filled(title), text: filled(body) })),
  audience,
  untilDay: day,
});
export type NoticeRequest = z.infer<typeof noticeRequest>;

/** GET /hub/office/notices: the newest, ended ones too, with who has them. */
export const officeNoticesAnswer = z.object({
  contract,
  today: day,
  /** Stations that are enrolled, and people who sign in. */
  stations: count,
  staff: count,
  notices: listOf(
    z.object({
      ...noticeToShow.shape,
      audience,
      publishedMs: ms,
      by: text,
      endedMs: z.nullable(ms),
      /** Gates that have it, and people who marked it as read. */
      gates: whole(0, 1_000_000),
      readers: whole(0, 1_000_000),
    }),
    limits.listed,
  ),
  phones,
  regions,
});
export type OfficeNoticesAnswer = z.infer<typeof officeNoticesAnswer>;
