// What can stand printed on a card whose bytes are known: the conversions by name, and which of them fit cards in hand. Pure;
// called by the drivers of readers, by `convert` and by the learning step. A conversion is declared, never guessed.
import { bitsOfData, partsOf } from './wiegand.ts';

export const limits = { uidBytesMin: 3, uidBytesMax: 16, printedChars: 40, learnCards: 3 } as const;

/** A conversion needs `minBytes`; more are allowed, then it speaks of the last or the first of them as its name says. */
type Rule = { minBytes: number; maxBytes: number; print(uid: Uint8Array): string };

const hexOf = (bytes: Uint8Array) =>
  [...bytes]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
/** At most 5 bytes: a safe integer. */
const decimalOf = (bytes: Uint8Array, digits: number) =>
  String(bytes.reduce((value, byte) => value * 256 + byte, 0)).padStart(digits, '0');
const reversed = (bytes: Uint8Array) => Uint8Array.from(bytes).reverse();
const threeFive = (three: Uint8Array) => `${decimalOf(three.subarray(0, 1), 3)},${decimalOf(three.subarray(1), 5)}`;
const any = (minBytes: number) => ({ minBytes, maxBytes: limits.uidBytesMax });

/** Sources: devices facts 2.6 (zgznk.com, seabreezerfid, cnblogs gengtongyu/16564907, miaokee), each recomputed. */
const rules = {
  /** 8H->10D: the last four bytes as 10 digits. On EM4100 the number on most tokens, on Mifare the bytes as they come. */
  dec10: { ...any(4), print: (uid) => decimalOf(uid.subarray(-4), 10) },
  /** The same four bytes read backward: what most Mifare readers print. */
  dec10_reversed: { ...any(4), print: (uid) => decimalOf(reversed(uid.subarray(-4)), 10) },
  /** 10H->12D: the last five bytes as 12 digits, 13 from E8D4A51000 on. */
  dec12_10H: { ...any(5), print: (uid) => decimalOf(uid.subarray(-5), 12) },
  /** 6H->8D: the last three bytes as 8 digits. */
  dec8_6H: { ...any(3), print: (uid) => decimalOf(uid.subarray(-3), 8) },
  /** 2H+4H, '3+5': last three bytes, the first of them and the other two. As Wiegand 26 has it. */
  d3_5: { ...any(3), print: (uid) => threeFive(uid.subarray(-3)) },
  /** The last three bytes read backward. */
  d3_5_reversed: { ...any(4), print: (uid) => threeFive(reversed(uid.subarray(-3))) },
  /** '3+5' of the first three bytes: the Mifare convention. With three bytes there is no other. */
  d3_5_forward_first3: { ...any(4), print: (uid) => threeFive(uid.subarray(0, 3)) },
  d3_5_reversed_first3: { ...any(3), print: (uid) => threeFive(reversed(uid.subarray(0, 3))) },
  /** 4H+4H: last four bytes, two and two. As Wiegand 34 is often split. */
  d5_5: { ...any(4), print: (uid) => `${decimalOf(uid.subarray(-4, -2), 5)},${decimalOf(uid.subarray(-2), 5)}` },
  /** All bytes as hex, in the order the reader gives them. */
  hex: { ...any(3), print: hexOf },
  hex_reversed: { ...any(3), print: (uid) => hexOf(reversed(uid)) },
  /** The last four bytes as 8 hex digits, of a longer uid. */
  hex8: { ...any(5), print: (uid) => hexOf(uid.subarray(-4)) },
} as const satisfies Record<string, Rule>;

export type Conversion = keyof typeof rules;
export const conversions: readonly Conversion[] = Object.keys(rules).filter(isConversion);

export function isConversion(name: string): name is Conversion {
  return Object.hasOwn(rules, name);
}

/** The printed form of a uid of 3 to 16 bytes; null when the conversion needs more bytes than there are. */
export function printedOf(uid: Uint8Array, conversion: Conversion): string | null {
  const { minBytes, maxBytes, print } = rules[conversion];
  return uid.length >= minBytes && uid.length <= maxBytes ? print(uid) : null;
}

/** Bytes of hex digits in pairs, blanks, ':' and '-' between them allowed; null for anything else or outside 3 to 16 bytes. */
export function uidOfHex(text: string): Uint8Array | null {
  const hex = text.replace(/[\s:-]/g, '');
  if (!/^(?:[0-9A-Fa-f]{2})+$/.test(hex)) return null;
  const uid = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return uid.length >= limits.uidBytesMin && uid.length <= limits.uidBytesMax ? uid : null;
}

export type PrintedForms = Readonly<Record<string, string | { facility: number; number: number; bits: string }>>;

/** Every printed form that the bytes allow, by the conversion's name, with the other names some sheets use, and Wiegand. */
export function printedForms(uid: Uint8Array): PrintedForms {
  const forms: Record<string, PrintedForms[string]> = { uid: hexOf(uid) };
  for (const conversion of conversions) {
    const printed = printedOf(uid, conversion);
    if (printed !== null) forms[conversion] = printed;
  }
  if (uid.length === 5) forms.hex10 = hexOf(uid);
  if (uid.length >= 4) {
    const four = uid.subarray(-4);
    forms.dec10_8H = decimalOf(four, 10);
    forms.dec10_forward = decimalOf(four, 10);
  }
  for (const [name, bytes] of [
    ['26', 3],
    ['34', 4],
  ] as const) {
    if (uid.length < bytes) continue;
    const data = uid.subarray(-bytes);
    const bits = bitsOfData(data);
    forms[`wiegand${name}`] = { ...partsOf(data), bits };
    forms[`w${name}_bits`] = bits;
  }
  return forms;
}

/** A number as a person types it from a card: full-width signs, blanks around, any usual sign between two groups of digits. */
export function typedNumber(text: string): string {
  const plain = text.normalize('NFKC').trim().toUpperCase();
  return plain.replace(/^([0-9]+)\s*[,、/:.\s-]\s*([0-9]+)$/, '$1,$2');
}

export type CardInHand = { uid: Uint8Array; printed: string };
export type Learned =
  | { is: 'one'; conversion: Conversion }
  /** `none`: no conversion fits all cards. `several`: they cannot be told apart by these cards; take others. */
  | { is: 'none' }
  | { is: 'several'; conversions: readonly Conversion[] }
  /** Fewer than three different cards say nothing. */
  | { is: 'too-few'; different: number };

/** The conversions that give the printed number of every card, leading zeros and all; empty for no cards. */
export function fittingConversions(cards: readonly CardInHand[]): readonly Conversion[] {
  if (cards.length === 0) return [];
  return conversions.filter((conversion) =>
    cards.every(({ uid, printed }) => printedOf(uid, conversion) === typedNumber(printed)),
  );
}

/** What three cards in hand teach: exactly one conversion, or why none may be stored. */
export function learn(cards: readonly CardInHand[]): Learned {
  const different = new Set(cards.map(({ uid }) => hexOf(uid))).size;
  if (different < limits.learnCards) return { is: 'too-few', different };
  const fitting = fittingConversions(cards);
  const [only] = fitting;
  if (only === undefined) return { is: 'none' };
  return fitting.length === 1 ? { is: 'one', conversion: only } : { is: 'several', conversions: fitting };
}
