// Optris CS, the older CS, and CT heads: binary answers of two bytes without head or sum, so only strict question and answer.
// Temperature (code - 1000)/10, or (code - 10000)/100 for 'hs' heads: the same bytes, hence the declared `resolution`; emissivity
// code/1000. Sources: Optris manual E2012-10-B pages 28-30, the older CS command list, CT commands 2020-04. CS is powered from DTR.
import type { DeviceEvent, Profile, ProfileOptions } from '../driver.ts';
import { checkedOptions, oneOf, wholeNumber } from '../options.ts';
import { type DeclaredRange, declaredRange, isWithin, rangeOptions } from './declared-range.ts';
import { emissivityOf, emissivityOption } from './emissivity.ts';
import { createQuietAnswers } from './quiet-answers.ts';

const defaults = { minC: '0', maxC: '100' } as const;
const answerBytes = 2;
/** What a CS sends before each code when it was left in burst mode. Read from captures, never as an answer. */
const burst = [0xaa, 0xaa];
const emissivity = { min: 100, max: 1_100 } as const;

const asks = ['any', 'target', 'head', 'emissivity'] as const;
type Asked = (typeof asks)[number];
const answerTo: Readonly<Record<string, Asked>> = {
  'read-target': 'target',
  'read-current': 'target',
  'read-head': 'head',
  'read-emissivity': 'emissivity',
  'set-emissivity': 'emissivity',
};

type Reads = { asked: Asked; isFine: boolean; range: DeclaredRange };
type Commands = Profile['commands'];
const fixed =
  (...bytes: number[]) =>
  () =>
    Uint8Array.of(...bytes);
/** The code of an emissivity, high byte first. */
const codeBytes = (profile: Profile, options: ProfileOptions) => {
  const code = emissivityOf(profile, options, 3);
  return [code >> 8, code & 0xff];
};

const single: Commands = {
  'read-target': fixed(0x01),
  'read-head': fixed(0x02),
  'read-current': fixed(0x03),
  'read-emissivity': fixed(0x04),
};

export const optrisCs: Profile = head('optris-cs', 9_600, emissivityOption, {
  ...single,
  'read-serial': fixed(0x0e),
  'read-firmware': fixed(0x0f),
  'set-emissivity': (options) => Uint8Array.of(0x84, ...codeBytes(optrisCs, options)),
});

export const optrisCsOld: Profile = head('optris-cs-old', 9_600, emissivityOption, {
  'read-target': fixed(0x3e, 0x02, 0x00),
  'read-emissivity': fixed(0x3e, 0x02, 0x08),
  'set-emissivity': (options) => Uint8Array.of(0x3a, 0x02, 0x08, ...codeBytes(optrisCsOld, options)),
  'loop-maintenance-off': fixed(0x3d, 0x02, 0x61, 0x80),
});

const address = { address: 'RS485 address of the head, 0 to 79; none for a head alone on RS232 or USB' } as const;
/** Its settings need an XOR sum that no source shows in bytes, so none is offered. */
export const optrisCt: Profile = head(
  'optris-ct',
  115_200,
  address,
  Object.fromEntries(
    Object.entries(single).map(([name, build]): [string, Commands[string]] => [
      name,
      (options) => Uint8Array.of(...prefixOf(options), ...build(options)),
    ]),
  ),
);

function prefixOf(options: ProfileOptions): number[] {
  return options.address === undefined ? [] : [0xb0 + wholeNumber(optrisCt, options, 'address', 0, 79, 0)];
}

function head(
  name: string,
  baudRate: number,
  extra: Readonly<Record<string, string>>,
  commands: Profile['commands'],
): Profile {
  const profile: Profile = {
    name,
    role: 'thermometer',
    baudRate,
    modes: ['object'],
    sites: ['forehead', 'wrist', 'neck'],
    poll: { command: 'read-target', everyMs: 200, timeoutMs: 150 },
    // Two bytes take 2 ms at 9600; a USB adapter may hold the second back for 16 ms.
    idleMs: 30,
    repeatMs: 0,
    commands,
    options: {
      resolution: '0.1 (default) or 0.01 for hs heads: the same bytes mean another temperature',
      asked: 'for captures: what the answers answer, any (default), target, head or emissivity',
      ...rangeOptions(defaults.minC, defaults.maxC),
      ...extra,
    },
    decoder: (options) => {
      checkedOptions(profile, options);
      const isFine = oneOf(profile, options, 'resolution', ['0.1', '0.01'], '0.1') === '0.01';
      const range = declaredRange(options, defaults);
      let asked: Asked = oneOf(profile, options, 'asked', asks, 'any');
      return createQuietAnswers({
        answerBytes,
        judge: (bytes) => judge(codeOf(bytes), { asked, isFine, range }),
        mark: { bytes: burst, judge: (bytes) => temperatureOf(codeOf(bytes), { asked: 'target', isFine, range }) },
        asked: (command) => {
          asked = answerTo[command] ?? asked;
        },
      });
    },
  };
  return profile;
}

const codeOf = (bytes: Uint8Array) => ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);

function judge(code: number, reads: Reads): DeviceEvent {
  switch (reads.asked) {
    case 'target':
    case 'head':
      return temperatureOf(code, reads);
    case 'emissivity':
      return emissivityFrom(code);
    case 'any':
      return unaskedOf(code, reads);
    default:
      return reads.asked satisfies never;
  }
}

/** A capture that nobody explained: an emissivity and a temperature are told apart only where their codes cannot be both. */
function unaskedOf(code: number, reads: Reads): DeviceEvent {
  const isTemperature = isWithin(centiOf(code, reads.isFine), reads.range);
  if (!isEmissivity(code)) return temperatureOf(code, reads);
  return isTemperature ? { kind: 'rejected', reason: 'ambiguous' } : emissivityFrom(code);
}

const isEmissivity = (code: number) => code >= emissivity.min && code <= emissivity.max;
const centiOf = (code: number, isFine: boolean) => (isFine ? code - 10_000 : (code - 1_000) * 10);

function emissivityFrom(code: number): DeviceEvent {
  if (!isEmissivity(code)) return { kind: 'rejected', reason: 'out-of-range' };
  return { kind: 'setting', says: { emissivity: { digits: code, decimals: 3 } } };
}

function temperatureOf(code: number, { asked, isFine, range }: Reads): DeviceEvent {
  const centi = centiOf(code, isFine);
  // Something answered: a wall colder than the declared limits is no silence.
  if (!isWithin(centi, range)) return { kind: 'rejected', reason: 'out-of-range', alive: true };
  const isHead = asked === 'head';
  return {
    kind: 'reading',
    objectCenti: isHead ? null : centi,
    ambientCenti: isHead ? centi : null,
    bodyCenti: null,
    unchecked: true,
  };
}
