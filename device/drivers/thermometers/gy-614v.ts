// GY-614V infrared board (MLX90614, register protocol): object, ambient and its own forehead-to-body conversion in one frame.
// Answer A4 03 07 07, then registers 07-0D: emissivity/100, TO, TA, BO as signed 16 bit hundredths, then sum8. Sources:
// wap.szlitus.com/products/show-4084.html, allnewsemi.com/show-228082.html (registers), rmcs_core Gy614 (layout). The two header
// bytes 07 07 follow from the register map; nobody printed them.
import { createFramer, type Judgement } from '../../framer.ts';
import { sum8, withSum8 } from '../bytes.ts';
import type { Profile, ProfileOptions } from '../driver.ts';
import { checkedOptions, wholeNumber } from '../options.ts';
import { isAmbient, isObject } from './sensor-range.ts';

const frameBytes = 12;
const read = 0x03;
const write = 0x06;
/** First register and number of registers of the frame. */
const span = 0x07;
const emissivityMax = 100;
const more: Judgement = { is: 'more' };
const noise: Judgement = { is: 'bad', reason: 'noise', span: 1 };

const register = (number: number, value: number) => (options: ProfileOptions) =>
  withSum8(addressOf(options), write, number, value);

export const gy614v: Profile = {
  name: 'gy-614v',
  role: 'thermometer',
  baudRate: 9_600,
  modes: ['forehead', 'object'],
  sites: ['forehead', 'wrist'],
  poll: null,
  idleMs: 50,
  repeatMs: 0,
  commands: {
    query: (options) => withSum8(addressOf(options), read, span, span),
    'stream-mode': register(0x03, 0),
    'query-mode': register(0x03, 1),
    'hex-output': register(0x04, 0),
    'rate-1': register(0x02, 0),
    'rate-2': register(0x02, 1),
    'rate-5': register(0x02, 2),
    'rate-10': register(0x02, 3),
    'baud-9600': register(0x01, 2),
    'baud-115200': register(0x01, 6),
    save: register(0x05, 0x55),
    factory: register(0x05, 0xaa),
  },
  options: { address: 'the board’s address byte, 1 to 255 (default 164, which is A4)' },
  decoder: (options) => {
    const address = addressOf(checkedOptions(gy614v, options));
    return createFramer({ frameBytesMax: frameBytes, slackBytes: 0, judge: (bytes) => judge(bytes, address) });
  },
};

const addressOf = (options: ProfileOptions) => wholeNumber(gy614v, options, 'address', 1, 255, 0xa4);

function judge(bytes: Uint8Array, address: number): Judgement {
  const head = [address, read, span, span];
  for (let at = 0; at < head.length; at += 1) {
    if (at === bytes.length) return more;
    if (bytes[at] !== head[at]) return noise;
  }
  if (bytes.length < frameBytes) return more;
  if (bytes[11] !== sum8(bytes.subarray(0, 11))) return { is: 'bad', reason: 'checksum', span: frameBytes };
  const view = new DataView(bytes.buffer, bytes.byteOffset, frameBytes);
  const [emissivity, object, ambient, body] = [view.getUint8(4), view.getInt16(5), view.getInt16(7), view.getInt16(9)];
  const isSound = emissivity >= 1 && emissivity <= emissivityMax && isObject(object) && isAmbient(ambient);
  if (!isSound || !isObject(body)) return { is: 'bad', reason: 'out-of-range', span: frameBytes };
  return {
    is: 'frame',
    length: frameBytes,
    event: {
      kind: 'reading',
      objectCenti: object,
      ambientCenti: ambient,
      bodyCenti: body,
      also: { emissivity: { digits: emissivity, decimals: 2 } },
    },
  };
}
