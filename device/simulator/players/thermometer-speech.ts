// What the other thermometers say and to which questions, byte by byte from the data sheets: their encoders, written without the
// decoders that read them. Called by the any-thermometer player and by tests.

/** Hundredths of a degree. */
export type Shown = { objectCenti: number; ambientCenti: number; bodyCenti: number };

export type Speech = {
  /** Milliseconds between two frames that it sends by itself; null = only when asked. */
  everyMs: number | null;
  /** The fastest that its sources name or its line carries, frames a second; for one that is asked, as often as somebody asks. */
  fastestHz: number | null;
  /** The value that a technician dials: what the instrument gives first of all. */
  gives: 'object' | 'body';
  /** What it sends by itself, and the plain answer. */
  frame(shown: Shown): Uint8Array;
  /** Questions as hex, each with its answer (null = taken without a word) and what else it does. */
  questions: readonly (readonly [hex: string, answer: ((shown: Shown) => Uint8Array) | null, act?: () => void])[];
};

const bytes = (...parts: (number | readonly number[])[]) => Uint8Array.from(parts.flat());
const word = (value: number) => [(value >> 8) & 0xff, value & 0xff];
const sum = (parts: readonly number[]) => parts.reduce((total, part) => total + part, 0) & 0xff;
const text = (line: string) => Uint8Array.from([...line].map((char) => char.charCodeAt(0)));
const tenths = (centi: number) => Math.round(centi / 10);
const hex = (parts: Uint8Array) => [...parts].map((part) => part.toString(16).padStart(2, '0')).join('');
const summed = (...parts: (number | readonly number[])[]) => bytes(parts.flat(), sum(parts.flat()));

/** The Modbus check, bit by bit. */
function checked(...parts: (number | readonly number[])[]): Uint8Array {
  let rest = 0xffff;
  for (const part of parts.flat()) {
    rest ^= part;
    for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >> 1) ^ 0xa001 : rest >> 1;
  }
  return bytes(parts.flat(), rest & 0xff, rest >> 8);
}

const gyFrame: Speech['frame'] = ({ objectCenti, ambientCenti }) =>
  summed(0x5a, 0x5a, 0x45, 0x04, word(objectCenti), word(ambientCenti));

function gy614v(): Speech {
  const frame: Speech['frame'] = ({ objectCenti, ambientCenti, bodyCenti }) =>
    summed(0xa4, 0x03, 0x07, 0x07, 95, word(objectCenti), word(ambientCenti), word(bodyCenti));
  return { everyMs: 100, fastestHz: 10, gives: 'body', frame, questions: [['a4030707b5', frame]] };
}

function cjmcu90614(): Speech {
  const frame: Speech['frame'] = ({ objectCenti, ambientCenti }) => {
    const data = [...word(ambientCenti), ...word(objectCenti)];
    return bytes(0x66, 0x66, 0x01, 0x04, data, sum(data));
  };
  return { everyMs: 100, fastestHz: 20, gives: 'object', frame, questions: [['66660256', frame]] };
}

function aaa5Body(): Speech {
  let target = 2;
  const framed = (counted: readonly number[]) => bytes(0xaa, 0xa5, counted, sum(counted), 0x55);
  const frame: Speech['frame'] = ({ objectCenti, ambientCenti, bodyCenti }) => {
    const value = target === 1 ? objectCenti : bodyCenti;
    return framed([0x08, 0x01, target, ...word(tenths(value)), ...word(tenths(ambientCenti))]);
  };
  const setTo = (wanted: number) => () => {
    target = wanted;
    return framed([0x04, 0x02, 0x00]);
  };
  return {
    everyMs: null,
    fastestHz: null,
    gives: 'body',
    frame,
    questions: [
      ['aaa503010455', frame],
      ['aaa50402010755', setTo(1)],
      ['aaa50402020855', setTo(2)],
    ],
  };
}

function idc50(): Speech {
  const frame: Speech['frame'] = ({ bodyCenti }) =>
    summed(0xaa, 0x55, 0x06, Math.floor(tenths(bodyCenti) / 10), tenths(bodyCenti) % 10);
  return { everyMs: 500, fastestHz: 2, gives: 'body', frame, questions: [] };
}

function gd60914(): Speech {
  const seven = (centi: number) => text(String(tenths(centi)).padStart(7, '0'));
  const frame: Speech['frame'] = ({ bodyCenti }) => seven(bodyCenti);
  return {
    everyMs: null,
    fastestHz: null,
    gives: 'body',
    frame,
    questions: [
      ['a1', null],
      ['aa', ({ objectCenti }) => seven(objectCenti)],
      ['ab', frame],
      ['ac', frame],
    ],
  };
}

function raytek(): Speech {
  const shown = (name: string, centi: number) => {
    const value = String(Math.abs(tenths(centi))).padStart(4, '0');
    return text(`!${name}${centi < 0 ? '-' : ''}${value.slice(0, -1).padStart(3, '0')}.${value.slice(-1)}\r\n`);
  };
  const frame: Speech['frame'] = ({ objectCenti }) => shown('T', objectCenti);
  return {
    everyMs: null,
    fastestHz: null,
    gives: 'object',
    frame,
    questions: [
      [hex(text('?T\r')), frame],
      [hex(text('?I\r')), ({ ambientCenti }) => shown('I', ambientCenti)],
      [hex(text('?E\r')), () => text('!E0.980\r\n')],
    ],
  };
}

function optris(question: string): Speech {
  const frame: Speech['frame'] = ({ objectCenti }) => bytes(word(tenths(objectCenti) + 1_000));
  return { everyMs: null, fastestHz: null, gives: 'object', frame, questions: [[question, frame]] };
}

/** Seven measured registers from the average to the status, the emissivity apart: any run of them, by function 3 or 4. */
function modbus(filtered: number, emissivity: number): Speech {
  const average = filtered - 3;
  const valuesOf = ({ objectCenti, ambientCenti }: Shown) => {
    const object = tenths(objectCenti);
    return [object, object, object, object, object, tenths(ambientCenti), 0];
  };
  const read = (fc: number, first: number, count: number): Speech['questions'][number] => [
    hex(checked(1, fc, word(first), word(count))),
    (shown) => {
      const values = first === emissivity ? [9_800] : valuesOf(shown).slice(first - average, first - average + count);
      return checked(1, fc, 2 * count, values.flatMap(word));
    },
  ];
  const runs = [3, 4].flatMap((fc) => [
    read(fc, emissivity, 1),
    ...[0, 1, 2, 3, 4, 5, 6].flatMap((at) =>
      Array.from({ length: 7 - at }, (_, more) => read(fc, average + at, more + 1)),
    ),
  ]);
  const frame: Speech['frame'] = (shown) => checked(1, 3, 8, valuesOf(shown).slice(3).flatMap(word));
  return { everyMs: null, fastestHz: null, gives: 'object', frame, questions: runs };
}

/** Whole degrees and hundredths, one byte each: this board knows no value below zero. */
function lu90614(): Speech {
  let kind = 0xaa;
  const frame: Speech['frame'] = ({ objectCenti, bodyCenti }) => {
    const centi = kind === 0xac ? bodyCenti : objectCenti;
    const isShown = centi >= 0 && centi < 25_500;
    return summed(0xfe, kind, isShown ? [Math.floor(centi / 100), centi % 100] : [0xff, 0xff], [0, 0, 0, 0]);
  };
  const setTo = (wanted: number) => {
    kind = wanted;
  };
  return {
    everyMs: null,
    fastestHz: null,
    gives: 'object',
    frame,
    questions: [
      ['facac4', frame],
      ['fac5bf', null, () => setTo(0xac)],
      ['fac6c0', null, () => setTo(0xaa)],
    ],
  };
}

/** A device of somebody's own that sends its value as a line of text. */
function line(): Speech {
  const frame: Speech['frame'] = ({ objectCenti }) => {
    const size = String(Math.abs(objectCenti)).padStart(3, '0');
    return text(`${objectCenti < 0 ? '-' : ''}${size.slice(0, -2)}.${size.slice(-2)}\r\n`);
  };
  return { everyMs: 200, fastestHz: 20, gives: 'object', frame, questions: [] };
}

/** Characteristic 2A1C as a bridge to a serial line would hand it on: Celsius, no time, type 1 (armpit), exponent -2. */
function ble(): Speech {
  const frame: Speech['frame'] = ({ bodyCenti }) =>
    bytes(0x04, bodyCenti & 0xff, (bodyCenti >> 8) & 0xff, (bodyCenti >> 16) & 0xff, 0xfe, 0x01);
  return { everyMs: 500, fastestHz: 2, gives: 'body', frame, questions: [] };
}

function gy(everyMs: number | null): Speech {
  const questions: Speech['questions'] = [
    ['a515ba', gyFrame],
    ['a545ea', null],
    ['a551f6', null],
    ['a552f7', null],
  ];
  return { everyMs, fastestHz: everyMs === null ? null : 14, gives: 'object', frame: gyFrame, questions };
}

/** A new speaker for each name: some remember how they were set. */
export const speeches: ReadonlyMap<string, () => Speech> = new Map<string, () => Speech>([
  ['gy-mcu90614', () => gy(100)],
  ['gy-mcu90615', () => gy(null)],
  ['gy-614v', gy614v],
  ['cjmcu-90614', cjmcu90614],
  ['aaa5-body', aaa5Body],
  ['lu90614', lu90614],
  ['idc-50', idc50],
  ['gd60914', gd60914],
  ['raytek-ascii', raytek],
  ['optris-cs', () => optris('01')],
  ['optris-cs-old', () => optris('3e0200')],
  ['optris-ct', () => optris('01')],
  ['calex-pyrominibus', () => modbus(0x0e, 0x07)],
  ['calex-pyrousb', () => modbus(0x12, 0x08)],
  ['omega-os-mini', () => modbus(0x0e, 0x07)],
  ['ble-thermometer', ble],
  ['line', line],
]);

/** One frame of a GY-MCU90614: 5A 5A 45 04, object and ambient as signed 16 bit hundredths, low byte of the sum. */
export const gyMcu90614Frame = (objectCenti: number, ambientCenti: number): Uint8Array =>
  gyFrame({ objectCenti, ambientCenti, bodyCenti: objectCenti });
