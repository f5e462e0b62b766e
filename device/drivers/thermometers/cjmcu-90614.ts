// CJMCU-90614 infrared board (MLX90614 with a controller): two temperatures, and the sources do not agree which is the object.
// Frame 66 66 01|02 04 T1 T1 T2 T2 sum8 of the four data bytes alone, hundredths of a degree. Sources: newegg.ca/p/3D0-0039-001C4
// and a MicroPython driver, which takes T1 as ambient; STM32 code takes T1 as the object. Hold a warm hand before it and see.
import { createFramer, type Judgement } from '../../framer.ts';
import { sum8 } from '../bytes.ts';
import type { Profile } from '../driver.ts';
import { checkedOptions, oneOf } from '../options.ts';
import { isAmbient, isObject } from './sensor-range.ts';

const frameBytes = 9;
const head = 0x66;
const modes = [0x01, 0x02];
const dataBytes = 0x04;
const more: Judgement = { is: 'more' };
const noise: Judgement = { is: 'bad', reason: 'noise', span: 1 };
const command = (code: number) => () => Uint8Array.of(head, head, code, 0x56);

export const cjmcu90614: Profile = {
  name: 'cjmcu-90614',
  role: 'thermometer',
  baudRate: 115_200,
  modes: ['object'],
  sites: ['forehead', 'wrist', 'neck'],
  poll: null,
  idleMs: 50,
  repeatMs: 0,
  commands: {
    stream: command(0x01),
    query: command(0x02),
    'baud-9600': command(0x11),
    'baud-57600': command(0x12),
    'baud-115200': command(0x13),
  },
  options: { objectFirst: 'true when the first of the two temperatures is the object’s (default false)' },
  decoder: (options) => {
    const isFirst =
      oneOf(cjmcu90614, checkedOptions(cjmcu90614, options), 'objectFirst', ['true', 'false'], 'false') === 'true';
    return createFramer({ frameBytesMax: frameBytes, slackBytes: 0, judge: (bytes) => judge(bytes, isFirst) });
  },
};

function judge(bytes: Uint8Array, objectFirst: boolean): Judgement {
  const [first, second, mode, length] = bytes;
  if (first !== head) return noise;
  if (second === undefined) return more;
  if (second !== head) return noise;
  if (mode === undefined) return more;
  if (!modes.includes(mode)) return noise;
  if (length === undefined) return more;
  if (length !== dataBytes) return noise;
  if (bytes.length < frameBytes) return more;
  if (bytes[8] !== sum8(bytes.subarray(4, 8))) return { is: 'bad', reason: 'checksum', span: frameBytes };
  const view = new DataView(bytes.buffer, bytes.byteOffset, frameBytes);
  const [one, two] = [view.getInt16(4), view.getInt16(6)];
  const [object, ambient] = objectFirst ? [one, two] : [two, one];
  if (!isObject(object) || !isAmbient(ambient)) return { is: 'bad', reason: 'out-of-range', span: frameBytes };
  return {
    is: 'frame',
    length: frameBytes,
    event: { kind: 'reading', objectCenti: object, ambientCenti: ambient, bodyCenti: null },
  };
}
