// LU90614 infrared board: answers one measurement at a time, as object (AA) or body (AC) temperature by its stored mode.
// Answer FE AA|AC whole hundredths 00 00 00 00 sum8. Sources: esp32.8266.de bsp_temp_lu90614, cicciocb.com forum p=4194,
// blog.csdn.net/bebebug/article/details/127998252. FF FF means out of range although the sum is right.
import { createFramer, type Judgement } from '../../framer.ts';
import { sum8 } from '../bytes.ts';
import type { DeviceEvent, Profile } from '../driver.ts';
import { checkedOptions } from '../options.ts';

const frameBytes = 9;
const object = 0xaa;
const body = 0xac;
const more: Judgement = { is: 'more' };
const noise: Judgement = { is: 'bad', reason: 'noise', span: 1 };

export const lu90614: Profile = {
  name: 'lu90614',
  role: 'thermometer',
  baudRate: 9_600,
  modes: ['object', 'forehead'],
  sites: ['forehead', 'wrist'],
  // A public driver waits 100 ms for the answer; the bytes of both ways take 13 ms at 9600.
  poll: { command: 'measure', everyMs: 300, timeoutMs: 200 },
  idleMs: 50,
  repeatMs: 0,
  commands: {
    measure: () => Uint8Array.of(0xfa, 0xca, 0xc4),
    'mode-body': () => Uint8Array.of(0xfa, 0xc5, 0xbf),
    'mode-object': () => Uint8Array.of(0xfa, 0xc6, 0xc0),
  },
  options: {},
  decoder: (options) => {
    checkedOptions(lu90614, options);
    return createFramer({ frameBytesMax: frameBytes, slackBytes: 0, judge });
  },
};

function judge(bytes: Uint8Array): Judgement {
  const [first, kind, whole = 0, hundredths = 0] = bytes;
  if (first !== 0xfe) return noise;
  if (kind === undefined) return more;
  if (kind !== object && kind !== body) return noise;
  const filler = bytes.subarray(4, 8);
  if (filler.some((byte) => byte !== 0)) return { is: 'bad', reason: 'format', span: 5 };
  if (bytes.length < frameBytes) return more;
  if (bytes[8] !== sum8(bytes.subarray(0, 8))) return { is: 'bad', reason: 'checksum', span: frameBytes };
  return { is: 'frame', length: frameBytes, event: eventOf(kind, whole, hundredths) };
}

function eventOf(kind: number, whole: number, hundredths: number): DeviceEvent {
  // 255/255 is the board's out-of-range mark; more than 99 hundredths is no number either.
  if (whole === 0xff || hundredths > 99) return { kind: 'rejected', reason: 'out-of-range', alive: true };
  const centi = whole * 100 + hundredths;
  return {
    kind: 'reading',
    objectCenti: kind === object ? centi : null,
    ambientCenti: null,
    bodyCenti: kind === body ? centi : null,
  };
}
