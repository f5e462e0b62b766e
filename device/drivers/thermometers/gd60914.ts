// GD60914 infrared module: told once to measure singly, then one byte asks for the object, the forehead or the wrist, and seven
// characters come back that hold tenths of a degree. Source: the ESPHome component by synodriver (atoi of seven bytes, / 10, 9600).
// The answer has no head, no end and no sum: it is judged by silence, held to limits and marked `unchecked`.
import type { DeviceEvent, Profile, ProfileOptions } from '../driver.ts';
import { checkedOptions, oneOf } from '../options.ts';
import { type DeclaredRange, declaredRange, isWithin, rangeOptions } from './declared-range.ts';
import { createQuietAnswers } from './quiet-answers.ts';

const answerBytes = 7;
const targets = { object: 0xaa, forehead: 0xab, wrist: 0xac } as const;
type Target = keyof typeof targets;
const defaults = { minC: '0', maxC: '60' } as const;
const one = (byte: number) => () => Uint8Array.of(byte);
const setUp =
  (...bytes: number[]) =>
  () =>
    Uint8Array.of(0xa9, 0xa2, 0x01, ...bytes);

export const gd60914: Profile = {
  name: 'gd60914',
  role: 'thermometer',
  baudRate: 9_600,
  modes: ['forehead', 'wrist', 'object'],
  sites: ['forehead', 'wrist'],
  // No source says how long a measurement takes: measure before changing.
  poll: { command: 'measure', everyMs: 600, timeoutMs: 500 },
  startCommands: ['enable'],
  idleMs: 50,
  repeatMs: 0,
  commands: {
    enable: one(0xa1),
    measure: (options) => Uint8Array.of(targets[targetOf(options)]),
    'measure-object': one(targets.object),
    'measure-forehead': one(targets.forehead),
    'measure-wrist': one(targets.wrist),
    'calibrate-35': setUp(0x0c, 0x05),
    'calibrate-42': setUp(0x0e, 0x0d),
    reset: setUp(0x06, 0x02),
  },
  options: {
    mode: 'forehead (default), wrist or object: what is asked for; the bridge gives the mode of the station',
    ...rangeOptions(defaults.minC, defaults.maxC),
  },
  decoder: (options) => {
    const target = targetOf(checkedOptions(gd60914, options));
    const range = declaredRange(options, defaults);
    return createQuietAnswers({ answerBytes, judge: (bytes) => judge(bytes, target, range) });
  },
};

const targetOf = (options: ProfileOptions): Target =>
  oneOf(gd60914, options, 'mode', ['object', 'forehead', 'wrist'], 'forehead');

function judge(bytes: Uint8Array, target: Target, range: DeclaredRange): DeviceEvent {
  // As atoi reads it, but nothing strange may stand behind the digits.
  const digits = /^ *([+-]?\d{2,7})[ \r\n\0]*$/.exec(Buffer.from(bytes).toString('latin1'))?.[1];
  if (digits === undefined) return { kind: 'rejected', reason: 'format' };
  const centi = Number(digits) * 10;
  if (!isWithin(centi, range)) return { kind: 'rejected', reason: 'out-of-range', alive: true };
  const isObject = target === 'object';
  return {
    kind: 'reading',
    objectCenti: isObject ? centi : null,
    ambientCenti: null,
    bodyCenti: isObject ? null : centi,
    unchecked: true,
  };
}
