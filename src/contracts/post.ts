// JSON between the settings' tab "This post" and the bridge: which builds run, what the self-test found, the thresholds in force,
// the screen's backlight and where the log was written. docs/protocol.md tells the conversation in words.
import * as z from 'zod/mini';
import { contract, count, int, ms, name, text } from './kit.ts';

export const limits = {
  /** Lines of one self-test: eight devices and what does not depend on them. */
  lines: 24,
  /** Percent of the backlight; below the least a guard would not find the screen again. */
  brightnessLeast: 20,
  brightnessMost: 100,
  brightnessStep: 10,
} as const;

/** Below /settings/api/. */
export const postPath = 'post';

/** A build as it can be told truthfully; null where a program was started from its sources. */
const build = z.object({ version: z.nullable(name), builtAtMs: z.nullable(ms) });
export type Build = z.infer<typeof build>;

/** What `dist/pages/build.json` says; `cache` is the name under which a browser keeps this build of the gate page. */
export const pagesBuild = z.object({ version: name, cache: name, builtAtMs: ms });
export type PagesBuild = z.infer<typeof pagesBuild>;

/** The numbers that a person asks about, as the domain holds them. */
const thresholds = z.object({
  feverTenths: int,
  urgentTenths: int,
  borderlineTenths: int,
  lowTenths: int,
  rangeMinTenths: int,
  rangeMaxTenths: int,
  spreadCenti: int,
  triesMax: count,
  triesWindowMs: count,
  measureMs: count,
  freshMs: count,
  staleMs: count,
  pairMs: count,
  ambientMinTenths: int,
  ambientMaxTenths: int,
  warmUpMs: count,
  confirmHigh: z.boolean(),
});
export type Thresholds = z.infer<typeof thresholds>;

/** GET /settings/api/post */
export const postAnswer = z.object({
  contract,
  wallMs: ms,
  bridge: build,
  /** Wall clock of the bridge's start, and how long ago that was by the monotonic one. */
  startedWallMs: ms,
  upMs: count,
  /** The pages that the bridge serves; null where they were not built by this project's build. */
  pages: z.nullable(pagesBuild),
  policy: z.object({
    version: count,
    /** When this policy came from the hub; null: none ever did, and the defaults are in force. */
    cameWallMs: z.nullable(ms),
    thresholds,
  }),
  /** Null: this screen has no backlight that a program can set. */
  backlightPercent: z.nullable(count),
});
export type PostAnswer = z.infer<typeof postAnswer>;

/** What a line of the self-test is about, and what was found: closed sets, each with a text of the panel. */
export const testSubjects = ['device', 'journal', 'disk', 'hub', 'clock', 'guards', 'policy'] as const;
export const testFindings = [
  'ready',
  'not-ready',
  'writable',
  'unwritable',
  'space',
  'little-space',
  'space-unknown',
  'hub-reached',
  'hub-away',
  'hub-never',
  'hub-refused',
  'clock-good',
  'clock-off',
  'clock-unknown',
  'guards-there',
  'guards-kept',
  'guards-old',
  'guards-none',
  'policy-there',
  'policy-kept',
  'policy-old',
  'policy-default',
] as const;

const testLine = z.object({
  subject: z.enum(testSubjects),
  /** Which device; null for everything else. */
  deviceId: z.nullable(text),
  ok: z.boolean(),
  /** A sayable fault code; null where none fits. */
  code: z.nullable(name),
  finding: z.enum(testFindings),
  /** An age, or for the clock its offset to the hub (hub minus post); null where the finding has none. */
  ms: z.nullable(ms),
  /** A number of guards, a version, or MiB left; null where the finding has none. */
  n: z.nullable(count),
});
export type TestLine = z.infer<typeof testLine>;

/** POST /settings/api/post/self-test */
export const selfTestAnswer = z.object({
  atWallMs: ms,
  ok: z.boolean(),
  lines: z.array(testLine).check(z.maxLength(limits.lines)),
});
export type SelfTestAnswer = z.infer<typeof selfTestAnswer>;

/** Bodies of acts that say nothing but that they are meant. */
export const actRequest = z.strictObject({});

/** POST /settings/api/brightness */
export const brightnessRequest = z.strictObject({
  percent: int.check(
    z.gte(limits.brightnessLeast),
    z.lte(limits.brightnessMost),
    z.refine((percent) => percent % limits.brightnessStep === 0),
  ),
});
export const brightnessAnswer = z.object({ percent: count });

/** POST /settings/api/export-log */
export const exportAnswer = z.object({ path: z.string(), lines: count });
