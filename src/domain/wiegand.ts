// Wiegand frames of 26 and 34 bits: parity, facility and number. Pure; called by card-number and by the drivers of readers.

export type WiegandBits = 26 | 34;
export type Wiegand = {
  bits: WiegandBits;
  /** The data between the parity bits: 3 or 4 bytes. Of 34 bits nothing more is agreed among makers, so all 32 are kept. */
  data: Uint8Array;
  /** First 8 (26) or 16 (34) data bits, the rest is the number: 16 bits. Only a convention for 34. */
  facility: number;
  number: number;
};

/** Reads '0' and '1' characters; null for another length, another character or a wrong parity bit. */
export function wiegandOfBits(text: string): Wiegand | null {
  if (!/^(?:[01]{26}|[01]{34})$/.test(text)) return null;
  const half = text.length / 2;
  const isEven = onesOf(text.slice(0, half)) % 2 === 0;
  const isOdd = onesOf(text.slice(half)) % 2 === 1;
  if (!isEven || !isOdd) return null;
  const data = Uint8Array.from(text.slice(1, -1).match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
  return { bits: text.length === 26 ? 26 : 34, data, ...partsOf(data) };
}

/** The frame of 3 or 4 data bytes as '0' and '1', parity bits included. Throws a RangeError for another length. */
export function bitsOfData(data: Uint8Array): string {
  if (data.length !== 3 && data.length !== 4) throw new RangeError('Wiegand data are 3 or 4 bytes');
  const text = [...data].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const half = text.length / 2;
  const even = onesOf(text.slice(0, half)) % 2;
  const odd = 1 - (onesOf(text.slice(half)) % 2);
  return `${even}${text}${odd}`;
}

/** Facility and number of 3 or 4 data bytes: the last two bytes are the number. */
export function partsOf(data: Uint8Array): { facility: number; number: number } {
  const at = data.length - 2;
  const numberOf = (bytes: Uint8Array) => bytes.reduce((value, byte) => value * 256 + byte, 0);
  return { facility: numberOf(data.subarray(0, at)), number: numberOf(data.subarray(at)) };
}

const onesOf = (bits: string) => bits.replaceAll('0', '').length;
