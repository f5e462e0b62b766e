// A USB keyboard-wedge reader read from its own event device, without page or focus: struct input_event of the kernel
// (linux/input.h), time stamps included, so that the rule of src/domain/wedge.ts tells a reader's burst from a person typing.
// The desktop must be told to leave this keyboard alone: udev property LIBINPUT_IGNORE_DEVICE=1 (docs/devices.md).
import { slowWedge, limits as wedgeLimits } from '../../../src/domain/wedge.ts';
import type { Decoder, DeviceEvent, Profile } from '../driver.ts';
import { checkedOptions, oneOf, wholeNumber } from '../options.ts';

/** Time as two words, then type and code (16 bits each) and value (32). */
const eventBytes = { '64': 24, '32': 16 } as const;

export const hidEvdev: Profile = {
  name: 'hid-evdev',
  role: 'reader',
  baudRate: 9_600,
  modes: [],
  sites: [],
  poll: null,
  idleMs: 500,
  repeatMs: 300,
  commands: {},
  options: {
    words: '64 (default): event times in 64-bit words; 32: on a 32-bit system',
    gapMs: `longest pause between two keys of a card, 1 to ${wedgeLimits.gapMsMax} ms (default ${wedgeLimits.gapMs})`,
  },
  decoder: (options) => {
    checkedOptions(hidEvdev, options);
    const gapMs = wholeNumber(hidEvdev, options, 'gapMs', 1, wedgeLimits.gapMsMax, wedgeLimits.gapMs);
    return createDecoder(oneOf(hidEvdev, options, 'words', ['64', '32'], '64'), gapMs);
  },
};

const isKey = 1;
const down = 1;
const typeMax = 0x1f;
const codeMax = 0x2ff;

/** linux/input-event-codes.h. Digits of the main row and of the number pad, hex letters, comma, Enter. */
const keys: Readonly<Record<number, string>> = Object.fromEntries([
  ...[...'1234567890'].map((digit, at) => [2 + at, digit] as const),
  ...[...'789'].map((digit, at) => [71 + at, digit] as const),
  ...[...'456'].map((digit, at) => [75 + at, digit] as const),
  ...[...'1230'].map((digit, at) => [79 + at, digit] as const),
  ...([
    [30, 'A'],
    [48, 'B'],
    [46, 'C'],
    [32, 'D'],
    [18, 'E'],
    [33, 'F'],
  ] as const),
  ...([
    [51, ','],
    [121, ','],
  ] as const),
  ...([
    [28, 'Enter'],
    [96, 'Enter'],
    [42, 'Shift'],
    [54, 'Shift'],
    [58, 'CapsLock'],
    [69, 'NumLock'],
  ] as const),
]);
/** A key that stands on no card. */
const otherKey = '?';

type InputEvent = { atMs: number; type: number; code: number; value: number };

function createDecoder(words: '64' | '32', gapMs: number): Decoder {
  const length = eventBytes[words];
  const buffer = new Uint8Array(length);
  const view = new DataView(buffer.buffer);
  const wedge = slowWedge(gapMs);
  let count = 0;
  let isTyping = false;
  let isNoise = false;

  const press = ({ atMs, code }: InputEvent, events: DeviceEvent[]) => {
    const key = keys[code] ?? otherKey;
    const printed = wedge.key(key, atMs);
    if (key !== 'Enter') isTyping = true;
    else if (isTyping) {
      isTyping = false;
      events.push(printed === null ? { kind: 'rejected', reason: 'not-a-card' } : { kind: 'tap', uid: null, printed });
    }
  };

  const take = (byte: number, events: DeviceEvent[]) => {
    buffer[count] = byte;
    count += 1;
    if (count < length) return;
    const event = eventIn(view, words);
    if (event === null) {
      buffer.copyWithin(0, 1);
      count -= 1;
      if (!isNoise) events.push({ kind: 'rejected', reason: 'noise' });
      isNoise = true;
      return;
    }
    count = 0;
    isNoise = false;
    // A key that is let go or held says nothing new.
    if (event.type === isKey && event.value === down) press(event, events);
  };

  return {
    push(bytes) {
      const events: DeviceEvent[] = [];
      for (const byte of bytes) take(byte, events);
      return events;
    },
    idle() {
      const isCut = isTyping || count > 0;
      wedge.reset();
      count = 0;
      isTyping = false;
      isNoise = false;
      return isCut ? [{ kind: 'rejected', reason: 'truncated' }] : [];
    },
    held: () => wedge.held() + count,
  };
}

/** Little endian, as every machine is that a gate has; null for what no kernel writes. */
function eventIn(view: DataView, words: '64' | '32'): InputEvent | null {
  const wide = words === '64';
  const at = wide ? 16 : 8;
  const highWords = wide ? view.getUint32(4, true) + view.getUint32(12, true) : 0;
  const seconds = view.getUint32(0, true);
  const micros = view.getUint32(wide ? 8 : 4, true);
  const [type, code, value] = [view.getUint16(at, true), view.getUint16(at + 2, true), view.getInt32(at + 4, true)];
  const isReal = highWords === 0 && micros < 1_000_000 && type <= typeMax && code <= codeMax;
  if (!isReal || (type === isKey && (value < 0 || value > 2))) return null;
  return { atMs: seconds * 1_000 + micros / 1_000, type, code, value };
}
