// Rows like the public ones that are not there: for every profile other payloads by an independent speaker, split at every byte,
// glued together, amid noise, with a damaged frame in the middle. Whatever is found must be what was said, and the next frame too.
import { describe, expect, test } from 'vitest';
import type { Decoder, DeviceEvent } from '../../../device/drivers/driver.ts';
import { commandBytes, profileOf, profiles } from '../../../device/drivers/index.ts';
import { createOsdpPeripheral } from '../../../device/simulator/players/osdp-peripheral.ts';
import { readerSpeeches } from '../../../device/simulator/players/reader-speech.ts';
import { relaySpeeches } from '../../../device/simulator/players/relay-speech.ts';
import { speeches } from '../../../device/simulator/players/thermometer-speech.ts';
import { checkedProfiles, isUncovered, limitsOf, linedProfiles } from '../../kit/played-line.ts';
import { bytesOf, decodeAll, join, noiseBytes, seeded } from '../byte-tools.ts';

type Said = { bytes: Uint8Array; value: string };
type Speaker = { name: string; say(random: () => number): Said };
/** Whoever reads a capture of an Optris says what was asked: a low temperature could be an emissivity. */
const decoderOf = (name: string) => profileOf(name).decoder(name.startsWith('optris') ? { asked: 'target' } : {});
const below = (random: () => number, end: number) => Math.floor(random() * end);

/** Signed hundredths: a wall in winter as well as a body. The others are held to what their format or their limits can say. */
const signed = ['gy-mcu90614', 'gy-mcu90615', 'gy-614v', 'cjmcu-90614', 'raytek-ascii', 'line', 'aaa5-body'];
/** Frames carry tenths, or hundredths. */
const hundredths = ['gy-mcu90614', 'gy-mcu90615', 'gy-614v', 'cjmcu-90614', 'lu90614', 'line', 'ble-thermometer'];

function thermometer(name: string): Speaker {
  const speech = speeches.get(name)?.();
  if (!speech) throw new Error(`nobody plays ${name}`);
  // A line whose damaged end is a digit is told from a longer number by the length of the lines before alone.
  const twoDigits = name === 'line' ? ([1_000, 9_990] as const) : null;
  const [min, max] = twoDigits ??
    limitsOf[name] ?? [signed.includes(name) ? -3_900 : 0, name === 'idc-50' ? 5_990 : 9_900];
  const step = hundredths.includes(name) ? 1 : 10;
  const any = (random: () => number) => Math.floor(min / step + random() * ((max - min) / step)) * step;
  return {
    name,
    say(random) {
      const shown = { objectCenti: any(random), ambientCenti: 10 * below(random, 600), bodyCenti: any(random) };
      const value = String(speech.gives === 'body' ? shown.bodyCenti : shown.objectCenti);
      return { bytes: speech.frame(shown), value };
    },
  };
}

function reader(name: string): Speaker {
  const speech = readerSpeeches.get(name);
  if (!speech) throw new Error(`nobody plays ${name}`);
  const digits = name.startsWith('hid-') ? '0123456789' : '0123456789ABCDEF';
  let wallMs = 1_700_000_000_000;
  return {
    name,
    say(random) {
      wallMs += 5_000;
      const value = [...speech.card.sample].map(() => digits[below(random, digits.length)]).join('');
      return { bytes: speech.frame(value, wallMs), value };
    },
  };
}

/** A board's answer to a command for a relay of its own choice: the echo. */
function board(name: string): Speaker {
  const speech = relaySpeeches.get(name);
  const profile = profileOf(name);
  return {
    name,
    say(random) {
      const command = random() < 0.5 ? 'open' : 'close';
      const channel = String(1 + below(random, 32));
      const heard = speech?.hear([...commandBytes(profile, command, { channel })], []);
      if (!heard || heard === 'more' || !heard.answer) throw new Error(`${name} did not answer`);
      return {
        bytes: heard.answer,
        value: `${name.endsWith('-r4') ? channel : Number(channel) - 1} ${command === 'open'}`,
      };
    },
  };
}

/** Cards and keys of a peripheral that shares no code with the control unit. */
function osdp(): Speaker {
  let sent: Uint8Array = new Uint8Array();
  const write = (bytes: Uint8Array) => {
    sent = bytes;
  };
  const peripheral = createOsdpPeripheral({ address: 5, now: () => 0, write });
  return {
    name: 'osdp',
    say(random) {
      const data = [...noiseBytes(4, random)];
      const isKeys = random() < 0.3;
      const keys = String(below(random, 1_000_000));
      if (isKeys) peripheral.keys(0, keys);
      else peripheral.card(0, 0, 32, data);
      peripheral.take(commandBytes(profileOf('osdp'), 'poll', { address: '5' }));
      return { bytes: sent, value: isKeys ? keys : Buffer.from(data).toString('hex').toUpperCase() };
    },
  };
}

function toldBy(event: DeviceEvent): string[] {
  if (event.kind === 'reading') return [String(event.bodyCenti ?? event.objectCenti)];
  if (event.kind === 'tap') return [event.uid ?? event.printed ?? ''];
  if (event.kind === 'keypad') return [String(event.says.keys)];
  return event.kind === 'ack' ? [`${event.says.coil ?? event.says.relay} ${event.says.on}`] : [];
}

const boards = ['modbus-relay', 'modbus-relay-r4', 'modbus-relay-waveshare'];
const speakers: readonly Speaker[] = [
  ...[...speeches.keys()].map(thermometer),
  ...[...readerSpeeches.keys()].map(reader),
  ...boards.map(board),
  osdp(),
];
const isChecked = (name: string) => checkedProfiles.includes(name) || boards.includes(name) || name === 'osdp';
/** Formats without a start: noise in front is told from them by silence, or by a line end. */
const apart: Readonly<Record<string, 'silence' | 'line end'>> = {
  ...Object.fromEntries(['gd60914', 'optris-cs', 'optris-cs-old', 'optris-ct'].map((name) => [name, 'silence'])),
  ...Object.fromEntries(['wiegand26', 'wiegand34', 'em-18', 'ble-thermometer'].map((name) => [name, 'silence'])),
  ...{ line: 'line end', 'hex-line': 'line end', 'hid-wedge': 'line end' },
};

/** Pieces with what keeps them apart. */
function heard(name: string, pieces: readonly Uint8Array[], decoder: Decoder = decoderOf(name)): string[] {
  const kept = apart[name];
  const events = pieces.flatMap((piece) => {
    const found = decoder.push(piece);
    if (kept === 'silence') return [...found, ...decoder.idle()];
    return kept === 'line end' ? [...found, ...decoder.push(bytesOf('0d0a'))] : found;
  });
  return [...events, ...decoder.idle()].flatMap(toldBy);
}
const flat = (name: string, ...pieces: Uint8Array[]) => decodeAll(decoderOf(name), ...pieces);

describe.each(speakers)('$name', ({ name, say }) => {
  test('reads three hundred other payloads, each as it was said', () => {
    const random = seeded(1);
    for (let round = 0; round < 300; round += 1) {
      const { bytes, value } = say(random);
      expect(flat(name, bytes).flatMap(toldBy), Buffer.from(bytes).toString('hex')).toEqual([value]);
    }
  });

  test('reads three glued frames the same for a split at every byte, and byte by byte', () => {
    const random = seeded(2);
    for (let round = 0; round < (name === 'hid-evdev' ? 1 : 5); round += 1) {
      // A typed number is a thousand bytes long.
      const said = name === 'hid-evdev' ? [say(random)] : [say(random), say(random), say(random)];
      const bytes = join(...said.map((one) => one.bytes));
      const whole = flat(name, bytes);
      expect(whole.flatMap(toldBy)).toEqual(said.map(({ value }) => value));
      for (let at = 1; at < bytes.length; at += 1) {
        expect(flat(name, bytes.subarray(0, at), bytes.subarray(at)), `split at ${at}`).toEqual(whole);
      }
      expect(flat(name, ...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(whole);
    }
  });

  test('reads each frame with noise before and between, and makes none of the noise', () => {
    const random = seeded(3);
    const noise = () =>
      noiseBytes(1 + below(random, 40), random).map((byte) => (byte >= 0x2c && byte <= 0x7a ? byte + 0x80 : byte));
    for (let round = 0; round < 100; round += 1) {
      const said = [say(random), say(random)];
      const pieces = [noise(), said[0]?.bytes ?? noise(), noise(), noise(), said[1]?.bytes ?? noise(), noise()];
      const values = heard(name, pieces);
      const wanted = said.map(({ value }) => value);
      // What has neither head nor sum cannot tell two bytes of noise from an answer: there the mark says so.
      if (isChecked(name)) expect(values, `round ${round}`).toEqual(wanted);
      else
        expect(
          values.filter((value) => wanted.includes(value)),
          `round ${round}`,
        ).toEqual(wanted);
    }
  });

  test('loses nothing but a damaged frame in the middle', () => {
    const random = seeded(4);
    for (let round = 0; round < 20; round += 1) {
      const [before, middle, next] = [say(random), say(random), say(random)];
      for (let at = 0; at < middle.bytes.length; at += name === 'hid-evdev' ? 97 : 1) {
        const bad = middle.bytes.slice();
        bad[at] = (bad[at] ?? 0) ^ (1 + below(random, 255));
        const values = heard(name, [before.bytes, bad, next.bytes]);
        const where = `byte ${at} of ${Buffer.from(bad).toString('hex')}`;
        expect(values.at(0), where).toBe(before.value);
        expect(values.at(-1), `the next one behind ${where}`).toBe(next.value);
        if (!isChecked(name) || name === 'osdp') continue;
        const isHarmless =
          name === 'pn532-hsu'
            ? at === bad.length - 1
            : isUncovered(name, {
                good: middle.bytes,
                bytes: bad,
                value: middle.value,
                fault: 'flip',
                number: 0,
                noiseBytes: 0,
              });
        // A mode that there is not is refused all the same.
        if (isHarmless) expect([[], [middle.value]], where).toContainEqual(values.slice(1, -1));
        else expect(values.slice(1, -1), where).toEqual([]);
      }
    }
  });
});

test('every profile that says anything is tried here', () => {
  // LCUS and HW-667 say nothing that is believed; the inputs of the LC board stand in relays.test.ts.
  const silent = ['lcus', 'hw-667', 'modbus-relay-lc'];
  expect([...speakers.map(({ name }) => name), ...silent].sort()).toEqual([...profiles.keys()].sort());
  expect(linedProfiles.every((name) => profiles.has(name))).toBe(true);
});
