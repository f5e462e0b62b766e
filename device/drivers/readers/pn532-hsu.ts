// PN532 boards on a serial line (HSU, 115200): woken on every connect, then asked for a card again and again. Frame 00 00 FF LEN
// LCS TFI .. DCS 00. Sources: raspberrypi.stackexchange.com 133944 (Waveshare's bytes), jinmi8.com/doc/12721/11042.
import { createFramer, type Judgement } from '../../framer.ts';
import { sum8 } from '../bytes.ts';
import type { DeviceEvent, Profile, ProfileOptions } from '../driver.ts';
import { checkedOptions, wholeNumber } from '../options.ts';
import { type Printed, printedChoice, printedOption, tapOf } from './printed.ts';

/** One card of type A with its answer to select, or 16 bytes of a block, fit into 64. */
export const limits = { dataBytes: 64, blockMax: 255 } as const;

const frameBytesMax = 3 + 2 + limits.dataBytes + 1;
const toBoard = 0xd4;
const fromBoard = 0xd5;
const boardError = 0x7f;
const command = { firmware: 0x02, sam: 0x14, exchange: 0x40, list: 0x4a } as const;
const uidLengths: readonly number[] = [4, 7, 10];

const more: Judgement = { is: 'more' };
const noise: Judgement = { is: 'bad', reason: 'noise', span: 1 };
const start: readonly number[] = [0x00, 0x00, 0xff];

export const pn532Hsu: Profile = {
  name: 'pn532-hsu',
  role: 'reader',
  baudRate: 115_200,
  modes: [],
  sites: [],
  startCommands: ['wake'],
  // Without a card the board waits for one; a new question ends the old one.
  poll: { command: 'poll', everyMs: 300, timeoutMs: 280 },
  idleMs: 50,
  // A lying card answers each question; one answer may get lost.
  repeatMs: 900,
  commands: {
    // The long run of zeros gives a sleeping board the time to start its clock.
    wake: () =>
      Uint8Array.from([0x55, 0x55, ...new Array<number>(14).fill(0), ...frame(command.sam, 0x01).subarray(2)]),
    poll: () => frame(command.list, 0x01, 0x00),
    firmware: () => frame(command.firmware),
    'read-block': (options) => frame(command.exchange, 0x01, 0x30, blockOf(options)),
  },
  options: { printed: printedOption('none'), block: 'for read-block: which block, 0 to 255 (default 4)' },
  decoder: (options) => {
    checkedOptions(pn532Hsu, options);
    blockOf(options);
    const printed = printedChoice(pn532Hsu, options, 'none');
    // The zero behind a frame, and the one before the next: judged as noise, dropped in silence.
    return createFramer({ frameBytesMax, slackBytes: 2, judge: (bytes) => judge(bytes, printed) });
  },
};

const blockOf = (options: ProfileOptions) => wholeNumber(pn532Hsu, options, 'block', 0, limits.blockMax, 4);
const negative = (byte: number) => (0x100 - byte) & 0xff;

/** A command frame with its preamble and postamble. */
function frame(...data: number[]): Uint8Array {
  const body = Uint8Array.of(toBoard, ...data);
  return Uint8Array.from([...start, body.length, negative(body.length), ...body, negative(sum8(body)), 0x00]);
}

function judge(bytes: Uint8Array, printed: Printed): Judgement {
  for (let at = 0; at < start.length; at += 1) {
    if (bytes[at] === undefined) return more;
    if (bytes[at] !== start[at]) return noise;
  }
  const [, , , length, check] = bytes;
  if (length === undefined || check === undefined) return more;
  if (length === 0x00 && check === 0xff) return { is: 'frame', length: 5, event: { kind: 'ack', says: { ack: true } } };
  if (length === 0xff && check === 0x00) {
    return { is: 'frame', length: 5, event: { kind: 'rejected', reason: 'nack', alive: true } };
  }
  if (length === 0 || ((length + check) & 0xff) !== 0) return { is: 'bad', reason: 'checksum', span: 5 };
  if (length > limits.dataBytes) return { is: 'bad', reason: 'length', span: 5 };
  const whole = 5 + length + 1;
  if (bytes.length < whole) return more;
  if (sum8(bytes.subarray(5, whole)) !== 0) return { is: 'bad', reason: 'checksum', span: whole };
  const event = eventOf(bytes.subarray(5, whole - 1), printed);
  return event === null ? { is: 'bad', reason: 'foreign', span: whole } : { is: 'frame', length: whole, event };
}

/** `data` from the direction byte on; null for what a board never sends to a host. */
function eventOf(data: Uint8Array, printed: Printed): DeviceEvent | null {
  const [direction, answer, first = 0] = data;
  if (direction === boardError) return { kind: 'rejected', reason: 'board-error', alive: true };
  if (direction !== fromBoard || answer === undefined) return null;
  switch (answer) {
    case command.list + 1:
      return cardOf(data.subarray(2), printed);
    case command.sam + 1:
      return { kind: 'ack', says: { ack: true, reply: 'SAMConfiguration ok' } };
    case command.firmware + 1:
      return { kind: 'setting', says: { ic: first, version: data[3] ?? 0, revision: data[4] ?? 0 } };
    case command.exchange + 1:
      return {
        kind: 'ack',
        says: { ack: true, reply: 'InDataExchange', status: first, data: hexOf(data.subarray(3)) },
      };
    default:
      return { kind: 'ack', says: { ack: true, reply: hexOf(Uint8Array.of(answer)) } };
  }
}

/** Count of cards, then of the first: number, ATQA (2), SAK, length of the uid, uid. */
function cardOf(list: Uint8Array, printed: Printed): DeviceEvent {
  const [count = 0, , , , sak = 0, uidLength = 0] = list;
  if (count === 0) return { kind: 'rejected', reason: 'no-card', alive: true };
  if (count > 1) return { kind: 'rejected', reason: 'several-cards', alive: true };
  const uid = list.subarray(6, 6 + uidLength);
  if (!uidLengths.includes(uidLength) || uid.length !== uidLength) {
    return { kind: 'rejected', reason: 'format', alive: true };
  }
  // Phones and some cards make up a new uid each time; it begins with 08 (ISO 14443-3) and is nobody's number.
  const isRandom = uidLength === 4 && uid[0] === 0x08;
  return tapOf(uid, isRandom ? 'none' : printed, { atqa: hexOf(list.subarray(2, 4)), sak, random: isRandom });
}

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase();
