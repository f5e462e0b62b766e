// A damaged line end costs no line but its own: text lines of two kinds, with each byte of an end changed to every other, lost, doubled.
import { describe, expect, test } from 'vitest';
import type { DeviceEvent, ProfileOptions } from '../../../device/drivers/driver.ts';
import { profileOf } from '../../../device/drivers/index.ts';
import { ascii, decodeAll, join } from '../byte-tools.ts';

const centi = (event: DeviceEvent) => (event.kind === 'reading' ? [event.objectCenti] : []);
const uid = (event: DeviceEvent) => (event.kind === 'tap' ? [event.uid] : []);
const valuesOf = (name: string, bytes: Uint8Array, options: ProfileOptions = {}) =>
  decodeAll(profileOf(name).decoder(options), bytes).flatMap((event) => [...centi(event), ...uid(event)]);

const texts = {
  line: [
    ['36.51', '36.62', '36.73', '36.84'],
    [3_651, 3_662, 3_673, 3_684],
  ],
  'hex-line': [
    ['5630F009', '0B3E3636', '2A83155E', 'FB0EE20B'],
    ['5630F009', '0B3E3636', '2A83155E', 'FB0EE20B'],
  ],
} as const;

describe.each(['line', 'hex-line'] as const)('%s with CR LF', (name) => {
  const [lines, values] = texts[name];
  const stream = ascii(lines.map((text) => `${text}\r\n`).join(''));
  /** Where the end of the second line begins. */
  const end = 2 * (lines[0].length + 2) - 2;
  const [first, second, third, fourth] = values;

  test('a changed LF costs nothing', () => {
    for (let to = 0; to < 256; to += 1) {
      const bad = stream.slice();
      bad[end + 1] = to;
      expect(valuesOf(name, bad), `LF became ${to}`).toEqual([first, second, third, fourth]);
    }
  });

  test('a changed CR costs its own line at most, and makes no other of it', () => {
    for (let to = 0; to < 256; to += 1) {
      const bad = stream.slice();
      bad[end] = to;
      const got = valuesOf(name, bad);
      // A digit more is another number of this format: nothing but its limits tells, and the mark.
      const own = name === 'line' && to >= 0x30 && to <= 0x39 ? got.filter((value) => value !== second) : got;
      expect(own.slice(-2), `CR became ${to}`).toEqual([third, fourth]);
      expect(own[0]).toBe(first);
    }
  });

  test.each(['lost', 'doubled'])('a byte of the end that is %s costs nothing', (fault) => {
    for (const at of [end, end + 1]) {
      const put = fault === 'lost' ? new Uint8Array() : Uint8Array.of(stream[at] ?? 0, stream[at] ?? 0);
      const bad = join(stream.subarray(0, at), put, stream.subarray(at + 1));
      expect(valuesOf(name, bad)).toEqual([first, second, third, fourth]);
    }
  });

  test('the same for any split of the bytes', () => {
    const bad = stream.slice();
    bad[end + 1] = 0x31;
    for (let at = 1; at < bad.length; at += 1) {
      const decoder = profileOf(name).decoder({});
      const events = [...decoder.push(bad.subarray(0, at)), ...decodeAll(decoder, bad.subarray(at))];
      expect(events.flatMap((event) => [...centi(event), ...uid(event)])).toEqual([first, second, third, fourth]);
    }
  });
});

test('a device that ends its lines in one byte is never taken for a damaged one', () => {
  expect(valuesOf('line', ascii('36.5\r\n136.5\n36.5\n136.5\n'))).toEqual([3_650, 13_650, 3_650, 13_650]);
  expect(valuesOf('line', ascii('36.5\n136.5\n36.5\n'))).toEqual([3_650, 13_650, 3_650]);
  expect(valuesOf('line', ascii('36.5\r136.5\r\n'))).toEqual([3_650, 13_650]);
});

test('a card between STX and ETX is found behind a damaged STX', () => {
  const stream = '\u00025630F009\u0003\u00020B3E3636\u0003X2A83155E\u0003\u0002FB0EE20B\u0003';
  expect(valuesOf('hex-line', ascii(stream))).toEqual(['5630F009', '0B3E3636', '2A83155E', 'FB0EE20B']);
});
