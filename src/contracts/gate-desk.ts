// What the office sees of the gates' desks: what runs short, and handovers of the day. Used by the
// hub and the office page.
import * as z from 'zod/mini';
import { contract, count, ms, name, text, uuid } from './kit.ts';

export const limits = { rows: 200 } as const;

const station = z.object({ id: name, name: text });

/** GET /hub/office/gate-desk: newest first, of this campus day by the hub's clock. */
export const gateDeskAnswer = z.object({
  contract,
  hubNowMs: ms,
  supplies: z
    .array(z.object({ entryId: uuid, station, item: z.enum(['mask', 'thermometer']), atWallMs: ms, receivedAtMs: ms }))
    .check(z.maxLength(limits.rows)),
  handovers: z
    .array(
      z.object({
        entryId: uuid,
        station,
        roster: z.enum(['duty', 'prevention']),
        /** Names of the staff; null where nobody had signed in or the person is no longer known. */
        from: z.nullable(text),
        to: z.nullable(text),
        passages: count,
        cases: count,
        notes: z.array(name),
        atWallMs: ms,
      }),
    )
    .check(z.maxLength(limits.rows)),
});
export type GateDeskAnswer = z.infer<typeof gateDeskAnswer>;
