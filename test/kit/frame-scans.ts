// Which values stand in a stretch of bytes, found at every position straight from the data sheets and without the code under test: the
// independent judge of the fuzz program and its short test.
import { thermometersScan } from '../device/drivers/fuzz-thermometers.ts';

/** All values in the bytes: 'object/ambient/body' in hundredths, or the card. */
export type Scan = (bytes: Buffer) => ReadonlySet<string>;

const sum = (bytes: Uint8Array) => bytes.reduce((total, byte) => (total + byte) & 0xff, 0);
const hexText = /^[0-9A-Fa-f]+$/;

/** Calls `found` at every position that begins with this byte (any when null). */
function everywhere(
  first: readonly number[] | null,
  found: (bytes: Buffer, at: number) => readonly (string | null)[],
): Scan {
  return (bytes) => {
    const values = new Set<string>();
    for (let at = 0; at < bytes.length; at += 1) {
      if (first !== null && !first.includes(bytes[at] ?? -1)) continue;
      for (const value of found(bytes, at)) if (value !== null) values.add(value);
    }
    return values;
  };
}

/** Hex digits between a head and a tail; the last two are the XOR of the rest where there is one. */
const digits = (head: string, count: number, tail: string, isChecked: boolean): Scan =>
  everywhere(head === '' ? null : [head.charCodeAt(0)], (bytes, at) => {
    const text = bytes.toString('latin1', at, at + head.length + count + tail.length);
    const hex = text.slice(head.length, head.length + count);
    const isFramed = text.startsWith(head) && text.slice(head.length + count) === tail;
    if (!isFramed || hex.length < count || !hexText.test(hex)) return [];
    const card = Buffer.from(hex, 'hex');
    if (!isChecked) return [hex.toUpperCase()];
    return card.reduce((xor, byte) => xor ^ byte, 0) === 0 ? [hex.slice(0, -2).toUpperCase()] : [];
  });

const object = (centi: number) => `${centi}/null/null`;
const ambient = (centi: number) => `null/${centi}/null`;
const body = (centi: number) => `null/null/${centi}`;

const optris = everywhere(null, (bytes, at) => {
  const centi = (bytes.readUInt8(at) * 256 + (bytes[at + 1] ?? 0) - 1_000) * 10;
  return [object(centi), ambient(centi)];
});

/** Runs of hex digits of the lengths that a uid may have. */
const hexRuns = everywhere(null, (bytes, at) =>
  [8, 14].flatMap((length) => {
    const hex = bytes.toString('latin1', at, at + length);
    return hex.length === length && hexText.test(hex) ? [hex.toUpperCase()] : [];
  }),
);

/** Half up, in whole ten-thousandths: floating point would round 19.435 down. */
function centiOf(decimal: string): number {
  const [whole = '', fraction = ''] = decimal.replace(/^[+-]/, '').split(/[.,]/);
  const size = Number(whole) * 10_000 + Number(fraction.padEnd(4, '0'));
  return Math.floor(((decimal.startsWith('-') ? -size : size) + 50) / 100);
}

const ble = everywhere([0, 1, 2, 3, 4, 5, 6, 7], (bytes, at) => {
  if (at + 5 > bytes.length) return [];
  const value = bytes.readIntLE(at + 1, 3) * 10 ** (bytes.readInt8(at + 4) + 2);
  const celsius = (bytes.readUInt8(at) & 1) === 0 ? value : ((value - 3_200) * 5) / 9;
  return [body(Math.floor(celsius + 0.5)), body(Math.round(celsius))];
});

const wiegand = (bits: 26 | 34): Scan =>
  everywhere(null, (bytes, at) => {
    const read = bytes.subarray(at, at + Math.ceil(bits / 8));
    if (read.length * 8 < bits) return [];
    const all = [...read].map((byte) => byte.toString(2).padStart(8, '0')).join('');
    const ones = (from: number, to: number) => [...all.slice(from, to)].filter((bit) => bit === '1').length;
    const isFair = ones(0, bits / 2) % 2 === 0 && ones(bits / 2, bits) % 2 === 1 && !all.slice(bits).includes('1');
    const hex = (all.slice(1, bits - 1).match(/.{4}/g) ?? []).map((four) => Number.parseInt(four, 2).toString(16));
    return isFair ? [hex.join('').toUpperCase()] : [];
  });

const pn532 = everywhere([0], (bytes, at) => {
  const length = bytes[at + 3] ?? 0;
  const frame = bytes.subarray(at, at + 6 + length);
  if (frame.length < 6 + length || bytes[at + 1] !== 0 || bytes[at + 2] !== 0xff) return [];
  if (((length + (bytes[at + 4] ?? 0)) & 0xff) !== 0 || sum(frame.subarray(5)) !== 0) return [];
  const uidLength = frame[12] ?? 0;
  return frame[5] === 0xd5 && frame[6] === 0x4b ? [frame.toString('hex', 13, 13 + uidLength).toUpperCase()] : [];
});

const multi = everywhere([2], (bytes, at) => {
  const frame = bytes.subarray(at, at + 10);
  if (frame.length < 10 || frame[1] !== 0x0a || frame[9] !== 0x03) return [];
  return frame.subarray(1, 9).reduce((xor, byte) => xor ^ byte, 0) === 0
    ? [frame.toString('hex', 3, 8).toUpperCase()]
    : [];
});

/** Bit by bit, as in the standard's text. */
export function crcOsdp(bytes: Uint8Array): number {
  let crc = 0x1d0f;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}

/** Any sound OSDP packet stands for every tap: what matters is that there is one. */
const osdp = everywhere([0x53], (bytes, at) => {
  const length = (bytes[at + 2] ?? 0) + (bytes[at + 3] ?? 0) * 256;
  if (length < 7 || at + length > bytes.length) return [];
  const frame = bytes.subarray(at, at + length);
  const isSound =
    ((frame[4] ?? 0) & 4) !== 0 ? crcOsdp(frame.subarray(0, -2)) === frame.readUInt16LE(length - 2) : sum(frame) === 0;
  return isSound ? ['packet'] : [];
});

const gyHead = [0x5a];
const lu = everywhere([0xfe], (bytes, at) => {
  const frame = bytes.subarray(at, at + 9);
  if (frame.length < 9 || frame.readUInt32BE(4) !== 0 || sum(frame.subarray(0, 8)) !== frame[8]) return [];
  const centi = (frame[2] ?? 0) * 100 + (frame[3] ?? 0);
  return frame[1] === 0xaa ? [object(centi)] : frame[1] === 0xac ? [body(centi)] : [];
});

const thermometers = Object.entries(thermometersScan).map(([name, scan]): [string, Scan] => {
  const heads: Readonly<Record<string, readonly number[]>> = {
    'gy-mcu90615': gyHead,
    'gy-614v': [0xa4],
    'cjmcu-90614': [0x66],
    'idc-50': [0xaa],
    'aaa5-body': [0xaa],
    'calex-pyrominibus': [1],
    'calex-pyrousb': [1],
    'omega-os-mini': [1],
  };
  return [name, everywhere(heads[name] ?? null, (bytes, at) => [scan(bytes, at)])];
});
const gy = new Map(thermometers).get('gy-mcu90615');

/** Every decimal that stands there, however its digits are cut: a silence may end a line anywhere. */
const decimals = (values: (centi: number) => readonly string[]): Scan =>
  everywhere(
    [...'+-0123456789'].map((char) => char.charCodeAt(0)),
    (bytes, at) => {
      const [whole] = /^[+-]?\d{1,4}[.,]\d{1,4}/.exec(bytes.toString('latin1', at, at + 10)) ?? [''];
      const fraction = whole.length - 1 - Math.max(whole.indexOf('.'), whole.indexOf(','));
      if (whole === '') return [];
      return Array.from({ length: fraction }, (_, cut) => whole.slice(0, whole.length - cut)).flatMap((one) =>
        values(centiOf(one)),
      );
    },
  );

/** What each profile may say of a stretch of bytes. Relay boards and keyboard readers say no value that could be made up from bytes. */
export const frameScans: ReadonlyMap<string, Scan> = new Map<string, Scan>([
  ...thermometers,
  ...(gy ? [['gy-mcu90614', gy] as const] : []),
  ['lu90614', lu],
  [
    'gd60914',
    everywhere(null, (bytes, at) => [body(Number(bytes.toString('latin1', at, at + 7).replace(/\0/g, ' ')) * 10)]),
  ],
  ['raytek-ascii', decimals((centi) => [object(centi), ambient(centi)])],
  ['line', decimals((centi) => [object(centi)])],
  ['optris-cs', optris],
  ['optris-cs-old', optris],
  ['optris-ct', optris],
  ['ble-thermometer', ble],
  ['rdm6300', digits('\u0002', 12, '\u0003', true)],
  ['id-12la', digits('\u0002', 12, '\r\n\u0003', true)],
  ['em-18', digits('', 12, '', true)],
  ['parallax-28140', digits('\n', 10, '\r', false)],
  ['em-nochecksum', digits('\u0002', 10, '\r\n\u0003', false)],
  ['hex-line', hexRuns],
  ['cn-multi-reader', multi],
  ['wiegand26', wiegand(26)],
  ['wiegand34', wiegand(34)],
  ['pn532-hsu', pn532],
  ['osdp', osdp],
]);
