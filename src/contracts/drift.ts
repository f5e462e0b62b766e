// GET /hub/office/drift: how each gate's thermometer stands against its neighbours and its own day before, and what bridges
// told of their instruments lately. No identities. Used by the hub and by pages of the office.
import * as z from 'zod/mini';
import { site } from './entry.ts';
import { centi, contract, count, int, ms, name, tenths, text } from './kit.ts';

export const driftRow = z.object({
  station: z.object({ id: name, name: text, campus: text }),
  site,
  hourMs: ms,
  medianCenti: centi,
  readings: count,
  /** Median of the medians of the other gates of the campus at this site and hour, and how many they are. */
  neighboursCenti: z.nullable(centi),
  neighbours: count,
  /** This gate at this site in the same hour of the day before. */
  yesterdayCenti: z.nullable(centi),
  fromNeighboursTenths: z.nullable(tenths),
  fromYesterdayTenths: z.nullable(tenths),
  level: z.enum(['quiet', 'shown', 'alarm']),
});
export type DriftRow = z.infer<typeof driftRow>;

export const instrumentEvent = z.object({
  station: z.object({ id: name, name: text, campus: text }),
  act: z.enum(['power-on', 'shift-check', 'slope-check', 'wave-through']),
  outcome: z.enum(['warming', 'passed', 'barred', 'noted']),
  deviceId: name,
  note: z.nullable(z.enum(['fast-cards', 'same-value'])),
  count: z.nullable(count),
  differenceTenths: z.nullable(tenths),
  slopePercent: z.nullable(int),
  atWallMs: ms,
});

export const driftAnswer = z.object({
  contract,
  hubNowMs: ms,
  /** The last closed hours, newest first. */
  rows: z.array(driftRow),
  /** What bridges told of their thermometers in the last two days, newest first. */
  instruments: z.array(instrumentEvent),
});
export type DriftAnswer = z.infer<typeof driftAnswer>;
