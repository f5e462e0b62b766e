// GY-MCU90614 and GY-MCU90615 infrared boards (MLX90614/90615 with a controller): object and ambient, no body conversion.
// Frame 5A 5A 45 04 TO TO TA TA sum8, TO and TA signed 16 bit big endian in hundredths. Sources: blog.csdn.net/weixin_45633206/
// article/details/104829883, w.electrodragon.com Contactless_Temperature. The 10-byte '-TW' board adds one byte that nobody reads.
import { createFramer, type Judgement } from '../../framer.ts';
import { sum8, withSum8 } from '../bytes.ts';
import type { Profile } from '../driver.ts';
import { checkedOptions } from '../options.ts';
import { isAmbient } from './sensor-range.ts';

const frameBytes = 9;
const more: Judgement = { is: 'more' };
const noise: Judgement = { is: 'bad', reason: 'noise', span: 1 };

/** Streams 10 to 14 frames a second by itself. */
export const gyMcu90614 = board('gy-mcu90614', 9_600, null);
/** Silent until asked; one frame and its question take 1 ms at 115200. */
export const gyMcu90615 = board('gy-mcu90615', 115_200, { command: 'query', everyMs: 150, timeoutMs: 100 });

function board(name: string, baudRate: number, poll: Profile['poll']): Profile {
  const profile: Profile = {
    name,
    role: 'thermometer',
    baudRate,
    modes: ['object'],
    sites: ['forehead', 'wrist', 'neck'],
    poll,
    // Half of the slowest gap between two streamed frames (10 Hz), wide enough for a USB adapter's 16 ms.
    idleMs: 50,
    repeatMs: 0,
    commands: {
      query: () => withSum8(0xa5, 0x15),
      stream: () => withSum8(0xa5, 0x45),
      'stream-on-start': () => withSum8(0xa5, 0x51),
      'quiet-on-start': () => withSum8(0xa5, 0x52),
      'baud-9600': () => withSum8(0xa5, 0xae),
      'baud-115200': () => withSum8(0xa5, 0xaf),
    },
    options: {},
    decoder: (options) => {
      checkedOptions(profile, options);
      return createFramer({ frameBytesMax: frameBytes, slackBytes: 1, judge });
    },
  };
  return profile;
}

function judge(bytes: Uint8Array): Judgement {
  const [first, second, type, length] = bytes;
  if (first !== 0x5a) return noise;
  if (second === undefined) return more;
  if (second !== 0x5a) return noise;
  if (type === undefined) return more;
  if (type !== 0x45) return noise;
  if (length === undefined) return more;
  // GY-33 colour sensors (03) and GY-39 weather boards (0A) share the first three bytes.
  if (length !== 0x04) return { is: 'bad', reason: 'foreign', span: length + 5 };
  if (bytes.length < frameBytes) return more;
  if (bytes[8] !== sum8(bytes.subarray(0, 8))) return { is: 'bad', reason: 'checksum', span: frameBytes };
  const view = new DataView(bytes.buffer, bytes.byteOffset, frameBytes);
  const [object, ambient] = [view.getInt16(4), view.getInt16(6)];
  // A frame cut short and the head of the next pass the sum once in 256 times, and then say an ambient of 231 ℃ (5A5A).
  if (!isAmbient(ambient)) return { is: 'bad', reason: 'out-of-range', span: frameBytes };
  return {
    is: 'frame',
    length: frameBytes,
    event: { kind: 'reading', objectCenti: object, ambientCenti: ambient, bodyCenti: null },
  };
}
