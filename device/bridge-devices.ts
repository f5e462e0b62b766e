// The station's devices: one line each, their states as the page sees them, and their events as perishable signals.
// Called by bridge.
import type { BridgeMessage, DeviceStatus } from '../src/contracts/device-stream.ts';
import type { Verdict } from '../src/domain/verdict.ts';
import { barrierOptions } from './barrier-drive.ts';
import { createOsdpStation, isOnOsdp } from './bridge-osdp.ts';
import type { Clock } from './clock.ts';
import type { DeviceConfig, ThermometerConfig } from './config.ts';
import { createContactGate } from './contact-gate.ts';
import type { DeviceEvent, Profile } from './drivers/driver.ts';
import { profileOf } from './drivers/index.ts';
import { closedOf, inputProfiles } from './drivers/relays/inputs.ts';
import { deviceCode } from './error-codes.ts';
import type { Log } from './log.ts';
import type { OsdpLine } from './osdp-lines.ts';
import type { OpenPort } from './ports.ts';
import { createSerialLine, type LineStatus, type SerialLine } from './serial-line.ts';
import { spoken, texts } from './texts.ts';

export const limits = { sampleExpiresMs: 2_000, tapExpiresMs: 5_000 } as const;

export type Signal = Extract<BridgeMessage, { type: 'sample' | 'tap' }>;
type SampleSignal = Omit<Extract<Signal, { type: 'sample' }>, 'n'>;
type Unnumbered = SampleSignal | Omit<Extract<Signal, { type: 'tap' }>, 'n'>;

export type DeviceHooks = {
  openPort: OpenPort;
  clock: Clock;
  random: () => number;
  log: Log;
  onSignal(signal: Signal): void;
  onStatus(status: DeviceStatus): void;
  onRejected(deviceId: string, reason: string): void;
  /** The feedback's contact, each time it was read. */
  onContact(isClosed: boolean, atMs: number): void;
  /** The barrier's first bytes on every connection: OFF. */
  barrierOff: () => readonly Uint8Array[];
  /** What the checks on the instrument say of a thermometer: why it gives no verdict, null = nothing against it. */
  sensorBar: (deviceId: string) => SensorBar;
};
export type SensorBar = 'device-warm-up' | 'device-barred' | null;

export type Devices = {
  statuses(): DeviceStatus[];
  start(): void;
  stop(): void;
  reconnect(deviceId: string): void;
  /** A number typed by a wedge reader in the page becomes a tap of this moment. */
  stamp(printed: string): void;
  /** null also for a device on an OSDP line. */
  lineOf(deviceId: string): SerialLine | null;
  /** Tells the state of a device once more: its standing as an instrument has changed. */
  retell(deviceId: string): void;
  osdpLineOf(deviceId: string): OsdpLine | null;
  /** Lamp and tone at the readers that have them. */
  show(verdict: Verdict): void;
};

type Wired = {
  config: DeviceConfig;
  profile: Profile;
  /** null = on an OSDP line. */
  line: SerialLine | null;
  lacksBody: boolean;
  /** What the page and the log were told: the tries to reopen a missing device do not flicker. */
  shown: { state: LineStatus['state']; sinceMs: number };
};

/** Throws a RangeError when a profile refuses its options. */
export function createDevices(configs: readonly DeviceConfig[], hooks: DeviceHooks): Devices {
  const wired = new Map<string, Wired>();
  const takers = new Map<string, (event: DeviceEvent, atMs: number) => void>();
  let n = 0;
  const signal = (unnumbered: Unnumbered): void => {
    n += 1;
    hooks.onSignal({ ...unnumbered, n } as Signal);
  };
  const tap = (deviceId: string, atMs: number, uid: string | null, printed: string | null): void =>
    signal({ type: 'tap', atMs, expiresAtMs: atMs + limits.tapExpiresMs, deviceId, uid, printed });

  for (const config of configs) {
    const { deviceId, path, baudRate } = config;
    const profile = profileFor(config);
    const lacksBody = config.role === 'thermometer' && config.mode === 'object' && config.bodyOffsetCenti === null;
    const shown = { state: 'opening' as const, sinceMs: hooks.clock.nowMs() };
    const once = presentations(profile.repeatMs);
    const byContact =
      config.role === 'thermometer' && config.mode === 'contact'
        ? createContactGate<SampleSignal>(hooks.clock, signal)
        : null;
    const take = (event: DeviceEvent, atMs: number): void => {
      const at = Math.round(atMs);
      if (event.kind === 'rejected') hooks.onRejected(deviceId, event.reason);
      else if (event.kind === 'tap' && config.role === 'reader') {
        if (once(event.uid ?? event.printed ?? '', at)) tap(deviceId, at, event.uid, event.printed);
      } else if (event.kind === 'reading' && config.role === 'thermometer') {
        // What answers a question, and what is taken by contact, is a reading by itself; a stream is not.
        const isSingle = profile.poll !== null || config.mode === 'contact';
        const sample = sampleOf(config, event, at, isSingle);
        if (sample === null) return;
        noteBody(deviceId, sample.centiCelsius === null);
        (byContact ?? signal)(sample);
      } else if (config.role === 'feedback') {
        const isClosed = closedOf(event, config.input);
        if (isClosed !== null) hooks.onContact(isClosed, atMs);
      }
    };
    if (isOnOsdp(config)) {
      takers.set(deviceId, take);
      wired.set(deviceId, { config, profile, line: null, lacksBody, shown });
      continue;
    }
    const line = createSerialLine({
      deviceId,
      path,
      baudRate,
      profile,
      options: lineOptions(config, profile),
      openPort: hooks.openPort,
      clock: hooks.clock,
      random: hooks.random,
      onConnect: () => (config.role === 'barrier' ? hooks.barrierOff() : modeCommand(config, profile)),
      onEvent: take,
      onState: (status) => tell(deviceId, status),
    });
    wired.set(deviceId, { config, profile, line, lacksBody, shown });
  }
  const osdp = createOsdpStation(configs.filter(isOnOsdp), {
    ...{ openPort: hooks.openPort, clock: hooks.clock, random: hooks.random },
    onEvent: ({ deviceId }, event, atMs) => takers.get(deviceId)?.(event, atMs),
    onContact: (_deviceId, isClosed, atMs) => hooks.onContact(isClosed, atMs),
    onState: (status) => tell(status.deviceId, status),
  });
  const lines = () => [...wired.values()].flatMap(({ line, config }) => line ?? osdp.lines.get(config.deviceId) ?? []);

  const told = (device: Wired): DeviceStatus => statusOf(device, hooks.sensorBar(device.config.deviceId));

  /** An instrument set to another mode than configured gives no body value: that shows as `no-offset`, at once. */
  const noteBody = (deviceId: string, lacks: boolean): void => {
    const device = wired.get(deviceId);
    if (device === undefined || device.lacksBody === lacks) return;
    device.lacksBody = lacks;
    hooks.onStatus(told(device));
  };

  const tell = (deviceId: string, status: LineStatus): void => {
    const device = wired.get(deviceId);
    if (device === undefined || !isNews(device.shown.state, status.state)) return;
    device.shown = { state: status.state, sinceMs: status.sinceMs };
    const news = told(device);
    const fields = { event: 'device', deviceId, state: status.state, code: news.code };
    const reason = status.reason === null ? {} : { reason: status.reason };
    if (status.state === 'absent' && status.reason !== 'stopped') {
      hooks.log.warn(
        { ...fields, ...reason },
        spoken(texts.deviceMissing(deviceId, device.config.path, news.code ?? '')),
      );
    } else hooks.log.info({ ...fields, ...reason });
    hooks.onStatus(news);
  };

  return {
    statuses: () => [...wired.values()].map(told),
    start: () => {
      for (const line of lines()) line.start();
    },
    stop: () => {
      for (const line of lines()) line.stop();
    },
    reconnect: (deviceId) => (wired.get(deviceId)?.line ?? osdp.lines.get(deviceId))?.reconnectNow(),
    stamp: (printed) => tap('wedge', Math.round(hooks.clock.nowMs()), null, printed),
    lineOf: (deviceId) => wired.get(deviceId)?.line ?? null,
    retell: (deviceId) => {
      const device = wired.get(deviceId);
      if (device !== undefined) hooks.onStatus(told(device));
    },
    osdpLineOf: (deviceId) => osdp.lines.get(deviceId) ?? null,
    show: osdp.show,
  };
}

/** A board whose inputs are a feedback is asked for them all the time. */
const profileFor = (config: DeviceConfig): Profile =>
  (config.role === 'feedback' ? inputProfiles.get(config.profile) : undefined) ?? profileOf(config.profile);

function lineOptions(config: DeviceConfig, profile: Profile): Readonly<Record<string, string>> {
  switch (config.role) {
    case 'barrier':
      return barrierOptions(config, profile);
    case 'thermometer':
      return thermometerOptions(config, profile);
    case 'reader':
    case 'feedback':
      return config.options;
    default:
      return config satisfies never;
  }
}

/** An instrument that is asked for one of its modes is asked for the station's: never for the wrist at the forehead. */
export function thermometerOptions(
  config: Pick<ThermometerConfig, 'mode' | 'options'>,
  profile: Pick<Profile, 'options'>,
): Readonly<Record<string, string>> {
  return Object.hasOwn(profile.options, 'mode') ? { ...config.options, mode: config.mode } : config.options;
}

/** Which of an instrument's values the rules see; null for an event without any value of its own. */
export function sampleOf(
  config: ThermometerConfig,
  event: Extract<DeviceEvent, { kind: 'reading' }>,
  atMs: number,
  single: boolean,
): SampleSignal | null {
  const isObject = config.mode === 'object';
  const offset = isObject ? (config.bodyOffsetCenti ?? 0) : 0;
  const own = isObject ? event.objectCenti : event.bodyCenti;
  const raw = own ?? event.objectCenti ?? event.bodyCenti;
  if (raw === null) return null;
  const centiCelsius = own === null || (isObject && config.bodyOffsetCenti === null) ? null : own + offset;
  return {
    type: 'sample',
    atMs,
    expiresAtMs: atMs + limits.sampleExpiresMs,
    deviceId: config.deviceId,
    centiCelsius,
    rawCentiCelsius: raw,
    ambientCentiCelsius: event.ambientCenti,
    offsetCentiCelsius: centiCelsius === null ? 0 : offset,
    site: config.site,
    mode: config.mode,
    single,
    ...(event.unchecked && { unchecked: true }),
  };
}

/** A device that is being looked for again is still missing; another reason for the same state is no news either. */
function isNews(shown: LineStatus['state'], state: LineStatus['state']): boolean {
  return state !== shown && !(state === 'opening' && shown !== 'online');
}

function statusOf({ config, shown, lacksBody }: Wired, barred: SensorBar): DeviceStatus {
  const { state, sinceMs } = shown;
  const isThermometer = config.role === 'thermometer';
  return {
    deviceId: config.deviceId,
    role: config.role,
    profile: config.profile,
    state,
    sinceMs: Math.round(sinceMs),
    code: deviceCode(config.role, state, lacksBody, barred),
    sensor: isThermometer ? sensorOf(state, lacksBody, barred) : null,
    site: isThermometer ? config.site : null,
    mode: isThermometer ? config.mode : null,
  };
}

function sensorOf(
  state: LineStatus['state'],
  lacksBody: boolean,
  barred: SensorBar,
): NonNullable<DeviceStatus['sensor']> {
  switch (state) {
    case 'absent':
    case 'opening':
    case 'faulted':
      return 'device-lost';
    case 'silent':
      return 'device-silent';
    case 'online':
      return lacksBody ? 'no-offset' : (barred ?? 'ready');
    default:
      return state satisfies never;
  }
}

/** Instruments that can be told their mode are told on every connection, since they keep the last one anybody set. */
function modeCommand(config: DeviceConfig, profile: Profile): Uint8Array[] {
  if (config.role !== 'thermometer') return [];
  const name = config.mode === 'object' ? 'mode-object' : 'mode-body';
  const command = Object.hasOwn(profile.commands, name) ? profile.commands[name] : undefined;
  return command === undefined ? [] : [command(config.options)];
}

/** A reader repeats a card while it lies there: a frame within `repeatMs` of the last one of that card is no new tap. */
function presentations(repeatMs: number): (card: string, atMs: number) => boolean {
  let last = { card: '', atMs: Number.NEGATIVE_INFINITY };
  return (card, atMs) => {
    const isNew = card !== last.card || atMs - last.atMs > repeatMs;
    last = { card, atMs };
    return isNew;
  };
}
