// LCUS USB relay boards (CH340): A0 channel 01|00 sum8 moves one coil. Sources: tilga.com/prod/5732195, optimusdigital.ro 12595.
// Status answers exist in three forms that differ by board, so nothing that comes back is believed.
import { withSum8 } from '../bytes.ts';
import type { Profile, ProfileOptions } from '../driver.ts';
import { checkedOptions, wholeNumber } from '../options.ts';
import { unread } from './unread.ts';

export const limits = { channelMin: 1, channelMax: 8 } as const;

export const lcus: Profile = {
  name: 'lcus',
  role: 'barrier',
  baudRate: 9_600,
  modes: [],
  sites: [],
  poll: null,
  idleMs: 50,
  repeatMs: 0,
  commands: {
    open: (options) => withSum8(0xa0, channelOf(options), 0x01),
    close: (options) => withSum8(0xa0, channelOf(options), 0x00),
  },
  options: { channel: 'which relay of the board, 1 to 8 (default 1)' },
  decoder: (options) => {
    checkedOptions(lcus, options);
    channelOf(options);
    return unread();
  },
};

const channelOf = (options: ProfileOptions) =>
  wholeNumber(lcus, options, 'channel', limits.channelMin, limits.channelMax, 1);
