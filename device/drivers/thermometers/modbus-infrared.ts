// Infrared heads that speak Modbus RTU: Calex PyroMiniBus and PyroUSB, Omega OS-MINI. Tenths of a degree in registers, and a status
// whose every set bit means that nothing was measured. Sources: manualslook 703394 p.7, manualshive calex/pyrousb p.12, omega/
// os-miniusb p.8. Registers are modbus-registers.ts, frames are modbus-answer.ts.

import { createFramer } from '../../framer.ts';
import type { Decoder, Profile, ProfileOptions } from '../driver.ts';
import { withCrc16Modbus } from '../modbus-crc.ts';
import { checkedOptions, oneOf, wholeNumber } from '../options.ts';
import { emissivityOf, emissivityOption } from './emissivity.ts';
import { limits as frameLimits, judgeAnswer, type Question } from './modbus-answer.ts';
import { mapFrom, type RegisterMap } from './modbus-registers.ts';

export const limits = { slaveMin: 1, slaveMax: 255 } as const;
/** Filtered, unfiltered, sensor and status lie side by side in every model. */
const measured = 4;

export const calexPyrominibus = head('calex-pyrominibus', mapFrom(0x0b, 0x07));
export const calexPyrousb = head('calex-pyrousb', mapFrom(0x0f, 0x08));
export const omegaOsMini = head('omega-os-mini', mapFrom(0x0b, 0x07));

function head(name: string, map: RegisterMap): Profile {
  const slaveOf = (options: ProfileOptions) =>
    wholeNumber(profile, options, 'address', limits.slaveMin, limits.slaveMax, 1);
  const functionOf = (options: ProfileOptions) => Number(oneOf(profile, options, 'fc', ['3', '4'], '3'));
  const firstOf = (options: ProfileOptions) => wholeNumber(profile, options, 'addr', 0, 0xffff, map.filtered);
  const countOf = (options: ProfileOptions) => wholeNumber(profile, options, 'qty', 1, frameLimits.registers, measured);
  const request = (options: ProfileOptions, first: number, count: number) =>
    withCrc16Modbus(slaveOf(options), functionOf(options), ...word(first), ...word(count));

  const profile: Profile = {
    name,
    role: 'thermometer',
    baudRate: 9_600,
    modes: ['object'],
    sites: ['forehead', 'wrist', 'neck'],
    // The head waits 20 ms before it answers; the bytes of both ways take 22 ms at 9600.
    poll: { command: 'measure', everyMs: 250, timeoutMs: 200 },
    idleMs: 50,
    repeatMs: 0,
    commands: {
      measure: (options) => request(options, map.filtered, measured),
      read: (options) => request(options, firstOf(options), countOf(options)),
      'read-emissivity': (options) => request(options, map.emissivity, 1),
      'set-emissivity': (options) =>
        withCrc16Modbus(
          slaveOf(options),
          0x06,
          ...word(
            oneOf(profile, options, 'store', ['true', 'false'], 'false') === 'true'
              ? map.emissivity
              : map.emissivityUnstored,
          ),
          ...word(emissivityOf(profile, options, 4)),
        ),
    },
    options: {
      address: 'its number on the line, 1 to 255 (default 1; 255 asks whichever single head there is)',
      value: 'unfiltered (default) or filtered: which of the two object temperatures',
      fc: '3 (default) or 4: the function that reads',
      addr: 'for read and for captures: the first register that was asked for',
      qty: 'for read: how many registers',
      store: 'for set-emissivity: true keeps it over a power cut and wears the memory (default false)',
      ...emissivityOption,
    },
    decoder: (options) => {
      checkedOptions(profile, options);
      const value = oneOf(profile, options, 'value', ['unfiltered', 'filtered'], 'unfiltered');
      const slave = slaveOf(options);
      const fc = functionOf(options);
      const qty = options.qty === undefined ? null : countOf(options);
      return createModbusDecoder(
        { slave, fc: options.fc === undefined ? null : fc, address: firstOf(options), count: qty, map, value },
        { slave, fc, address: map.filtered, count: measured, map, value },
      );
    },
  };
  return profile;
}

const word = (value: number) => [value >> 8, value & 0xff];

/** `free`: what a capture may hold; `measure`: what alone counts once the head is being asked. */
function createModbusDecoder(free: Question, measure: Question): Decoder {
  let question = free;
  const framer = createFramer({
    frameBytesMax: frameLimits.frameBytes,
    slackBytes: 0,
    judge: (bytes) => judgeAnswer(bytes, question),
  });
  return {
    ...framer,
    asked: (command) => {
      if (command === 'measure') question = measure;
    },
  };
}
