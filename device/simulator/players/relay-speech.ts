// What each relay board does with the bytes of a command and what it answers, from the data sheets, without the drivers that
// command it. Called by the any-relay player.

/** `channel` counts from 1; `forMs` = the board ends it by itself. */
export type RelayMove = { channel: number; on: boolean; forMs?: number };
export type RelayTurn = {
  /** How many bytes the command took. */
  length: number;
  move?: RelayMove;
  answer?: Uint8Array;
};

export type RelaySpeech = {
  /** What begins at the first of these bytes: a command, 'more' bytes needed, or null = no command begins here. */
  hear(bytes: readonly number[], coils: readonly boolean[]): RelayTurn | 'more' | null;
  channels: number;
  /** The board's own controller overhears an OFF sooner than this after the ON. */
  deafMs: number;
};

const byteSum = (bytes: readonly number[]) => bytes.reduce((sum, byte) => (sum + byte) & 0xff, 0);

const lcus = (channels: number): RelaySpeech => ({
  channels,
  deafMs: 80,
  hear: (bytes) => {
    const [head, channel = 1, state = 0, sum] = bytes;
    if (head !== 0xa0) return null;
    if (sum === undefined) return 'more';
    const isSound = channel >= 1 && channel <= channels && state <= 1 && sum === byteSum(bytes.slice(0, 3));
    return isSound ? { length: 4, move: { channel, on: state === 1 } } : null;
  },
});

const hw667: RelaySpeech = {
  channels: 1,
  deafMs: 0,
  hear: ([byte]) => {
    if (byte === 0xaa || byte === 0xbb) return { length: 1, move: { channel: 1, on: byte === 0xaa } };
    return byte === 0xcc ? { length: 1, move: { channel: 1, on: true, forMs: 1_000 } } : null;
  },
};

/** The Modbus check, bit by bit, low byte first. */
function crc(bytes: readonly number[]): [number, number] {
  let rest = 0xffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >> 1) ^ 0xa001 : rest >> 1;
  }
  return [rest & 0xff, rest >> 8];
}
const withCrc = (...bytes: number[]) => Uint8Array.from([...bytes, ...crc(bytes)]);

type Write = (coil: number, value: number) => RelayMove | null;

/** Coils that are written (05) and read (01), inputs that are read (02); a board repeats a write as its answer. */
function modbus(address: number, write: Write): RelaySpeech {
  return {
    channels: 32,
    deafMs: 0,
    hear: (bytes, coils) => {
      const [to, fn, highFirst = 0, lowFirst = 0, high = 0, low = 0, ...check] = bytes;
      // 0 is to every board at once, without an answer but for the address itself.
      if (to !== address && to !== 0) return null;
      if (bytes.length < 8) return 'more';
      const [one, two] = crc(bytes.slice(0, 6));
      if (check[0] !== one || check[1] !== two) return null;
      const [first, value] = [highFirst * 256 + lowFirst, high * 256 + low];
      if (fn === 0x05) {
        const move = write(first, value);
        const answer = move ? Uint8Array.from(bytes.slice(0, 8)) : withCrc(address, 0x85, 2);
        return { length: 8, answer, ...(move ? { move } : {}) };
      }
      if ((fn === 0x01 || fn === 0x02) && value >= 1 && value <= 32) {
        const bits = Array.from({ length: Math.ceil(value / 8) }, (_, at) => {
          const eight = coils.slice(first + 8 * at, first + 8 * at + 8);
          // Inputs of a board with nothing connected are open.
          return fn === 0x02 ? 0 : eight.reduce((sum, on, bit) => sum + (on ? 1 << bit : 0), 0);
        });
        return { length: 8, answer: withCrc(address, fn, bits.length, ...bits) };
      }
      if (fn === 0x03 && first === 0x4000) return { length: 8, answer: withCrc(address, 3, 2, 0, address) };
      return { length: 8, answer: withCrc(address, (fn ?? 0) | 0x80, 1) };
    },
  };
}

const standard: Write = (coil, value) =>
  (value === 0xff00 || value === 0) && coil < 32 ? { channel: coil + 1, on: value !== 0 } : null;

export const relaySpeeches: ReadonlyMap<string, RelaySpeech> = new Map([
  ['lcus', lcus(8)],
  ['hw-667', hw667],
  ['modbus-relay', modbus(1, standard)],
  [
    'modbus-relay-r4',
    modbus(1, (relay, value) =>
      (value === 0x0100 || value === 0) && relay >= 1 && relay <= 32 ? { channel: relay, on: value !== 0 } : null,
    ),
  ],
  ['modbus-relay-lc', modbus(255, standard)],
  [
    'modbus-relay-waveshare',
    modbus(1, (coil, value) =>
      coil >= 0x0200 && coil < 0x0220
        ? { channel: coil - 0x0200 + 1, on: true, forMs: value * 100 }
        : standard(coil, value),
    ),
  ],
]);
