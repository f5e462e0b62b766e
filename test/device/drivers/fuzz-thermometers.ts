// What the fuzz test needs of the thermometers: how much each may hold, one good frame, the bytes its frames are made of, and every
// value that stands in the bytes, found from the data sheets without the code under test. Used by fuzz.test.ts.

/** Longest thing that each decoder may hold. */
export const thermometersHold: Readonly<Record<string, number>> = {
  'gy-mcu90615': 9,
  'gy-614v': 12,
  'aaa5-body': 11,
  'cjmcu-90614': 9,
  gd60914: 512,
  'idc-50': 6,
  'raytek-ascii': 32,
  'optris-cs': 512,
  'optris-cs-old': 512,
  'optris-ct': 512,
  'calex-pyrominibus': 21,
  'calex-pyrousb': 21,
  'omega-os-mini': 21,
  'ble-thermometer': 13,
};

const modbus = '010308016e016f00fb00007ff4';
/** None for formats without a frame: silence alone tells where their answers are. */
export const thermometersGood: Readonly<Record<string, string>> = {
  'gy-mcu90615': '5a5a45040c780d19a7',
  'gy-614v': 'a40307075f0d5e0a320e420b',
  'aaa5-body': 'aaa5080101012900fb2f55',
  'cjmcu-90614': '666601040a830a831a',
  'idc-50': 'aa5506240730',
  'raytek-ascii': '21543032302e300d0a',
  'calex-pyrominibus': modbus,
  'calex-pyrousb': modbus,
  'omega-os-mini': modbus,
  'ble-thermometer': '06680100ffe207030a15340002',
};

const modbusLikely = [0x01, 0x03, 0x04, 0x08, 0x01, 0x6e, 0x00];
const ascii = (text: string) => [...text].map((char) => char.charCodeAt(0));
export const thermometersLikely: Readonly<Record<string, readonly number[]>> = {
  'gy-mcu90615': [0x5a, 0x5a, 0x45, 0x04, 0x0e, 0x09],
  'gy-614v': [0xa4, 0x03, 0x07, 0x07, 0x0d, 0x5f],
  'aaa5-body': [0xaa, 0xa5, 0x08, 0x04, 0x01, 0x02, 0x55, 0x00],
  'cjmcu-90614': [0x66, 0x66, 0x01, 0x04, 0x0a],
  gd60914: ascii('0000365 '),
  'idc-50': [0xaa, 0x55, 0x06, 0x24, 0x07],
  'raytek-ascii': ascii('!!TEX*#0123456789..\r\n\n'),
  'optris-cs': [0x04, 0xd3, 0x03, 0xaa],
  'optris-cs-old': [0x05, 0x19, 0x03],
  'optris-ct': [0x04, 0xd3, 0x03],
  'calex-pyrominibus': modbusLikely,
  'calex-pyrousb': modbusLikely,
  'omega-os-mini': modbusLikely,
  'ble-thermometer': [0x00, 0x02, 0x04, 0x06, 0x01, 0x68, 0xff],
};

type Scan = (bytes: Buffer, at: number) => string | null;
const sum = (bytes: Uint8Array) => bytes.reduce((total, byte) => (total + byte) % 256, 0);

const gy: Scan = (bytes, at) => {
  const frame = bytes.subarray(at, at + 9);
  if (frame.length < 9 || frame.readUInt32BE(0) !== 0x5a5a4504 || sum(frame.subarray(0, 8)) !== frame[8]) return null;
  return `${frame.readInt16BE(4)}/${frame.readInt16BE(6)}/null`;
};

/** Bit by bit, the other way round than the code under test. */
function crc(bytes: Uint8Array): number {
  let rest = 0xffff;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit += 1) {
      const odd = ((rest & 1) ^ ((byte >> bit) & 1)) === 1;
      rest >>= 1;
      if (odd) rest ^= 0xa001;
    }
  }
  return rest;
}

const calex: Scan = (bytes, at) => {
  const count = bytes[at + 2] ?? 0;
  const frame = bytes.subarray(at, at + 5 + count);
  if (frame.length < 5 || frame.length < 5 + count || crc(frame.subarray(0, -2)) !== frame.readUInt16LE(3 + count)) {
    return null;
  }
  const value = (register: number) =>
    2 * register + 2 <= count ? String(frame.readInt16BE(3 + 2 * register) * 10) : 'null';
  return `${value(1) === 'null' ? value(0) : value(1)}/${value(2)}/null`;
};

export const thermometersScan: Readonly<Record<string, Scan>> = {
  'gy-mcu90615': gy,
  'gy-614v': (bytes, at) => {
    const frame = bytes.subarray(at, at + 12);
    if (frame.length < 12 || frame.readUInt32BE(0) !== 0xa4030707 || sum(frame.subarray(0, 11)) !== frame[11])
      return null;
    return `${frame.readInt16BE(5)}/${frame.readInt16BE(7)}/${frame.readInt16BE(9)}`;
  },
  'cjmcu-90614': (bytes, at) => {
    const frame = bytes.subarray(at, at + 9);
    if (frame.length < 9 || frame.readUInt16BE(0) !== 0x6666 || sum(frame.subarray(4, 8)) !== frame[8]) return null;
    return `${frame.readInt16BE(6)}/${frame.readInt16BE(4)}/null`;
  },
  'idc-50': (bytes, at) => {
    const frame = bytes.subarray(at, at + 6);
    if (frame.length < 6 || frame.readUIntBE(0, 3) !== 0xaa5506 || sum(frame.subarray(0, 5)) !== frame[5]) return null;
    return `null/null/${(frame[3] ?? 0) * 100 + (frame[4] ?? 0) * 10}`;
  },
  'aaa5-body': (bytes, at) => {
    const frame = bytes.subarray(at, at + 11);
    if (frame.length < 11 || frame.readUInt32BE(0) !== 0xaaa50801 || frame[10] !== 0x55) return null;
    if (sum(frame.subarray(2, 9)) !== frame[9]) return null;
    const value = frame.readInt16BE(5) * 10;
    return frame[4] === 1 ? `${value}/${frame.readInt16BE(7) * 10}/null` : `null/${frame.readInt16BE(7) * 10}/${value}`;
  },
  'calex-pyrominibus': calex,
  'calex-pyrousb': calex,
  'omega-os-mini': calex,
};
