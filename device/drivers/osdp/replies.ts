// What an OSDP device replies, as events: taps, keys, inputs, acknowledgements, properties, refusals. Called by the control unit
// and by the profile that `decode` uses. Source: SIA OSDP; goToMain/libosdp.
import { wiegandOfBits } from '../../../src/domain/wiegand.ts';
import type { DeviceEvent, Says } from '../driver.ts';

export const replyCodes = {
  ack: 0x40,
  nak: 0x41,
  id: 0x45,
  capabilities: 0x46,
  raw: 0x50,
  clientCryptogram: 0x76,
  initialMac: 0x78,
  busy: 0x79,
} as const;

/** NAK codes. */
export const nak = { check: 1, length: 2, unknown: 3, sequence: 4, securityBlock: 5, security: 6 } as const;
const nakNames: readonly string[] = [
  '',
  'check',
  'length',
  'unknown-command',
  'sequence',
  'security-block',
  'security',
];

type Kind = 'ack' | 'inputs' | 'keypad' | 'setting';
/** A string is the reason why it is refused. */
type Read =
  | { kind: Kind; says: Says }
  | { kind: 'tap'; uid: string | null; printed: string | null; also: Says }
  | { refused: string; says?: Says };
type Rule = { name: string; read(data: Uint8Array): Read };

const length: Read = { refused: 'length' };
const says = (kind: Kind, fields: Says): Read => ({ kind, says: fields });
/** Fixed sizes only: everything else is refused. */
const sized = (bytes: number, read: (data: Uint8Array) => Read) => (data: Uint8Array) =>
  data.length === bytes ? read(data) : length;
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
/** Low byte first; at most six bytes. */
const low = (bytes: Uint8Array) => bytes.reduceRight((sum, one) => sum * 256 + one, 0);
const states = (name: string) => (data: Uint8Array) =>
  data.length === 0 ? length : says('inputs', { [name]: [...data] });

const rules: Readonly<Record<number, Rule>> = {
  [replyCodes.ack]: { name: 'ACK', read: sized(0, () => says('ack', {})) },
  [replyCodes.nak]: {
    name: 'NAK',
    // Some codes are followed by what was meant.
    read: (data) => {
      const code = data[0];
      if (code === undefined) return length;
      return { refused: 'nak', says: { code, why: nakNames[code] ?? 'other' } };
    },
  },
  [replyCodes.id]: {
    name: 'PDID',
    read: sized(12, (data) =>
      says('setting', {
        vendor: hex(data.subarray(0, 3)),
        model: data[3] ?? 0,
        version: data[4] ?? 0,
        serial: low(data.subarray(5, 9)),
        firmware: data.subarray(9).join('.'),
      }),
    ),
  },
  [replyCodes.capabilities]: { name: 'PDCAP', read: capabilitiesOf },
  72: {
    name: 'LSTATR',
    read: sized(2, (data) => says('inputs', { tamper: data[0] !== 0, powerFailed: data[1] !== 0 })),
  },
  73: { name: 'ISTATR', read: states('inputs') },
  74: { name: 'OSTATR', read: states('outputs') },
  75: { name: 'RSTATR', read: states('readers') },
  [replyCodes.raw]: { name: 'RAW', read: cardOf },
  81: { name: 'FMT', read: formattedCardOf },
  83: { name: 'KEYPAD', read: keysOf },
  84: {
    name: 'COM',
    read: sized(5, (data) => says('setting', { newAddress: data[0] ?? 0, newBaud: low(data.subarray(1)) })),
  },
  [replyCodes.clientCryptogram]: {
    name: 'CCRYPT',
    read: sized(32, (data) =>
      says('setting', { clientUid: hex(data.subarray(0, 8)), random: hex(data.subarray(8, 16)) }),
    ),
  },
  [replyCodes.initialMac]: { name: 'RMAC_I', read: sized(16, () => says('setting', {})) },
  [replyCodes.busy]: { name: 'BUSY', read: () => ({ refused: 'busy' }) },
};

export const nameOfReply = (code: number) => rules[code]?.name ?? null;

/** The event of a reply whose data are in the clear; `head` is what stands in front of it: address, sequence. */
export function eventOfReply(code: number, data: Uint8Array, head: Says): DeviceEvent {
  const rule = rules[code];
  if (!rule) return refusal('unknown-reply', { ...head, code });
  const front = { reply: rule.name, ...head };
  const read = rule.read(data);
  if ('refused' in read) return refusal(read.refused, { ...front, ...read.says });
  if (read.kind === 'tap') return { ...read, also: { ...front, ...read.also } };
  return { kind: read.kind, says: { ...front, ...read.says } };
}

const refusal = (reason: string, fields: Says): DeviceEvent => ({
  kind: 'rejected',
  reason,
  alive: true,
  says: fields,
});

/** Card bits, most significant first, left aligned. Wiegand 26 must have its parity; of 34 not even the split is agreed. */
function cardOf(data: Uint8Array): Read {
  const [reader = 0, format = 0] = data;
  const bits = low(data.subarray(2, 4));
  const card = data.subarray(4);
  if (data.length < 5 || bits === 0 || card.length !== Math.ceil(bits / 8)) return length;
  const isWiegand = format === 1;
  const also = { reader, format: isWiegand ? 'wiegand' : format === 0 ? 'unspecified' : format, bits, data: hex(card) };
  const tap = (uid: string, more: Says = {}): Read => ({
    kind: 'tap',
    uid: uid.toUpperCase(),
    printed: null,
    also: { ...also, ...more },
  });
  if (!isWiegand || (bits !== 26 && bits !== 34)) return tap(hex(card));
  const text = [...card].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const wiegand = wiegandOfBits(text.slice(0, bits));
  if (wiegand) return tap(hex(wiegand.data), { facility: wiegand.facility, card: wiegand.number });
  if (bits === 26) return { refused: 'parity', says: also };
  // Readers that put a card's four bytes between two bits without parity exist: the bytes are kept, and what is wrong is said.
  const between = text.slice(1, bits - 1).match(/.{8}/g) ?? [];
  return tap(hex(Uint8Array.from(between, (byte) => Number.parseInt(byte, 2))), { parity: false });
}

/** Reader, direction, count, characters. */
function formattedCardOf(data: Uint8Array): Read {
  const [reader = 0, direction = 0, count = 0] = data;
  if (count === 0 || data.length !== 3 + count) return length;
  const text = printable(data.subarray(3));
  if (text === null) return { refused: 'format' };
  return { kind: 'tap', uid: null, printed: text, also: { reader, format: 'text', direction } };
}

/** Reader, count, keys; 7F is the star and 0D the hash. */
function keysOf(data: Uint8Array): Read {
  const [reader = 0, count = 0] = data;
  if (count === 0 || data.length !== 2 + count) return length;
  const plain = data.subarray(2).map((key) => (key === 0x7f ? 0x2a : key === 0x0d ? 0x23 : key));
  const keys = printable(plain);
  return keys === null ? { refused: 'format' } : says('keypad', { reader, keys });
}

function printable(bytes: Uint8Array): string | null {
  return bytes.every((byte) => byte >= 0x20 && byte <= 0x7e) ? Buffer.from(bytes).toString('latin1') : null;
}

const capabilityNames: readonly string[] = [
  '',
  'contacts',
  'outputs',
  'cardFormats',
  'leds',
  'buzzers',
  'texts',
  'clock',
  'check',
  'security',
  'receiveBytes',
  'messageBytes',
  'smartCard',
  'readers',
  'biometrics',
  'securePin',
  'version',
];

/** Triples: function, level, count; told as [level, count] by the function's name. */
function capabilitiesOf(data: Uint8Array): Read {
  if (data.length === 0 || data.length % 3 !== 0) return length;
  const found: Record<string, readonly number[]> = {};
  for (let at = 0; at < data.length; at += 3) {
    const number = data[at] ?? 0;
    found[capabilityNames[number] || `function${number}`] = [data[at + 1] ?? 0, data[at + 2] ?? 0];
  }
  return says('setting', found);
}
