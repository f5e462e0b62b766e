// The 'AA A5 .. 55' forehead module (trade name not known): says whether it measured an object or a body, and the ambient.
// AA A5 len cmd args sum 55; len counts itself, cmd, args and sum; sum = low byte of len + cmd + args; tenths of a degree. Sources:
// xiaohu_robot InfraredTemperatureSensorUart (38400 8N1) and a Python script for the same module.
import { createFramer, type Judgement } from '../../framer.ts';
import { sum8 } from '../bytes.ts';
import type { DeviceEvent, Profile } from '../driver.ts';
import { checkedOptions } from '../options.ts';
import { isAmbient, isObject } from './sensor-range.ts';

const head = [0xaa, 0xa5];
const tail = 0x55;
const measure = 0x01;
const object = 0x01;
const body = 0x02;
/** Length bytes of the two answers there are: one argument, or target and two temperatures. */
const ackLength = 4;
const valueLength = 8;
/** Head and tail around what the length byte counts. */
const around = 3;
const frameBytesMax = valueLength + around;
const taken: Readonly<Record<number, string>> = {
  2: 'set target',
  3: 'calibrate low',
  4: 'calibrate high',
  5: 'set protocol',
};
const more: Judgement = { is: 'more' };
const noise: Judgement = { is: 'bad', reason: 'noise', span: 1 };

export const aaa5Body: Profile = {
  name: 'aaa5-body',
  role: 'thermometer',
  baudRate: 38_400,
  modes: ['forehead', 'object'],
  sites: ['forehead', 'wrist'],
  // Over I2C the same module takes 220 ms for a measurement; the bytes of both ways take 5 ms.
  poll: { command: 'measure', everyMs: 400, timeoutMs: 350 },
  idleMs: 50,
  repeatMs: 0,
  commands: {
    measure: () => framed(measure),
    'mode-object': () => framed(2, object),
    'mode-body': () => framed(2, body),
  },
  options: {},
  decoder: (options) => {
    checkedOptions(aaa5Body, options);
    return createFramer({ frameBytesMax, slackBytes: 0, judge });
  },
};

function framed(command: number, ...args: number[]): Uint8Array {
  const counted = Uint8Array.of(args.length + 3, command, ...args);
  return Uint8Array.of(...head, ...counted, sum8(counted), tail);
}

function judge(bytes: Uint8Array): Judgement {
  const [first, second, length, command, argument = 0] = bytes;
  if (first !== head[0]) return noise;
  if (second === undefined) return more;
  if (second !== head[1]) return noise;
  if (length === undefined) return more;
  if (length !== ackLength && length !== valueLength) return noise;
  if (command === undefined) return more;
  const isKnown = length === valueLength ? command === measure : Object.hasOwn(taken, command);
  if (!isKnown) return { is: 'bad', reason: 'foreign', span: 4 };
  const frameBytes = length + around;
  if (bytes.length < frameBytes) return more;
  const sum = sum8(bytes.subarray(2, frameBytes - 2));
  if (bytes[frameBytes - 1] !== tail) return { is: 'bad', reason: 'length', span: frameBytes };
  if (bytes[frameBytes - 2] !== sum) return { is: 'bad', reason: 'checksum', span: frameBytes };
  if (length === ackLength) return { is: 'frame', length: frameBytes, event: ackOf(command, argument) };
  const reading = readingOf(bytes);
  return reading === null
    ? { is: 'bad', reason: 'out-of-range', span: frameBytes }
    : { is: 'frame', length: frameBytes, event: reading };
}

function ackOf(command: number, argument: number): DeviceEvent {
  const how = argument === 0 ? 'ok' : 'refused';
  return { kind: 'ack', says: { reply: `${taken[command]} ${how} (argument ${argument})` } };
}

function readingOf(bytes: Uint8Array): DeviceEvent | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, frameBytesMax);
  const [target, value, ambient] = [view.getUint8(4), view.getInt16(5) * 10, view.getInt16(7) * 10];
  if ((target !== object && target !== body) || !isObject(value) || !isAmbient(ambient)) return null;
  return {
    kind: 'reading',
    objectCenti: target === object ? value : null,
    ambientCenti: ambient,
    bodyCenti: target === body ? value : null,
  };
}
