// One OSDP packet: [FF] 53 address length(2, low first) control [security block] code data [MAC] check. The length counts from 53
// to the check. Called by the framing, the control unit and the profile.
import { checkBytes, checkOf } from './check.ts';

export const mark = 0xff;
export const startByte = 0x53;
/** Everybody on the line listens; only for one device on it. */
export const broadcast = 0x7f;
export const headBytes = 5;
export const macBytes = 4;

export const control = { sequence: 0x03, crc: 0x04, security: 0x08, reserved: 0xf0 } as const;

/** Types of a security block: handshake 11 to 14, then 15 and 16 without, 17 and 18 with encrypted data. Odd = command. */
export const scs = {
  challenge: 0x11,
  clientCryptogram: 0x12,
  serverCryptogram: 0x13,
  initialMac: 0x14,
  plainCommand: 0x15,
  plainReply: 0x16,
  sealedCommand: 0x17,
  sealedReply: 0x18,
} as const;

export type Head = {
  /** 0 to 126, 127 = broadcast. */
  address: number;
  isReply: boolean;
  /** 0 begins anew, then 1, 2, 3, 1, ... */
  sequence: number;
  hasCrc: boolean;
  hasMark: boolean;
  /** The security block without its length: type, then data; null when there is none. */
  security: Uint8Array | null;
};

export type Packet = Head & {
  kind: 'packet';
  code: number;
  /** Encrypted in types 17 and 18. */
  data: Uint8Array;
  /** Types 15 to 18: what the MAC covers, from the start byte to the data, and its first four bytes. */
  mac: { covered: Uint8Array; bytes: Uint8Array } | null;
};

/** Whether packets with such a security block end in a MAC. */
export const hasMac = (security: Uint8Array | null) => (security?.[0] ?? 0) >= scs.plainCommand;

/** From the start byte to the data, with the final length in it: what a MAC covers. Throws for a head or data out of range. */
export function coveredBytes(head: Head, code: number, data: Uint8Array): Uint8Array {
  const { address, sequence, security } = head;
  if (!(address >= 0 && address <= broadcast && sequence >= 0 && sequence <= 3)) throw new RangeError('OSDP head');
  const block = security ? [security.length + 1, ...security] : [];
  const covered = headBytes + block.length + 1 + data.length;
  const length = covered + (hasMac(security) ? macBytes : 0) + checkBytes(head.hasCrc);
  if (length > 0xffff) throw new RangeError('OSDP length');
  const flags = sequence | (head.hasCrc ? control.crc : 0) | (security ? control.security : 0);
  const to = head.isReply ? address | 0x80 : address;
  return Uint8Array.from([startByte, to, length & 0xff, length >>> 8, flags, ...block, code, ...data]);
}

/** The whole frame; `mac` holds four bytes for the types that end in one. */
export function frameOf(head: Head, covered: Uint8Array, mac: Uint8Array | null): Uint8Array {
  const body = mac ? Uint8Array.from([...covered, ...mac]) : covered;
  return Uint8Array.from([...(head.hasMark ? [mark] : []), ...body, ...checkOf(body, head.hasCrc)]);
}

/** A frame in the clear. */
export function plainFrame(head: Head, code: number, data: Uint8Array): Uint8Array {
  return frameOf(head, coveredBytes(head, code, data), null);
}
