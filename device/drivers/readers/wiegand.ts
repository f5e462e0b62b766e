// Wiegand reads of 26 and 34 bits as bytes: highest bit first, padded with zeros to 4 or 5 bytes, as converters and OSDP hand
// them on. There is no start byte: reads are told apart by silence (ESPHome: 100 ms) and by their fixed length. The source of
// the rules is src/domain/wiegand.ts; of 34 bits all 32 are the uid, since makers do not agree how to split them.
import { type Wiegand, type WiegandBits, wiegandOfBits } from '../../../src/domain/wiegand.ts';
import type { Decoder, DeviceEvent, Profile } from '../driver.ts';
import { checkedOptions, oneOf } from '../options.ts';
import { type Printed, printedChoice, printedOption, tapOf, uncheckedTap } from './printed.ts';

export const wiegand26 = wiegandProfile('wiegand26', 26);
export const wiegand34 = wiegandProfile('wiegand34', 34);

type Form = 'bytes' | 'text';

function wiegandProfile(name: string, bits: WiegandBits): Profile {
  const profile: Profile = {
    name,
    role: 'reader',
    baudRate: 9_600,
    modes: [],
    sites: [],
    poll: null,
    idleMs: 100,
    repeatMs: 300,
    commands: {},
    options: {
      form: `bytes (default): ${bits} bits in ${bits === 26 ? 4 : 5} bytes; text: the characters 0 and 1, a line or a pause behind them`,
      printed: printedOption('none'),
    },
    decoder: (options) => {
      checkedOptions(profile, options);
      const form = oneOf<Form>(profile, options, 'form', ['bytes', 'text'], 'bytes');
      const printed = printedChoice(profile, options, 'none');
      return form === 'bytes' ? createBytesDecoder(bits, printed) : createTextDecoder(bits, printed);
    },
  };
  return profile;
}

const bitsOf = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');

function eventOf(read: Wiegand | null, printed: Printed): DeviceEvent {
  if (read === null) return { kind: 'rejected', reason: 'parity' };
  const { bits, data, facility, number } = read;
  // Two parity bits pass every fourth wrong read or so: no check worth the name.
  return uncheckedTap(tapOf(data, printed, bits === 26 ? { facility, card: number } : undefined));
}

/**
 * A wrong parity bit is a read that went wrong: the next one stands behind it. Padding that is not zero is no Wiegand at all:
 * where the next read begins is then not known before a silence.
 */
function createBytesDecoder(bits: WiegandBits, printed: Printed): Decoder {
  const read = new Uint8Array(Math.ceil(bits / 8));
  const padding = (1 << (read.length * 8 - bits)) - 1;
  let count = 0;
  let isAstray = false;

  const take = (byte: number, events: DeviceEvent[]) => {
    read[count] = byte;
    count += 1;
    if (count < read.length) return;
    count = 0;
    if ((byte & padding) === 0) events.push(eventOf(wiegandOfBits(bitsOf(read).slice(0, bits)), printed));
    else {
      isAstray = true;
      events.push({ kind: 'rejected', reason: 'noise' });
    }
  };

  return {
    push(bytes) {
      const events: DeviceEvent[] = [];
      for (const byte of bytes) if (!isAstray) take(byte, events);
      return events;
    },
    idle() {
      const isCut = count > 0;
      count = 0;
      isAstray = false;
      return isCut ? [{ kind: 'rejected', reason: 'length' }] : [];
    },
    held: () => count,
  };
}

/** A run of 0 and 1 counts when it is exactly as long as a read and ends in another character or in silence. */
function createTextDecoder(bits: WiegandBits, printed: Printed): Decoder {
  let run = '';
  /** Characters that are neither 0 nor 1, CR nor LF: told once. */
  let isNoise = false;

  const endRun = (events: DeviceEvent[]) => {
    if (run.length === bits) events.push(eventOf(wiegandOfBits(run), printed));
    else if (run.length > 0) events.push({ kind: 'rejected', reason: 'length' });
    run = '';
  };

  return {
    push(bytes) {
      const events: DeviceEvent[] = [];
      for (const byte of bytes) {
        if (byte === 0x30 || byte === 0x31) {
          isNoise = false;
          // One more than a read is enough to know that it is none.
          if (run.length <= bits) run += byte === 0x31 ? '1' : '0';
          continue;
        }
        const isEnd = byte === 0x0d || byte === 0x0a;
        if (isEnd) endRun(events);
        else if (!isNoise) {
          run = '';
          isNoise = true;
          events.push({ kind: 'rejected', reason: 'noise' });
        }
      }
      return events;
    },
    idle() {
      const events: DeviceEvent[] = [];
      endRun(events);
      isNoise = false;
      return events;
    },
    held: () => run.length,
  };
}
