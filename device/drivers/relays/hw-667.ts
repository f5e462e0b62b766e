// HW-667 serial relay: one byte a command, nothing comes back. Source: jumia.co.ke generic-hw667 315717830. Its own pulse
// (CC) always lasts one second, and the board ends it by itself.
import type { Profile } from '../driver.ts';
import { checkedOptions } from '../options.ts';
import { unread } from './unread.ts';

export const hw667: Profile = {
  name: 'hw-667',
  role: 'barrier',
  baudRate: 9_600,
  modes: [],
  sites: [],
  poll: null,
  idleMs: 50,
  repeatMs: 0,
  boardPulse: { stepMs: 1_000, maxMs: 1_000 },
  commands: {
    open: () => Uint8Array.of(0xaa),
    close: () => Uint8Array.of(0xbb),
    pulse: () => Uint8Array.of(0xcc),
  },
  options: {},
  decoder: (options) => {
    checkedOptions(hw667, options);
    return unread();
  },
};
