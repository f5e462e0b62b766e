// Modbus RTU relay boards: standard, 'R4' (ON is 0100, relays from 1), Waveshare (pulses timed by the board) and LC inputs.
// Sources: captured between modbus-serial and libmodbus, grassdime.com, gist TG9541/4f61ce53, artisan discussion 634, the
// mbmap-library map of Waveshare. Each board repeats a write as its answer.
import type { DeviceEvent, Profile, ProfileOptions } from '../driver.ts';
import { withCrc16Modbus } from '../modbus-crc.ts';
import { checkedOptions, wholeNumber } from '../options.ts';
import { type AnswerRules, modbusAnswers } from './modbus-answers.ts';

export const limits = {
  addressMax: 255,
  busAddressMax: 247,
  channels: 32,
  pulseStepMs: 100,
  pulseMsMax: 5_000,
} as const;

const registerOfAddress = 0x4000;
const flashCoils = 0x0200;
const on = 0xff00;

type Board = {
  name: string;
  defaultAddress: number;
  commands: Profile['commands'];
  options?: Profile['options'];
  answers: Omit<AnswerRules, 'address'>;
  boardPulse?: NonNullable<Profile['boardPulse']>;
};

function boardProfile({ name, defaultAddress, commands, options = {}, answers, boardPulse }: Board): Profile {
  const profile: Profile = {
    name,
    role: 'barrier',
    baudRate: 9_600,
    modes: [],
    sites: [],
    poll: null,
    // The frame's own silence is 4 ms at 9600; USB adapters add up to 16.
    idleMs: 50,
    repeatMs: 0,
    ...(boardPulse ? { boardPulse } : {}),
    commands,
    options: { address: `the board's address, 1 to ${limits.addressMax} (default ${defaultAddress})`, ...options },
    decoder: (given) => {
      checkedOptions(profile, given);
      // Every option is read once, so that a wrong one is told before the first connection.
      for (const build of Object.values(commands)) build(given);
      return modbusAnswers({ ...answers, address: addressOf(name, given, defaultAddress) });
    },
  };
  return profile;
}

const addressOf = (name: string, options: ProfileOptions, fallback: number) =>
  wholeNumber({ name }, options, 'address', 1, limits.addressMax, fallback);
const channelOf = (name: string, options: ProfileOptions) =>
  wholeNumber({ name }, options, 'channel', 1, limits.channels, 1);

const channelOption = { channel: `which relay of the board, 1 to ${limits.channels} (default 1)` };
const high = (word: number) => word >>> 8;
const low = (word: number) => word & 0xff;
/** Function `fn` with two words behind it. */
const request = (address: number, fn: number, first: number, second: number) =>
  withCrc16Modbus(address, fn, high(first), low(first), high(second), low(second));

/** Relay 1 is coil 0; ON is FF00, the standard's own. */
function standardCommands(name: string) {
  const move = (value: number) => (options: ProfileOptions) =>
    request(addressOf(name, options, 1), 0x05, channelOf(name, options) - 1, value);
  return {
    open: move(on),
    close: move(0),
    read: (options: ProfileOptions) => request(addressOf(name, options, 1), 0x01, 0, 8),
  };
}

function standardCoil(coil: number, value: number): DeviceEvent | null {
  if (value !== on && value !== 0) return null;
  return { kind: 'ack', says: { echo: true, coil, on: value === on } };
}

export const modbusRelay = boardProfile({
  name: 'modbus-relay',
  defaultAddress: 1,
  commands: standardCommands('modbus-relay'),
  options: channelOption,
  answers: { coil: standardCoil },
});

export const modbusRelayWaveshare = boardProfile({
  name: 'modbus-relay-waveshare',
  defaultAddress: 1,
  boardPulse: { stepMs: limits.pulseStepMs, maxMs: limits.pulseMsMax },
  commands: {
    ...standardCommands('modbus-relay-waveshare'),
    pulse: (options) => {
      const profile = { name: 'modbus-relay-waveshare' };
      const pulseMs = wholeNumber(profile, options, 'pulseMs', limits.pulseStepMs, limits.pulseMsMax, 300);
      const coil = flashCoils + channelOf(profile.name, options) - 1;
      return request(addressOf(profile.name, options, 1), 0x05, coil, Math.ceil(pulseMs / limits.pulseStepMs));
    },
  },
  options: {
    ...channelOption,
    pulseMs: `how long the board holds the relay, ${limits.pulseStepMs} to ${limits.pulseMsMax} ms, rounded up to ${limits.pulseStepMs} (default 300)`,
  },
  answers: {
    coil: (coil, value) =>
      coil >= flashCoils && coil < flashCoils + limits.channels
        ? { kind: 'ack', says: { echo: true, coil: coil - flashCoils, pulseMs: value * limits.pulseStepMs } }
        : standardCoil(coil, value),
  },
});

const r4 = 'modbus-relay-r4';
const r4Move = (value: number) => (options: ProfileOptions) =>
  request(addressOf(r4, options, 1), 0x05, channelOf(r4, options), value);

export const modbusRelayR4 = boardProfile({
  name: r4,
  defaultAddress: 1,
  commands: {
    open: r4Move(0x0100),
    close: r4Move(0),
    // To every board at once (address 0): only one may hang on the line.
    'set-address': (options) =>
      request(0, 0x06, registerOfAddress, wholeNumber({ name: r4 }, options, 'newAddress', 1, limits.busAddressMax, 1)),
    'read-address': () => request(0, 0x03, registerOfAddress, 1),
  },
  options: {
    ...channelOption,
    newAddress: `for set-address: 1 to ${limits.busAddressMax} (default 1)`,
  },
  answers: {
    coil: (relay, value) =>
      value === 0x0100 || value === 0 ? { kind: 'ack', says: { echo: true, relay, on: value !== 0 } } : null,
    // A board tells its address from that address, or echoes the broadcast.
    register: {
      at: registerOfAddress,
      read: (from, value) =>
        value >= 1 && value <= limits.busAddressMax && (from === value || from === 0)
          ? { kind: 'setting', says: { address: value } }
          : null,
    },
  },
});

/** Only its opto inputs are documented: it cannot be a barrier. */
export const modbusRelayLc = boardProfile({
  name: 'modbus-relay-lc',
  defaultAddress: 255,
  commands: { read: (options) => request(addressOf('modbus-relay-lc', options, 255), 0x02, 0, 8) },
  answers: { coil: standardCoil },
});
