// What each card reader sends for a card, byte by byte from the data sheets: their encoders, written without the decoders that
// read them. Called by the any-reader player and by tests.
import { typedNumber } from './typed-number.ts';

export type ReaderSpeech = {
  /** What a card looks like here, and one that may be shown. */
  card: { pattern: RegExp; says: string; sample: string };
  /** The bytes of one frame; `wallMs` is for readers that stamp their keys. Only for a card that `pattern` allows. */
  frame(card: string, wallMs: number): Uint8Array;
  /** Frames of one presentation and the time between their beginnings; 1 = it tells a card once. */
  frames: number;
  everyMs: number;
  /** Presentations a second that the device can tell apart at most. */
  fastestHz: number;
  /** Asked before it tells: questions as hex, each with the answer to it while this card (or none) lies there. */
  questions?: readonly (readonly [hex: string, answer: (card: string | null) => Uint8Array])[];
};

const ascii = (text: string) => [...text].map((char) => char.charCodeAt(0));
const pairs = (hex: string) => (hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
const hex2 = (value: number) => value.toString(16).toUpperCase().padStart(2, '0');
const xorOf = (bytes: readonly number[]) => bytes.reduce((xor, byte) => xor ^ byte, 0);
const ofBytes = (count: number, sample: string): ReaderSpeech['card'] => ({
  pattern: new RegExp(`^[0-9A-Fa-f]{${2 * count}}$`),
  says: `${2 * count}`,
  sample,
});

/** Five bytes as ten digits, with the two of their XOR where there is a check, between a head and a tail. */
function em4100(head: number[], tail: number[], isChecked: boolean, repeats: number, fastestHz: number): ReaderSpeech {
  return {
    card: ofBytes(5, '010063E9AE'),
    frame: (card) => {
      const check = isChecked ? hex2(xorOf(pairs(card))) : '';
      return Uint8Array.from([...head, ...ascii(card.toUpperCase() + check), ...tail]);
    },
    frames: repeats,
    everyMs: 60,
    fastestHz,
  };
}

/** STX, length, kind (02 = EM4100), five bytes, XOR from the length on, ETX. */
const multiReader: ReaderSpeech = {
  card: ofBytes(5, '06008E6D5D'),
  frame: (card) => {
    const counted = [0x0a, 0x02, ...pairs(card)];
    return Uint8Array.of(0x02, ...counted, xorOf(counted), 0x03);
  },
  frames: 1,
  everyMs: 0,
  fastestHz: 10,
};

const hexLine: ReaderSpeech = {
  card: { pattern: /^(?:[0-9A-Fa-f]{8}|[0-9A-Fa-f]{14})$/, says: '8 / 14', sample: '5630F009' },
  frame: (card) => Uint8Array.from(ascii(`${card.toUpperCase()}\r\n`)),
  frames: 1,
  everyMs: 0,
  fastestHz: 10,
};

/** Even parity over the first half of the data bits, odd over the second, highest bit first, padded with zeros. */
function wiegand(dataBits: 24 | 32, sample: string): ReaderSpeech {
  return {
    card: ofBytes(dataBits / 8, sample),
    frame: (card) => {
      const data = pairs(card)
        .map((byte) => byte.toString(2).padStart(8, '0'))
        .join('');
      const ones = (bits: string) => [...bits].filter((bit) => bit === '1').length;
      const even = ones(data.slice(0, dataBits / 2)) % 2;
      const odd = 1 - (ones(data.slice(dataBits / 2)) % 2);
      const bits = `${even}${data}${odd}`.padEnd(Math.ceil((dataBits + 2) / 8) * 8, '0');
      return Uint8Array.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
    },
    frames: 1,
    everyMs: 0,
    // Reads are told apart by 100 ms of silence.
    fastestHz: 5,
  };
}

const wedge: ReaderSpeech = {
  card: { pattern: /^[0-9A-Fa-f,]{4,20}$/, says: '4-20', sample: '0006547886' },
  frame: (card) => Uint8Array.from([...ascii(card), 0x0d]),
  frames: 1,
  everyMs: 0,
  fastestHz: 5,
};

const evdev: ReaderSpeech = { ...wedge, frame: typedNumber, fastestHz: 5 };

/** 00 00 FF LEN LCS data DCS 00, where LEN and LCS, and data and DCS, add up to zero. */
function pn532Frame(...data: number[]): number[] {
  const sum = data.reduce((total, byte) => total + byte, 0);
  return [0, 0, 0xff, data.length, (256 - data.length) & 0xff, ...data, -sum & 0xff, 0];
}
const pn532Ack = [0, 0, 0xff, 0, 0xff, 0];
const pn532: ReaderSpeech = {
  card: { pattern: /^(?:[0-9A-Fa-f]{8}|[0-9A-Fa-f]{14})$/, says: '8 / 14', sample: 'FB0EE20B' },
  frame: (card) => {
    const uid = pairs(card);
    return Uint8Array.from(pn532Frame(0xd5, 0x4b, 1, 1, 0, 4, 8, uid.length, ...uid));
  },
  frames: 1,
  // A card lies there for so long; each question meanwhile is answered with it.
  everyMs: 500,
  fastestHz: 3,
  questions: [
    ['0000ff03fdd414011700', () => Uint8Array.from([...pn532Ack, ...pn532Frame(0xd5, 0x15)])],
    // Without a card the board waits for one and says nothing more.
    ['0000ff04fcd44a0100e100', (card) => Uint8Array.from([...pn532Ack, ...(card ? pn532.frame(card, 0) : [])])],
    ['0000ff02fed4022a00', () => Uint8Array.from([...pn532Ack, ...pn532Frame(0xd5, 0x03, 0x32, 1, 6, 7)])],
  ],
};

export const readerSpeeches: ReadonlyMap<string, ReaderSpeech> = new Map([
  ['rdm6300', em4100([0x02], [0x03], true, 3, 16)],
  ['id-12la', em4100([0x02], [0x0d, 0x0a, 0x03], true, 1, 7)],
  ['em-18', em4100([], [], true, 1, 7)],
  ['parallax-28140', em4100([0x0a], [0x0d], false, 3, 10)],
  ['em-nochecksum', em4100([0x02], [0x0d, 0x0a, 0x03], false, 1, 7)],
  ['cn-multi-reader', multiReader],
  ['hex-line', hexLine],
  ['wiegand26', wiegand(24, '5A0144')],
  ['wiegand34', wiegand(32, '5630F009')],
  ['hid-wedge', wedge],
  ['hid-evdev', evdev],
  ['pn532-hsu', pn532],
]);

/** STX, 10 hex digits, 2 hex digits of XOR, ETX. Throws a RangeError unless `uid` is 10 hex digits. */
export function rdm6300Frame(uid: string): Uint8Array {
  if (!/^[0-9A-Fa-f]{10}$/.test(uid)) throw new RangeError(`a card uid is 10 hex digits, not '${uid}'`);
  return em4100([0x02], [0x03], true, 1, 1).frame(uid, 0);
}
