// The commands of an OSDP control unit: from named options to code and data. Called by the profile, the control unit and its tool.
// Times on the wire count tenths of a second. Source: SIA OSDP; goToMain/libosdp.
import type { Profile, ProfileOptions } from '../driver.ts';
import { oneOf, wholeNumber } from '../options.ts';
import { osdpTexts } from './texts.ts';

export const limits = { textBytes: 32, stepMs: 100 } as const;

const colors: readonly string[] = ['black', 'red', 'green', 'amber', 'blue', 'magenta', 'cyan', 'white'];

export type Command = { code: number; data: Uint8Array };
export const codes = {
  poll: 0x60,
  id: 0x61,
  capabilities: 0x62,
  'local-status': 0x64,
  'input-status': 0x65,
  'output-status': 0x66,
  'reader-status': 0x67,
  output: 0x68,
  led: 0x69,
  buzzer: 0x6a,
  text: 0x6b,
  comset: 0x6e,
  challenge: 0x76,
  'server-cryptogram': 0x77,
} as const;

type Build = (options: ProfileOptions) => readonly number[];
const profile: Pick<Profile, 'name'> = { name: 'osdp' };
const byte = (options: ProfileOptions, name: string, fallback: number) =>
  wholeNumber(profile, options, name, 0, 255, fallback);
const nothing: Build = () => [];

/** How the data of each command is made from options. */
export const commandBuilders = {
  poll: nothing,
  id: () => [0],
  capabilities: () => [0],
  'local-status': nothing,
  'input-status': nothing,
  'output-status': nothing,
  'reader-status': nothing,
  output: (options) => [
    // `channel` is what `encode` calls the output of any barrier.
    byte(options, 'output', byte(options, 'channel', 0)),
    // 5: on, and back by the device's own clock.
    byte(options, 'control', 5),
    ...low16(timer(options, 10)),
  ],
  led: ledData,
  buzzer: (options) => [
    byte(options, 'reader', 0),
    byte(options, 'tone', 2),
    steps(options, 'onMs', 0xff, 200),
    steps(options, 'offMs', 0xff, 200),
    byte(options, 'repeats', 1),
  ],
  text: (options) => {
    const text = options.text ?? '';
    if (!new RegExp(`^[ -~]{1,${limits.textBytes}}$`).test(text)) {
      throw new RangeError(osdpTexts.notText(limits.textBytes));
    }
    const chars = [...text].map((char) => char.charCodeAt(0));
    // Control 3: for some seconds, then what stood there before; 1: to stay.
    const isTemporary = options.seconds !== undefined;
    return [
      byte(options, 'reader', 0),
      byte(options, 'control', isTemporary ? 3 : 1),
      byte(options, 'seconds', 0),
      byte(options, 'row', 1),
      byte(options, 'column', 1),
      chars.length,
      ...chars,
    ];
  },
  comset: (options) => [
    wholeNumber(profile, options, 'newAddress', 0, 126, 0),
    ...low32(Number(oneOf(profile, options, 'newBaud', bauds, '9600'))),
  ],
  challenge: (options) => [...hexBytes(options, 'random', 8)],
} satisfies Record<string, Build>;

export type CommandName = keyof typeof commandBuilders;
export const bauds = ['9600', '19200', '38400', '57600', '115200', '230400'] as const;
export const isCommandName = (name: string): name is CommandName => Object.hasOwn(commandBuilders, name);

/** Every option of the commands, with a sentence each. */
export const commandOptions = {
  reader: 'which reader of the device, 0 = first (default 0)',
  output: 'which output of the device, 0 = first (default 0)',
  channel: 'the same as output',
  control:
    'raw control code; output: 1 off, 2 on, 5 on for timerMs (default), 6 off for timerMs; text: 1, 2 to stay, 3, 4 for seconds',
  timerMs:
    'output: how long, default 1000; led: how long until the usual colour comes back, without it the colour stays',
  timer: 'the same as timerMs, in tenths of a second',
  led: 'which LED of the reader, 0 = first (default 0)',
  color: 'black, red, green, amber, blue, magenta, cyan, white or a number (default green)',
  offColor: 'colour of the dark phase (default black)',
  onMs: 'length of the lit or loud phase in ms, steps of 100',
  offMs: 'length of the dark or silent phase in ms, steps of 100; 0 = steady',
  tone: 'buzzer: 1 off, 2 the default tone (default 2)',
  repeats: 'buzzer: how often, 0 = until told otherwise (default 1)',
  text: 'what a reader with a display shows: 1 to 32 ASCII characters',
  seconds: 'text: for so long, without it the text stays',
  row: 'text: 1 = first row (default 1)',
  column: 'text: 1 = first column (default 1)',
  newAddress: 'comset: the address from now on, 0 to 126',
  newBaud: 'comset: the speed from now on',
  random: 'challenge: the 8 random bytes as hex',
} as const;

/** Throws a RangeError with a sentence for a wrong option. */
export function commandOf(name: CommandName, options: ProfileOptions): Command {
  return { code: codes[name], data: Uint8Array.from(commandBuilders[name](options)) };
}

/** A temporary colour in the first block, one that stays in the second; the block that is not meant stays zero. */
function ledData(options: ProfileOptions): readonly number[] {
  const count = timer(options, 0);
  const block = [
    steps(options, 'onMs', 0xff, 100),
    steps(options, 'offMs', 0xff, 0),
    color(options, 'color', 2),
    color(options, 'offColor', 0),
  ];
  const blocks =
    count > 0
      ? [byte(options, 'control', 2), ...block, ...low16(count), 0, 0, 0, 0, 0]
      : [0, 0, 0, 0, 0, 0, 0, byte(options, 'control', 1), ...block];
  return [byte(options, 'reader', 0), byte(options, 'led', 0), ...blocks];
}

/** Tenths of a second, from `timer` as the wire has it or from `timerMs`. */
const timer = (options: ProfileOptions, fallback: number) =>
  steps(options, 'timerMs', 0xffff, limits.stepMs * wholeNumber(profile, options, 'timer', 0, 0xffff, fallback));

/** Milliseconds as tenths of a second; only whole ones. */
function steps(options: ProfileOptions, name: string, max: number, fallbackMs: number): number {
  const ms = wholeNumber(profile, options, name, 0, max * limits.stepMs, fallbackMs);
  if (ms % limits.stepMs !== 0) throw new RangeError(osdpTexts.notSteps(name, String(ms), limits.stepMs));
  return ms / limits.stepMs;
}

function color(options: ProfileOptions, name: string, fallback: number): number {
  const text = options[name];
  if (text === undefined) return fallback;
  const known = colors.indexOf(text);
  if (known >= 0) return known;
  if (!/^\d{1,3}$/.test(text) || Number(text) > 255) throw new RangeError(osdpTexts.notColor(name, text, colors));
  return Number(text);
}

/** Exactly `count` bytes of hex. */
export function hexBytes(options: ProfileOptions, name: string, count: number): Uint8Array {
  const text = options[name] ?? '';
  if (text.length !== count * 2 || !/^[0-9A-Fa-f]+$/.test(text)) throw new RangeError(osdpTexts.notHex(name, count));
  return Uint8Array.from(Buffer.from(text, 'hex'));
}

const low16 = (value: number) => [value & 0xff, value >>> 8];
const low32 = (value: number) => [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
