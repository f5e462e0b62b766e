// JSON between the /settings page and the bridge: signing in by PIN, what the devices do at this moment, the doctor's report,
// and the learning of a card's printed number. docs/protocol.md tells the conversation in words.
import * as z from 'zod/mini';
import { paperResults } from '../domain/paper.ts';
import { deviceStatus, guard } from './device-stream.ts';
import { centi, contract, count, limits as kit, ms, name, text, uuid, whole } from './kit.ts';

export const limits = {
  /** A PIN as it is typed. */
  pinChars: 64,
  /** Different cards whose taps are kept for learning while somebody is signed in. */
  taps: 12,
  devices: 8,
  guards: 500,
  /** A body of a request. */
  bodyBytes: 16_384,
  /** Rows of paper in one request: one sheet. */
  paperRows: 25,
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

/** What the doctor found, as a code, how bad it is, and what to do. */
export const doctorFinding = z.object({
  /** `good` all well; `note` worth knowing; `wrong` somebody has to act. */
  level: z.enum(['good', 'note', 'wrong']),
  code: name,
  say: sentence,
});
export type DoctorFinding = z.infer<typeof doctorFinding>;

/** A profile that fits what was heard. Never stored: a person writes it into the configuration. */
export const doctorProposal = z.object({
  /** `sure` frames with good checksums and hardly anything else; `likely` too few of them or none with a checksum; `several` bytes cannot tell them apart. */
  level: z.enum(['sure', 'likely', 'several']),
  /** One, or all that fit. */
  profiles: z.array(name).check(z.maxLength(12)),
  baudRate: count,
  /** Frames with a good check, values without any check, bad frames. */
  good: count,
  unchecked: count,
  bad: count,
  why: sentence,
  /** Lines for `devices` of gate.config.json; one for each profile. */
  lines: z.array(z.string().check(z.maxLength(kit.noteChars))).check(z.maxLength(12)),
});
export type DoctorProposal = z.infer<typeof doctorProposal>;

export const doctorUsb = z.object({
  vendorId: text,
  productId: text,
  maker: z.nullable(text),
  product: z.nullable(text),
  serial: z.nullable(text),
  /** The adapter's chip where the numbers tell it. */
  chip: z.nullable(text),
});
export type DoctorUsb = z.infer<typeof doctorUsb>;

export const doctorPort = z.object({
  /** What the configuration should name: by-path where there is one, else by-id, else the device itself. */
  path: text,
  /** The device itself, such as /dev/ttyUSB0. */
  device: text,
  byPath: z.nullable(text),
  byId: z.nullable(text),
  usb: z.nullable(doctorUsb),
  stage: z.enum(['waiting', 'listening', 'asking', 'done']),
  findings: z.array(doctorFinding).check(z.maxLength(16)),
  proposal: z.nullable(doctorProposal),
  /** The last values that the proposed profile read, newest last; card numbers masked. */
  values: z.array(sentence).check(z.maxLength(8)),
});
export type DoctorPort = z.infer<typeof doctorPort>;

/** `npm run doctor -- --json`, and GET /settings/api/doctor. */
export const doctorReport = z.object({
  running: z.boolean(),
  /** False when any finding is `wrong`. */
  ok: z.boolean(),
  findings: z.array(doctorFinding).check(z.maxLength(16)),
  ports: z.array(doctorPort).check(z.maxLength(64)),
});
export type DoctorReport = z.infer<typeof doctorReport>;

/** POST /settings/api/doctor. `ask` writes questions to ports that say nothing: a relay might click. */
export const doctorRequest = z.strictObject({
  seconds: z.int().check(z.gte(1), z.lte(60)),
  ask: z.boolean(),
  /** Ports that the doctor does not find by itself, such as /dev/ttyTHS1. */
  paths: z.array(z.string().check(z.regex(/^\/dev\/[\w./:-]{1,180}$/))).check(z.maxLength(4)),
});
export type DoctorRequest = z.infer<typeof doctorRequest>;

/** POST /settings/api/learn: three tapped cards by their numbers in `taps`, each with what stands printed on it. */
export const learnRequest = z.strictObject({
  deviceId: name,
  cards: z
    .array(z.strictObject({ n: count, printed: z.string().check(z.minLength(1), z.maxLength(40)) }))
    .check(z.minLength(3), z.maxLength(limits.taps)),
});
export type LearnRequest = z.infer<typeof learnRequest>;

export const learnAnswer = z.object({
  /** `one` may be stored; of `several` none may, nor of `none`; `too-few` different cards say nothing. */
  is: z.enum(['one', 'none', 'several', 'too-few']),
  /** What fits all cards. */
  conversions: z.array(name).check(z.maxLength(32)),
  /** The device's new entry in gate.config.json; null unless one fits. */
  lines: z.nullable(z.string()),
  /** SHA-256 of the configuration that would be changed; null when it cannot be written from here. */
  configSha: z.nullable(z.string()),
});
export type LearnAnswer = z.infer<typeof learnAnswer>;

/** POST /settings/api/learn/write: the same cards once more, and the configuration as it was when they were judged. */
export const learnWriteRequest = z.strictObject({
  deviceId: name,
  cards: learnRequest.shape.cards,
  configSha: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});
export const learnWritten = z.object({ backup: z.string() });

/** One row of the paper form that was kept while there was no power. */
export const paperRow = z.strictObject({
  atWallMs: ms,
  number: z.string().check(z.regex(/^[0-9A-Za-z]{1,40}$/)),
  tenths: whole(340, 420),
  method: z.enum(['infrared', 'contact']),
  result: z.enum(paperResults),
});
export type PaperRowTyped = z.infer<typeof paperRow>;
/** POST /settings/api/paper; the same `batchId` again changes nothing. */
export const paperRequest = z.strictObject({
  batchId: uuid,
  rows: z.array(paperRow).check(z.minLength(1), z.maxLength(limits.paperRows)),
});
export const paperAnswer = z.object({ saved: count, cases: count });
