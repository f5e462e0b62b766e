// The station's configuration (gate.config.json): parsed, judged key by key, and turned into what the bridge runs on.
// Called by main and by the simulated station.
import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import type * as z from 'zod/mini';
import type { Direction } from '../src/domain/passage.ts';
import { type ContactKind, limits as feedbackLimits } from '../src/domain/passage-feedback.ts';
import type { CentiCelsius, Mode, Site } from '../src/domain/reading.ts';
import { isOsdp, type OsdpPlace, placeOf, sharing } from './config-osdp.ts';
import { configShape, deviceKeys, expectations } from './config-shape.ts';
import type { Profile, ProfileOptions } from './drivers/driver.ts';
import { inputProfiles } from './drivers/relays/inputs.ts';
import { type Sentence, texts } from './texts.ts';
import { lineTexts } from './texts-line.ts';

type Wired = {
  deviceId: string;
  profile: string;
  path: string;
  baudRate: number;
  options: ProfileOptions;
  /** Devices on an OSDP line only; several may share a path. */
  osdp?: OsdpPlace;
};
export type ThermometerConfig = Wired & {
  role: 'thermometer';
  site: Site;
  mode: Mode;
  /** Added to an object value to make a body value; null = not configured (then there is no verdict in object mode). */
  bodyOffsetCenti: CentiCelsius | null;
  /** `ask`: no infrared verdict before the power-on was told and its warm-up is over; `warm` (default): warm until one is told. */
  warmUp?: 'ask' | 'warm';
};
export type ReaderConfig = Wired & { role: 'reader' };
/** `pulseMs` 100 to 5000: below it turnstiles do not see the contact (devices/facts.md, 3). */
export type BarrierConfig = Wired & {
  role: 'barrier';
  /** From 1; of an OSDP device its output, from 0. */
  channel: number;
  pulseMs: number;
};
/** A contact at the barrier: what passes without an admission, and what stands open. */
export type FeedbackConfig = Wired & {
  role: 'feedback';
  /** From 1. */
  input: number;
  contact: ContactKind;
  /** True when the closed contact means open or passing. */
  activeClosed: boolean;
  admitMs: number;
  heldOpenMs: number;
};
export type DeviceConfig = ThermometerConfig | ReaderConfig | BarrierConfig | FeedbackConfig;

export type BridgeConfig = {
  port: number;
  hubUrl: string;
  /** Path of the PEM certificate that alone may sign the hub; null = the system's. */
  hubCa: string | null;
  stationToken: string;
  /** 'st-' and 12 hex digits of the first token's SHA-256: the hub derives the same, and an enrolment tells it. */
  stationId: string;
  station: { name: string; campus: string; code: string; direction: Direction; clinicPhone: string };
  stateDir: string;
  /** Serves the rounds page as well, and hands its calls to the hub: a tablet with a thermometer of its own. */
  rounds?: boolean;
  devices: DeviceConfig[];
};

/** A turnstile sees it surely, and nobody walks through twice. */
const defaultPulseMs = 300;

/** What the configuration needs to know of drivers: a profile by name, and the names there are. */
export type Profiles = {
  profileOf(name: string): Profile | null;
  names: readonly string[];
  /** What a redeemed pairing code left in this state folder; null before. Asked when the configuration has no token. */
  enrolmentOf?(stateDir: string): Enrolment | null;
};
/** Who a station is: by its token alone, or by a pairing code that it redeemed. */
export type Enrolment = { token: string; stationId: string; code: string };
export type ConfigResult = { ok: true; config: BridgeConfig } | { ok: false; problems: Sentence[] };

/** Judges the text of `path`. Every mistake is one sentence that names its key; nothing is guessed. */
export function parseConfig(text: string, path: string, profiles: Profiles): ConfigResult {
  let raw: unknown;
  try {
    raw = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { ok: false, problems: [texts.configNotJson(path, reasonOf(error))] };
  }
  const parsed = configShape.safeParse(raw);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.map((issue) => sentenceOf(issue, raw)) };
  return complete(parsed.data, path, profiles);
}

/** 'st-' and the first 12 hex digits of SHA-256 of the token. */
export function stationIdOf(token: string): string {
  return `st-${createHash('sha256').update(token).digest('hex').slice(0, 12)}`;
}

/** 'G' and two digits drawn from the token: what a case number begins with when nobody chose a code. */
export function defaultCodeOf(token: string): string {
  const first = createHash('sha256').update(token).digest().readUInt32BE(0);
  return `G${String(first % 100).padStart(2, '0')}`;
}

function identityOf(token: string): Enrolment {
  return { token, stationId: stationIdOf(token), code: defaultCodeOf(token) };
}

type Shape = z.infer<typeof configShape>;

function complete(shape: Shape, path: string, profiles: Profiles): ConfigResult {
  const problems: Sentence[] = [];
  if (!hubUrlAllowed(shape.hubUrl)) problems.push(texts.hubNeedsHttps('hubUrl'));
  const counts = { thermometer: 0, reader: 0, barrier: 0, feedback: 0 };
  const devices: DeviceConfig[] = [];
  const paths = new Map<string, Shape['devices'][number][]>();
  for (const [index, device] of shape.devices.entries()) {
    const key = `devices[${index}]`;
    counts[device.role] += 1;
    if (device.role === 'barrier' && counts.barrier > 1) problems.push(texts.twoBarriers(key));
    if (device.role === 'feedback' && counts.feedback > 1) problems.push(lineTexts.twoFeedbacks(key));
    const others = paths.get(device.path) ?? [];
    const clash = clashOf(others, device, key);
    if (clash !== null) problems.push(clash);
    paths.set(device.path, [...others, device]);
    const made = deviceOf(device, key, `${device.role}-${counts[device.role]}`, profiles);
    if ('problem' in made) problems.push(made.problem);
    else devices.push(made.device);
  }
  const { station } = shape;
  const base = dirname(resolve(path));
  const stateDir = shape.stateDir === undefined ? join(base, '.state', 'bridge') : resolve(base, shape.stateDir);
  const identity =
    shape.stationToken === undefined ? (profiles.enrolmentOf?.(stateDir) ?? null) : identityOf(shape.stationToken);
  if (identity === null) problems.push(texts.notEnrolled(path));
  if (problems.length > 0 || identity === null) return { ok: false, problems };
  return {
    ok: true,
    config: {
      port: shape.port ?? 7411,
      hubUrl: shape.hubUrl.replace(/\/+$/, ''),
      hubCa: shape.hubCa === undefined ? null : resolve(base, shape.hubCa),
      stationToken: identity.token,
      stationId: identity.stationId,
      station: {
        name: station.name,
        campus: station.campus,
        code: station.code ?? identity.code,
        direction: station.direction ?? 'in',
        clinicPhone: station.clinicPhone ?? '',
      },
      stateDir,
      ...(shape.rounds === true && { rounds: true }),
      devices,
    },
  };
}

/** One port is one device's, but for the devices of an OSDP line. */
function clashOf(others: readonly Shape['devices'][number][], device: Shape['devices'][number], key: string) {
  if (others.length === 0) return null;
  if (![...others, device].every(({ profile }) => isOsdp(profile))) return texts.samePath(key, device.path);
  return others.map((other) => sharing(other, device, key)).find((problem) => problem !== null) ?? null;
}

function deviceOf(
  device: Shape['devices'][number],
  key: string,
  deviceId: string,
  profiles: Profiles,
): { device: DeviceConfig } | { problem: Sentence } {
  if (device.profile === 'hid-wedge') return { problem: texts.wedgeProfile(`${key}.profile`) };
  const placed = device.role === 'thermometer' ? { place: null } : placeOf(device, key);
  if ('problem' in placed) return placed;
  const { place } = placed;
  const profile = profiles.profileOf(place === null ? device.profile : 'osdp');
  const known = profiles.names.filter((name) => profiles.profileOf(name)?.role === device.role).join(', ');
  if (profile === null) return { problem: texts.unknownProfile(`${key}.profile`, device.profile, known) };
  if (device.role === 'feedback' && place === null && !inputProfiles.has(profile.name)) {
    const names = ['osdp', ...inputProfiles.keys()].join(', ');
    return { problem: lineTexts.noInputs(`${key}.profile`, profile.name, names) };
  }
  const isOwnRole = profile.role === device.role || device.role === 'feedback' || place !== null;
  if (!isOwnRole) return { problem: texts.profileRole(key, device.profile, profile.role) };
  const options = device.options ?? {};
  // Of an OSDP device everything else is a command's, or a key of its own.
  const optionNames = place === null ? Object.keys(profile.options) : device.role === 'reader' ? ['printed'] : [];
  for (const name of Object.keys(options)) {
    if (!optionNames.includes(name)) {
      const names = optionNames.join(', ') || '-';
      return { problem: texts.unknownOption(`${key}.options.${name}`, names) };
    }
  }
  const wrong = optionFault(profile, options);
  if (wrong !== null) return { problem: texts.wrongOption(`${key}.options`, wrong) };
  const moves = ['open', 'close'].every((command) => Object.hasOwn(profile.commands, command));
  if (device.role === 'barrier' && place === null && !moves) {
    return { problem: texts.cannotOpen(`${key}.profile`, device.profile) };
  }
  if (device.role === 'barrier' && device.channel !== undefined && Object.hasOwn(profile.options, 'channel')) {
    const fault = optionFault(profile, { ...options, channel: String(device.channel) });
    if (fault !== null) return { problem: texts.wrongOption(`${key}.channel`, fault) };
  }
  const wired = {
    deviceId,
    profile: profile.name,
    path: device.path,
    options,
    ...(place === null ? {} : { osdp: place }),
  };
  const baudRate = device.baudRate ?? profile.baudRate;
  if (device.role === 'reader') return { device: { ...wired, baudRate, role: 'reader' } };
  if (device.role === 'feedback') {
    const { input = 1, contact = 'leaf', heldOpenMs = feedbackLimits.heldOpenMsDefault } = device;
    // A leaf's contact is closed while the leaf is shut; a turnstile closes its PASS contact for each person.
    const activeClosed = (device.activeWhen ?? (contact === 'leaf' ? 'open' : 'closed')) === 'closed';
    const admitMs = device.admitMs ?? feedbackLimits.admitMsDefault;
    return { device: { ...wired, baudRate, role: 'feedback', input, contact, activeClosed, admitMs, heldOpenMs } };
  }
  if (device.role === 'barrier') {
    const channel = place === null ? device.channel : (device.output ?? 0);
    const { pulseMs } = device;
    return {
      device: { ...wired, baudRate, role: 'barrier', channel: channel ?? 1, pulseMs: pulseMs ?? defaultPulse(profile) },
    };
  }
  const offset = device.bodyOffsetC;
  const mode = device.mode ?? defaultMode(profile, device.site, offset !== undefined);
  const either = (list: readonly string[]): Sentence => ({ zh: list.join('、'), en: `one of ${list.join(', ')}` });
  if (profile.modes.length > 0 && !profile.modes.includes(mode)) {
    return { problem: texts.wrongValue(`${key}.mode`, either(profile.modes)) };
  }
  if (profile.sites.length > 0 && !profile.sites.includes(device.site)) {
    return { problem: texts.wrongValue(`${key}.site`, either(profile.sites)) };
  }
  if (offset !== undefined && mode !== 'object') return { problem: texts.offsetNeedsObject(`${key}.bodyOffsetC`) };
  const bodyOffsetCenti = offset === undefined ? null : Math.round(offset * 100);
  const warmUp = device.warmUp ?? 'warm';
  return { device: { ...wired, baudRate, role: 'thermometer', site: device.site, mode, bodyOffsetCenti, warmUp } };
}

/** The shortest pulse of at least 300 ms that the board can time by itself, where it can. */
function defaultPulse(profile: Profile): number {
  const stepMs = profile.boardPulse?.stepMs ?? defaultPulseMs;
  return Math.ceil(defaultPulseMs / stepMs) * stepMs;
}

/** An offset speaks for object mode; otherwise the instrument's own body conversion at this site, where it has one. */
function defaultMode(profile: Profile, site: Site, hasOffset: boolean): Mode {
  if (hasOffset && profile.modes.includes('object')) return 'object';
  const atSite = profile.modes.find((mode) => mode === site);
  return atSite ?? profile.modes[0] ?? 'object';
}

/** The profile itself judges its options: its decoder throws a RangeError with the reason. */
function optionFault(profile: Profile, options: ProfileOptions): string | null {
  try {
    profile.decoder(options);
    return null;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

function hubUrlAllowed(text: string): boolean {
  const url = new URL(text);
  return url.protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
}

function sentenceOf(issue: z.core.$ZodIssue, raw: unknown): Sentence {
  const key = keyOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const last = issue.path.at(-2) === 'devices' ? roleKeys(raw, issue.path) : (expectations.keys[key] ?? []);
    const prefix = key === '' ? '' : `${key}.`;
    return texts.unknownKey(`${prefix}${issue.keys[0] ?? ''}`, last.join(', '));
  }
  const expected = expectations.of(issue.path);
  if (valueAt(raw, issue.path) === undefined) return texts.missingKey(key, expected);
  return texts.wrongValue(key === '' ? '{}' : key, expected);
}

function roleKeys(raw: unknown, path: readonly PropertyKey[]): readonly string[] {
  const role = valueAt(raw, [...path, 'role']);
  return role === 'thermometer' || role === 'reader' || role === 'barrier' || role === 'feedback'
    ? deviceKeys[role]
    : [];
}

function keyOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = raw;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
