// IDC-50 forehead module: streams its own body temperature twice a second. Frame AA 55 06 whole tenths sum8: tenths, where other
// modules send hundredths. Source: idoctorcloud.com thermal-imaging-module-board. Its text format stands only in a picture and its
// request bytes nowhere, so neither is here.
import { createFramer, type Judgement } from '../../framer.ts';
import { sum8 } from '../bytes.ts';
import type { Profile } from '../driver.ts';
import { checkedOptions } from '../options.ts';

const frameBytes = 6;
const head = [0xaa, 0x55, 0x06];
/** No forehead is warmer: what says more passed its sum by chance. */
const wholeMax = 60;
const more: Judgement = { is: 'more' };
const noise: Judgement = { is: 'bad', reason: 'noise', span: 1 };

export const idc50: Profile = {
  name: 'idc-50',
  role: 'thermometer',
  baudRate: 115_200,
  modes: ['forehead'],
  sites: ['forehead'],
  poll: null,
  idleMs: 50,
  repeatMs: 0,
  commands: {},
  options: {},
  decoder: (options) => {
    checkedOptions(idc50, options);
    return createFramer({ frameBytesMax: frameBytes, slackBytes: 0, judge });
  },
};

function judge(bytes: Uint8Array): Judgement {
  for (let at = 0; at < head.length; at += 1) {
    if (at === bytes.length) return more;
    if (bytes[at] !== head[at]) return noise;
  }
  if (bytes.length < frameBytes) return more;
  const [, , , whole = 0, tenths = 0, sum] = bytes;
  if (sum !== sum8(bytes.subarray(0, 5))) return { is: 'bad', reason: 'checksum', span: frameBytes };
  if (whole > wholeMax || tenths > 9) return { is: 'bad', reason: 'out-of-range', span: frameBytes };
  return {
    is: 'frame',
    length: frameBytes,
    event: { kind: 'reading', objectCenti: null, ambientCenti: null, bodyCenti: whole * 100 + tenths * 10 },
  };
}
