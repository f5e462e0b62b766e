// JSON between the /settings page and the bridge: signing in by PIN, what the devices do at this moment, the doctor's report,
// and the learning of a card's printed number. docs/protocol.md tells the conversation in words.
import * as z from 'zod/mini';
import { deviceStatus, guard } from './device-stream.ts';
import { centi, contract, count, limits as kit, ms, name, text } from './kit.ts';

export const limits = {
  /** A PIN as it is typed. */
  pinChars: 64,
  /** Different cards whose taps are kept for learning while somebody is signed in. */
  taps: 12,
  devices: 8,
  guards: 500,
  /** A body of a request. */
  bodyBytes: 16_384,
} as const;

/** One sentence in both languages, each saying what to do. */
export const sentence = z.object({
  zh: z.string().check(z.maxLength(kit.noteChars)),
  en: z.string().check(z.maxLength(kit.noteChars)),
});
export type SettingsSentence = z.infer<typeof sentence>;

/** GET /settings/api/session: open to the page before anybody signed in, so it holds names alone. */
export const settingsSession = z.object({
  contract,
  station: z.object({ name, code: name, campus: name }),
  guards: z.array(guard).check(z.maxLength(limits.guards)),
  /** Who is signed in to the settings; null = nobody. */
  signedIn: z.nullable(guard),
  /** How long the session still lasts without a touch, milliseconds. */
  leftMs: count,
});
export type SettingsSession = z.infer<typeof settingsSession>;

/** POST /settings/api/session */
export const settingsSignIn = z.strictObject({
  staffId: name,
  pin: z.string().check(z.minLength(1), z.maxLength(limits.pinChars)),
});
export const settingsSigned = z.object({
  signedIn: z.nullable(guard),
  /** null = done; else why not, with how long the lock-out lasts. */
  error: z.nullable(z.enum(['wrong-pin', 'locked', 'unknown'])),
  retryInMs: count,
});
export type SettingsSigned = z.infer<typeof settingsSigned>;

/** What one line has counted since the bridge started. */
export const settingsHealth = z.object({
  bytes: count,
  frames: count,
  /** By reason. */
  rejected: z.record(name, count),
  unsolicited: count,
  unanswered: count,
  lateWrites: count,
  /** Times the port was opened. */
  connects: count,
});
export type SettingsHealth = z.infer<typeof settingsHealth>;

export const settingsDevice = z.object({
  status: deviceStatus,
  path: text,
  baudRate: count,
  /** The line's own word: 'unplugged', 'permission', 'locked', ...; null while all is well. */
  reason: z.nullable(text),
  health: settingsHealth,
  /** The last value of a thermometer; null when it is older than two seconds, since nothing stale is shown. */
  value: z.nullable(
    z.object({
      ageMs: count,
      centiCelsius: z.nullable(centi),
      rawCentiCelsius: centi,
      ambientCentiCelsius: z.nullable(centi),
      offsetCentiCelsius: centi,
    }),
  ),
  /** Readers that give bytes: their printed number can be learnt. */
  canLearn: z.boolean(),
});
export type SettingsDevice = z.infer<typeof settingsDevice>;

/** A card that was laid on a reader while somebody was signed in to the settings. */
export const settingsTap = z.object({
  n: count,
  deviceId: name,
  ageMs: count,
  uid: z.nullable(text),
  printed: z.nullable(text),
});
export type SettingsTap = z.infer<typeof settingsTap>;

/** GET /settings/api/live, asked for a few times a second. */
export const settingsLive = z.object({
  monoMs: ms,
  leftMs: count,
  devices: z.array(settingsDevice).check(z.maxLength(limits.devices)),
  /** Different cards, oldest first. */
  taps: z.array(settingsTap).check(z.maxLength(limits.taps)),
});
export type SettingsLive = z.infer<typeof settingsLive>;
