// A number typed by a USB keyboard reader as the kernel hands it on: struct input_event of linux/input.h, 64-bit words, little
// endian; each key down and up with the report end behind it. Called by reader-speech.

/** linux/input-event-codes.h. */
const codes: Readonly<Record<string, number>> = {
  ...Object.fromEntries([...'1234567890'].map((digit, at) => [digit, at + 2])),
  ...{ E: 18, A: 30, D: 32, F: 33, C: 46, B: 48, ',': 51 },
};
const enter = 28;
const key = 1;
const report = 0;
/** Between two keys: HID polling. */
const gapMs = 10;

function inputEvent(wallMs: number, type: number, code: number, value: number): Uint8Array {
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(wallMs / 1_000), true);
  view.setUint32(8, (Math.floor(wallMs) % 1_000) * 1_000, true);
  view.setUint16(16, type, true);
  view.setUint16(18, code, true);
  view.setInt32(20, value, true);
  return bytes;
}

/** `number`: digits, hex letters and commas; Enter follows. `wallMs`: when its first key is pressed. */
export function typedNumber(number: string, wallMs: number): Uint8Array {
  const sequence = [...number.toUpperCase()].map((char) => codes[char] ?? 0).concat(enter);
  const events = sequence.flatMap((code, at) => {
    const atMs = wallMs + at * gapMs;
    return [
      inputEvent(atMs, key, code, 1),
      inputEvent(atMs, report, 0, 0),
      inputEvent(atMs + 1, key, code, 0),
      inputEvent(atMs + 1, report, 0, 0),
    ];
  });
  return Uint8Array.from(events.flatMap((bytes) => [...bytes]));
}
