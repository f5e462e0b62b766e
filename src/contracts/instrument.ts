// What the settings page and the bridge tell one another about thermometers: their standing, live values, warm-up and the
// guided checks. Used by device/instrument-http and by the panel of src/settings.
import * as z from 'zod/mini';
import { deviceState } from './device-stream.ts';
import { mode, site } from './entry.ts';
import { centi, contract, count, int, ms, name, tenths } from './kit.ts';

export const limits = { powerOnAgoMs: 86_400_000 } as const;

/** Below /settings/api/. */
export const instrumentsPath = 'instruments';

export const checkKind = z.enum(['shift', 'slope']);
export const measureWhat = z.enum(['person', 'reference', 'target']);
const outcome = z.enum(['passed', 'barred']);
const measured = z.object({ what: measureWhat, knownCenti: centi, infraredCenti: centi });

/** The end of a check: the largest difference in tenths (shift), or the slope for 100 of the targets (slope). */
export const checkResult = z.object({
  check: checkKind,
  outcome,
  differenceTenths: z.nullable(tenths),
  slopePercent: z.nullable(int),
  measures: z.array(measured),
  atWallMs: ms,
});
export type CheckResult = z.infer<typeof checkResult>;

export const standing = z.discriminatedUnion('state', [
  z.object({ state: z.literal('untested') }),
  /** null: the power-on must be told first. */
  z.object({ state: z.literal('warming'), leftMs: z.nullable(count) }),
  z.object({ state: z.literal('barred'), reasons: z.array(checkKind), atWallMs: ms }),
  z.object({ state: z.literal('passed'), atWallMs: ms }),
]);

export const instrumentView = z.object({
  deviceId: name,
  profile: name,
  site,
  mode,
  state: deviceState,
  standing,
  powerOnWallMs: z.nullable(ms),
  shift: z.nullable(z.object({ atWallMs: ms, outcome })),
  slope: z.nullable(z.object({ atWallMs: ms, outcome })),
  /** The newest value, null when none came within 2 s. `bodyCenti` is null without a body offset. */
  live: z.nullable(
    z.object({
      bodyCenti: z.nullable(centi),
      rawCenti: centi,
      ambientCenti: z.nullable(centi),
      ageMs: count,
      /** Enough values stand still: a measurement taken now would hold. */
      steady: z.boolean(),
    }),
  ),
  /** The check that is under way and what has been measured in it. */
  running: z.nullable(z.object({ check: checkKind, measures: z.array(measured) })),
  /** The last check that this bridge process finished. */
  last: z.nullable(checkResult),
});
export type InstrumentView = z.infer<typeof instrumentView>;

/** What the panel must know of the policy in force. */
export const checkRules = z.object({
  warmUpMs: ms,
  shiftDifferenceTenths: tenths,
  slopeMinPercent: int,
  slopeMaxPercent: int,
  slopeApartTenths: tenths,
  checkSamples: count,
});

/** GET /settings/api/instruments, and the answer to every POST below. */
export const instrumentsAnswer = z.object({
  contract,
  wallMs: ms,
  rules: checkRules,
  instruments: z.array(instrumentView),
});
export type InstrumentsAnswer = z.infer<typeof instrumentsAnswer>;

/** POST /settings/api/instruments/power-on: the thermometer was switched on so long ago. */
export const powerOnRequest = z.object({
  deviceId: name,
  agoMs: count.check(z.lte(limits.powerOnAgoMs)),
});
/** POST /settings/api/instruments/measure: take what the thermometer sees now; `knownCenti` is the contact value or the target's own. */
export const measureRequest = z.object({ deviceId: name, check: checkKind, what: measureWhat, knownCenti: centi });
export type MeasureRequest = z.infer<typeof measureRequest>;
/** POST /settings/api/instruments/cancel: forget the check that is under way. */
export const cancelRequest = z.object({ deviceId: name });
