// Any profile as a device that can be played: one shape over thermometers, readers, relay boards and OSDP peripherals.
// Called by play and by the tests and tools that play whole profiles.
import type { Clock, Timer } from '../../clock.ts';
import { profileOf } from '../../drivers/index.ts';
import { createAnyReader } from './any-reader.ts';
import { createAnyRelay } from './any-relay.ts';
import { bodyOffsetCenti, createAnyThermometer } from './any-thermometer.ts';
import { createOsdpPeripheral } from './osdp-peripheral.ts';
import { readerSpeeches } from './reader-speech.ts';
import { relaySpeeches } from './relay-speech.ts';
import { type Shown, speeches } from './thermometer-speech.ts';

export const playedProfiles: readonly string[] = [
  ...speeches.keys(),
  ...readerSpeeches.keys(),
  'osdp',
  ...relaySpeeches.keys(),
];

/** A keyboard reader's events come over USB, far faster than any serial line: as if at 115200. */
const usbBaud = 115_200;

/** Bits a second on the wire of a played device. Throws a RangeError for an unknown profile. */
export const playedBaud = (profile: string) => (profile === 'hid-evdev' ? usbBaud : profileOf(profile).baudRate);

/** Bytes of one report: a key and the report's end, two input events of 24 bytes, which the kernel hands on whole. */
const reportBytes = 48;

/** Bytes of a played device that arrive together. */
export const playedTogether = (profile: string) => (profile === 'hid-evdev' ? reportBytes : 1);

/** What a device did by itself or was told to do, as a line for whoever watches. */
export type PlayedNews = Readonly<Record<string, string | number | boolean>>;

export type PlayedDevice = {
  /** Begins to stream; of no effect for one that only answers. */
  start(): void;
  stop(): void;
  receive(bytes: Uint8Array): void;
  /** The instrument's own main value, hundredths of a degree; null = nobody in front of it. Thermometers only. */
  show(centi: number | null): void;
  /** A card that the profile's reader can read. Readers only. */
  present(card: string): void;
  keys(keys: string): void;
  /** Takes what lies on a reader away. */
  takeAway(): void;
};

export type PlayedOptions = {
  write(bytes: Uint8Array): void;
  clock: Clock;
  /** [0, 1) */
  random(): number;
  wallMs(): number;
  ambientCenti: number;
  noiseCenti: number;
  rateHz: number | null;
  bend?(shown: Shown): Shown;
  /** OSDP. */
  address: number;
  scbk: Uint8Array | null;
  onNews(news: PlayedNews): void;
};

const nothing = () => undefined;
const mute: PlayedDevice = {
  start: nothing,
  stop: nothing,
  receive: nothing,
  show: nothing,
  present: nothing,
  keys: nothing,
  takeAway: nothing,
};

/** Null for a profile that nobody can play. */
export function createPlayedDevice(profile: string, options: PlayedOptions): PlayedDevice | null {
  const { clock, write } = options;
  const speech = speeches.get(profile)?.();
  const thermometer = createAnyThermometer(profile, {
    ...{ write, clock, random: options.random, ambientCenti: options.ambientCenti, noiseCenti: options.noiseCenti },
    ...(options.rateHz === null ? {} : { rateHz: options.rateHz }),
    ...(options.bend ? { bend: options.bend } : {}),
  });
  if (thermometer) {
    const offset = speech?.gives === 'body' ? bodyOffsetCenti : 0;
    return { ...mute, ...thermometer, show: (centi) => thermometer.show(centi === null ? null : centi - offset) };
  }
  const reader = createAnyReader(profile, { write, clock, wallMs: options.wallMs });
  if (reader) return { ...mute, ...reader, takeAway: reader.stop };
  const relay = createAnyRelay(profile, { write, clock });
  if (relay) {
    relay.onChange((channel, on) => options.onNews({ kind: 'relay', channel, on }));
    return { ...mute, receive: relay.receive, stop: relay.stop };
  }
  return profile === 'osdp' ? osdpDevice(options) : null;
}

/** Milliseconds of silence of the line behind which what a peripheral was told is told on. */
const newsMs = 20;

function osdpDevice(options: PlayedOptions): PlayedDevice {
  const peripheral = createOsdpPeripheral({
    address: options.address,
    ...(options.scbk ? { scbk: options.scbk } : {}),
    now: options.clock.nowMs,
    write: options.write,
  });
  let timer: Timer | null = null;
  const tell = () => {
    timer = null;
    for (const { what, dataHex, wasSecure } of peripheral.done.splice(0)) {
      options.onNews({ kind: 'told', what, data: dataHex, secure: wasSecure });
    }
  };
  return {
    ...mute,
    receive: (bytes) => {
      peripheral.take(bytes);
      timer ??= options.clock.setTimer(tell, newsMs);
    },
    // Wiegand bits as a reader sends them, parity and padding in place.
    present: (card) => {
      const isLong = card.length === 8;
      const bits = readerSpeeches.get(isLong ? 'wiegand34' : 'wiegand26')?.frame(card, 0) ?? new Uint8Array();
      peripheral.card(0, 1, isLong ? 34 : 26, [...bits]);
    },
    keys: (keys) => peripheral.keys(0, keys),
    stop: () => {
      if (timer) options.clock.clearTimer(timer);
      timer = null;
    },
  };
}
