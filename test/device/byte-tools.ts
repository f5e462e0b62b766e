// Bytes for device tests: from hex, joined, split at every place, seeded noise. Used by tests of framer, drivers and line.
import type { Decoder, DeviceEvent } from '../../device/drivers/driver.ts';

export const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replace(/\s+/g, ''), 'hex'));
export const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
export const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

/** All events of the bytes given in these pieces, with the silence behind them. */
export function decodeAll(decoder: Decoder, ...pieces: Uint8Array[]): DeviceEvent[] {
  return [...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.idle()];
}

/** What a gate would act on. */
export const valuesOf = (events: readonly DeviceEvent[]) => events.filter((event) => event.kind !== 'rejected');
export const reasonsOf = (events: readonly DeviceEvent[]) =>
  events.flatMap((event) => (event.kind === 'rejected' ? [event.reason] : []));

/** Numbers in [0, 1) from a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function noiseBytes(count: number, random: () => number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at += 1) bytes[at] = Math.floor(random() * 256);
  return bytes;
}
