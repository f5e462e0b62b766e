// Random bytes into one decoder, and into the OSDP control unit: uniform noise, and valid frames mutated and glued. Counts what must
// never be: an exception, a held byte too many, a value that does not stand in the bytes. Called by the fuzz program and its short test.

import type { DeviceEvent } from '../../device/drivers/driver.ts';
import { profileOf, profiles } from '../../device/drivers/index.ts';
import { commandOf } from '../../device/drivers/osdp/commands.ts';
import { createControlUnit, type UnitEvent } from '../../device/drivers/osdp/control-unit.ts';
import { createPacketFramer } from '../../device/drivers/osdp/framing.ts';
import { nodeCipher } from '../../device/osdp-crypto.ts';
import { createOsdpPeripheral } from '../../device/simulator/players/osdp-peripheral.ts';
import { readerSpeeches } from '../../device/simulator/players/reader-speech.ts';
import { relaySpeeches } from '../../device/simulator/players/relay-speech.ts';
import { speeches } from '../../device/simulator/players/thermometer-speech.ts';
import { seededRandom } from '../../device/simulator/seeded-random.ts';
import { createCorpus, type Guide } from './coverage-guide.ts';
import { frameScans } from './frame-scans.ts';

/** Bytes between two silences: what a value must stand in. `heldBytes`: the longest that any decoder keeps. */
export const limits = { stretchBytes: 2_048, heldBytes: 516, guidedTurns: 16 } as const;

export type Fuzzed = {
  name: string;
  bytes: number;
  values: number;
  refused: number;
  heldMost: number;
  /** Inputs that reached code which none had reached before; 0 without a guide. */
  finds: number;
  /** CPU of the second half against the first. */
  ratio: number;
  seconds: number;
  faults: string[];
};

/** Answers that silence alone tells apart: fed one by one most of the time. */
const quietBytes: Readonly<Record<string, number>> = {
  'optris-cs': 2,
  'optris-cs-old': 2,
  'optris-ct': 2,
  gd60914: 7,
};

export const fuzzedProfiles: readonly string[] = [...profiles.keys()];

/** A valid frame of the profile, other payloads each time. */
function frameOf(name: string, random: () => number): Uint8Array {
  const whole = (max: number) => Math.floor(random() * max);
  const speech = speeches.get(name)?.();
  if (speech) return speech.frame({ objectCenti: whole(6_000), ambientCenti: whole(4_000), bodyCenti: whole(6_000) });
  const reader = readerSpeeches.get(name);
  if (reader) {
    const card = [...reader.card.sample].map(() =>
      (name.startsWith('hid-') ? whole(10) : whole(16)).toString(16).toUpperCase(),
    );
    return reader.frame(card.join(''), whole(2_000_000_000));
  }
  if (name === 'osdp') {
    let said = new Uint8Array();
    const peripheral = createOsdpPeripheral({
      address: whole(3),
      now: () => 0,
      write: (bytes) => (said = Uint8Array.from(bytes)),
    });
    peripheral.card(0, 1, 26, [whole(256), whole(256), whole(256), 0]);
    peripheral.take(Uint8Array.from(pollsTo(whole(3))));
    return said;
  }
  const relay = relaySpeeches.get(name);
  const profile = profileOf(name);
  const commands = Object.keys(profile.commands);
  const build = profile.commands[commands[whole(commands.length)] ?? ''];
  const command = build ? [...build({})] : [];
  const heard = relay?.hear(command, []);
  return (typeof heard === 'object' && heard?.answer) || Uint8Array.from(command);
}

/** POLL with number 0 to this address: written down for 0, 1 and 2 (FF 53 addr 08 00 04 60 crc). */
function pollsTo(address: number): number[] {
  const body = [0x53, address, 0x08, 0x00, 0x04, 0x60];
  let crc = 0x1d0f;
  for (const byte of body) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return [0xff, ...body, crc & 0xff, crc >> 8];
}

/** Frames whole, changed, cut, doubled, spliced, with noise between. */
function mutated(frame: () => Uint8Array, random: () => number, target: Uint8Array): void {
  const whole = (max: number) => Math.floor(random() * max);
  for (let at = 0; at < target.length; ) {
    const bytes = [...frame()];
    const how = random();
    if (how < 0.25) bytes[whole(bytes.length)] = whole(256);
    else if (how < 0.35) bytes.splice(whole(bytes.length), 1 + whole(3));
    else if (how < 0.45) bytes.splice(whole(bytes.length), 0, whole(256));
    else if (how < 0.55) bytes.length = whole(bytes.length);
    else if (how < 0.6) bytes.splice(whole(bytes.length), bytes.length, ...frame());
    else if (how < 0.65)
      for (let bit = 0; bit < 3; bit += 1)
        bytes[whole(bytes.length)] = (bytes[whole(bytes.length)] ?? 0) ^ (1 << whole(8));
    else if (how < 0.7) bytes.unshift(...Array.from({ length: whole(40) }, () => whole(256)));
    target.set(bytes.slice(0, target.length - at), at);
    at += Math.max(1, bytes.length);
  }
}

function noise(random: () => number, target: Uint8Array): void {
  for (let at = 0; at < target.length; at += 1) target[at] = Math.floor(random() * 256);
}

const textOf = (event: DeviceEvent) =>
  event.kind === 'reading'
    ? `${event.objectCenti}/${event.ambientCenti}/${event.bodyCenti}`
    : event.kind === 'tap'
      ? (event.uid ?? event.printed)
      : null;

/** `progress` is called now and then with the share that is done. */
export function fuzzDecoder(
  name: string,
  bytes: number,
  seed: number,
  progress: (share: number) => void = () => undefined,
  guide: Guide | null = null,
): Fuzzed {
  const random = seededRandom(seed);
  const corpus = createCorpus(random);
  const profile = profileOf(name);
  const scan = frameScans.get(name);
  // A pool: making frames must not cost more than reading them.
  const pool = Array.from({ length: 512 }, () => frameOf(name, random));
  const one = () => pool[Math.floor(random() * pool.length)] ?? new Uint8Array();
  const stretch = Buffer.alloc(limits.stretchBytes);
  const decoder = profile.decoder({});
  const quiet = quietBytes[name];
  const result: Fuzzed = {
    name,
    bytes: 0,
    values: 0,
    refused: 0,
    heldMost: 0,
    finds: 0,
    ratio: 1,
    seconds: 0,
    faults: [],
  };
  const halves = [0, 0];
  const startMs = performance.now();
  const stretches = Math.ceil(bytes / limits.stretchBytes);
  for (let index = 0; index < stretches && result.faults.length < 10; index += 1) {
    // The two halves are the same mixture: their times may be compared.
    const isGuided = index % 8 === 3 || index % 8 === 5;
    if (index % 2 === 0) noise(random, stretch);
    else if (!isGuided || !corpus.child(stretch)) mutated(one, random, stretch);
    const events: DeviceEvent[] = [];
    const before = process.cpuUsage();
    try {
      if (profile.poll && index % 4 >= 2) decoder.asked?.(profile.poll.command);
      for (let at = 0; at < stretch.length; ) {
        const isOne = quiet !== undefined && random() < 0.7;
        const piece = isOne ? quiet : index % 8 < 4 ? 1 + Math.floor(random() * 64) : stretch.length;
        for (const event of decoder.push(stretch.subarray(at, at + piece))) events.push(event);
        result.heldMost = Math.max(result.heldMost, decoder.held());
        at += piece;
        if (isOne || random() < 0.05) for (const event of decoder.idle()) events.push(event);
      }
      for (const event of decoder.idle()) events.push(event);
    } catch (error) {
      result.faults.push(`exception: ${error instanceof Error ? error.message : String(error)}`);
    }
    const { user, system } = process.cpuUsage(before);
    const half = index < stretches / 2 ? 0 : 1;
    halves[half] = (halves[half] ?? 0) + user + system;
    if (result.heldMost > limits.heldBytes) result.faults.push(`holds ${result.heldMost} bytes`);
    if (decoder.held() !== 0) result.faults.push('holds bytes after a silence');
    const present = scan?.(stretch);
    for (const event of events) {
      if (event.kind === 'rejected') result.refused += 1;
      const value = textOf(event);
      if (value === null) continue;
      result.values += 1;
      const isThere = name === 'osdp' ? present?.has('packet') : present?.has(value);
      if (present && !isThere) result.faults.push(`made up: ${value} of ${stretch.toString('hex').slice(0, 80)}`);
    }
    result.bytes += stretch.length;
    if (guide?.gained()) {
      result.finds += 1;
      corpus.keep(stretch);
    }
    if (index % 512 === 0) progress(index / stretches);
  }
  result.ratio = (halves[1] ?? 0) / Math.max(halves[0] ?? 0, 1_000);
  result.seconds = (performance.now() - startMs) / 1_000;
  return result;
}

/** The state machine of the control unit, plain or with a key, towards a peripheral whose replies are mutated or replaced by noise. */
export function fuzzControlUnit(
  isSecure: boolean,
  bytes: number,
  seed: number,
  progress: (share: number) => void = () => undefined,
  guide: Guide | null = null,
): Fuzzed {
  const random = seededRandom(seed);
  const corpus = createCorpus(random);
  const whole = (max: number) => Math.floor(random() * max);
  const key = Uint8Array.from({ length: 16 }, (_, index) => index * 7 + 1);
  const challenge = () => Uint8Array.from({ length: 8 }, () => whole(256));
  const name = isSecure ? 'osdp control unit, secure' : 'osdp control unit';
  const result: Fuzzed = {
    name,
    bytes: 0,
    values: 0,
    refused: 0,
    heldMost: 0,
    finds: 0,
    ratio: 1,
    seconds: 0,
    faults: [],
  };
  let said: Uint8Array[] = [];
  const peripheral = createOsdpPeripheral({
    address: 1,
    scbk: key,
    now: () => 0,
    write: (frame) => void said.push(frame),
  });
  const unit = createControlUnit({
    address: 1,
    secure: isSecure ? { cipher: nodeCipher, key, random: challenge } : null,
  });
  const framer = createPacketFramer();
  const halves = [0, 0];
  const startMs = performance.now();
  let nowMs = 0;
  let cards = 0;
  let told = 0;
  for (let turn = 0; result.bytes < bytes && result.faults.length < 10; turn += 1) {
    const before = process.cpuUsage();
    const half = result.bytes < bytes / 2 ? 0 : 1;
    try {
      nowMs = Math.max(nowMs + 1, unit.dueAtMs() === Number.NEGATIVE_INFINITY ? 0 : unit.dueAtMs());
      if (random() < 0.1) unit.order(String(turn), commandOf('output', { timerMs: '300' }), nowMs + 1_000);
      if (random() < 0.1) {
        peripheral.card(0, 1, 26, [whole(256), whole(256), whole(256), 0]);
        cards += 1;
      }
      said = [];
      const events: UnitEvent[] = [];
      const begun = unit.begin(nowMs);
      events.push(...begun.events);
      framer.idle();
      peripheral.take(begun.frame);
      const reply = said[0] ?? new Uint8Array();
      const how = random();
      const bred = how < 0.7 && how >= 0.6 ? Uint8Array.from(reply) : null;
      const heard =
        how < 0.6 || (bred !== null && corpus.child(bred))
          ? (bred ?? reply)
          : how < 0.8
            ? reply.map((byte) => (random() < 0.1 ? whole(256) : byte))
            : Uint8Array.from({ length: 1 + whole(how < 0.9 ? 40 : 400) }, () => whole(256));
      result.bytes += Math.max(1, heard.length);
      let isTaken = false;
      for (const found of [...framer.push(heard), ...(heard === reply ? [] : framer.idle())]) {
        if (found.kind === 'rejected') {
          result.refused += 1;
          continue;
        }
        const taken = isTaken ? null : unit.take(found, nowMs);
        if (taken === null) continue;
        isTaken = true;
        events.push(...taken);
      }
      result.heldMost = Math.max(result.heldMost, framer.held());
      if (!isTaken) events.push(...unit.silent(nowMs));
      for (const event of events) {
        if (event.is !== 'event' || event.event.kind !== 'tap') continue;
        told += 1;
        result.values += 1;
      }
      if (turn % limits.guidedTurns === 0 && guide?.gained()) {
        result.finds += 1;
        corpus.keep(heard);
      }
      // Every tap that is told was laid there: none is made out of noise, none comes twice.
      if (told > cards) result.faults.push('a card that nobody laid there');
      // After a long silence both begin anew, as they would on a line.
      if (random() < 0.001) peripheral.reboot();
    } catch (error) {
      result.faults.push(`exception: ${error instanceof Error ? error.message : String(error)}`);
    }
    const { user, system } = process.cpuUsage(before);
    halves[half] = (halves[half] ?? 0) + user + system;
    if (turn % 4_096 === 0) progress(result.bytes / bytes);
  }
  if (result.heldMost > limits.heldBytes) result.faults.push(`holds ${result.heldMost} bytes`);
  if (bytes > 100_000 && result.values === 0) result.faults.push('no card was ever read: nothing was tried');
  result.ratio = (halves[1] ?? 0) / Math.max(halves[0] ?? 0, 1_000);
  result.seconds = (performance.now() - startMs) / 1_000;
  return result;
}
