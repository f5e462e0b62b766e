// struct input_event of linux/input.h built by the header and not by the driver. Used by tests of the keyboard reader.

export type InputOptions = { fromMs?: number; gapMs?: number; words?: 32 | 64 };

/** One event, little endian, at a wall-clock instant in ms. */
export function inputEvent(atMs: number, type: number, code: number, value: number, words: 32 | 64 = 64): Uint8Array {
  const wide = words === 64;
  const bytes = Buffer.alloc(wide ? 24 : 16);
  bytes.writeUInt32LE(Math.floor(atMs / 1_000), 0);
  bytes.writeUInt32LE((atMs % 1_000) * 1_000, wide ? 8 : 4);
  bytes.writeUInt16LE(type, wide ? 16 : 8);
  bytes.writeUInt16LE(code, wide ? 18 : 10);
  bytes.writeInt32LE(value, wide ? 20 : 12);
  return Uint8Array.from(bytes);
}

/** linux/input-event-codes.h. */
const codes: Readonly<Record<string, number>> = {
  '1': 2,
  '2': 3,
  '3': 4,
  '4': 5,
  '5': 6,
  '6': 7,
  '7': 8,
  '8': 9,
  '9': 10,
  '0': 11,
  E: 18,
  A: 30,
  D: 32,
  F: 33,
  C: 46,
  B: 48,
  ',': 51,
};
const enter = 28;

/** A number and Enter: each key down and up, with the scan code and the report end that the kernel sends between. */
export function typed(number: string, { fromMs = 1_700_000_000_000, gapMs = 10, words = 64 }: InputOptions = {}) {
  const sequence = [...number].map((character) => codes[character] ?? 0).concat(enter);
  const events = sequence.flatMap((code, at) => {
    const atMs = fromMs + at * gapMs;
    return [
      inputEvent(atMs, 4, 4, 0x70000 + code, words),
      inputEvent(atMs, 1, code, 1, words),
      inputEvent(atMs, 0, 0, 0, words),
      inputEvent(atMs + 1, 1, code, 0, words),
      inputEvent(atMs + 1, 0, 0, 0, words),
    ];
  });
  return Uint8Array.from(Buffer.concat(events));
}
