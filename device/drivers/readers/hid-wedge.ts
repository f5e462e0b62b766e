// A USB keyboard-wedge reader seen as bytes: each byte a key with no pause, Enter ends the number. Live wedges type into
// the gate page; this profile is for `decode` and for wedges that are wired to a serial port. The rule is src/domain/wedge.ts.
import { createWedge } from '../../../src/domain/wedge.ts';
import type { Decoder, DeviceEvent, Profile } from '../driver.ts';
import { checkedOptions } from '../options.ts';

export const hidWedge: Profile = {
  name: 'hid-wedge',
  role: 'reader',
  baudRate: 9_600,
  modes: [],
  sites: [],
  poll: null,
  // A number takes 12 ms at 9600 and comes in one piece.
  idleMs: 120,
  repeatMs: 300,
  commands: {},
  options: {},
  decoder: (options) => {
    checkedOptions(hidWedge, options);
    return createDecoder();
  },
};

function createDecoder(): Decoder {
  const wedge = createWedge();
  /** Keys have come since the last Enter. */
  let isTyping = false;
  const isEnter = (byte: number) => byte === 0x0d || byte === 0x0a;
  return {
    push(bytes) {
      const events: DeviceEvent[] = [];
      for (const byte of bytes) {
        const printed = wedge.key(String.fromCharCode(byte), 0);
        if (!isEnter(byte)) isTyping = true;
        else if (isTyping) {
          isTyping = false;
          events.push(
            printed === null ? { kind: 'rejected', reason: 'not-a-card' } : { kind: 'tap', uid: null, printed },
          );
        }
      }
      return events;
    },
    idle() {
      wedge.reset();
      if (!isTyping) return [];
      isTyping = false;
      return [{ kind: 'rejected', reason: 'truncated' }];
    },
    held: () => wedge.held(),
  };
}
