// What a device driver is: a pure decoder of bytes plus the data of its profile. Called by serial-line, decode and encode.
import type { CentiCelsius, Mode, Site } from '../../src/domain/reading.ts';

/** A number kept as integers: { digits: 950, decimals: 3 } is 0.950. */
export type Decimal = { digits: number; decimals: number };
/** What a device says beside its value; a plain number is whole, others are decimals: no floating point. */
export type Says = Readonly<Record<string, string | number | boolean | Decimal | readonly number[]>>;

/** One thing a decoder found in the bytes. Temperatures are integers in hundredths of a degree. */
export type DeviceEvent =
  | {
      kind: 'reading';
      objectCenti: CentiCelsius | null;
      ambientCenti: CentiCelsius | null;
      bodyCenti: CentiCelsius | null;
      /** True for formats without a checksum. */
      unchecked?: boolean;
      /** What else stands in the frame: emissivity, time of the measurement, ... */
      also?: Says;
    }
  | {
      kind: 'tap';
      uid: string | null;
      printed: string | null;
      /** True for formats without a checksum. */
      unchecked?: boolean;
      /** What else the frame says of the card: facility, kind of card, ... */
      also?: Says;
    }
  /**
   * What is no value: `ack` a command was taken, `inputs` contacts or coils read back, `keypad` keys, `setting` a property of
   * the device. `says` names its fields as `decode` prints them.
   */
  | { kind: 'ack' | 'inputs' | 'keypad' | 'setting'; says: Says }
  /** Bytes that were thrown away, with the reason ('checksum', 'length', 'noise', 'out-of-range', 'error-word', 'overflow', ...). */
  | {
      kind: 'rejected';
      reason: string;
      /** True for a frame that is sound but says 'no value' (out of range): the instrument lives, nothing was read. */
      alive?: boolean;
      /** What a sound frame says of its refusal: the code of a NAK, ... */
      says?: Says;
    };

/** Holds at most a bounded number of bytes; lives for one connection. */
export type Decoder = {
  /** Any split of the bytes gives the same events. */
  push(bytes: Uint8Array): DeviceEvent[];
  /** Silence: whatever is half read is dropped (and, for unterminated formats such as EM-18, judged). */
  idle(): DeviceEvent[];
  /** Bytes held at this moment: what the bound is checked against. */
  held(): number;
  /**
   * Query-mode devices whose answers do not tell what they answer: this command is being sent now. From then on only
   * an answer to it is a value.
   */
  asked?(command: string): void;
};

export type ProfileOptions = Readonly<Record<string, string>>;

export type Profile = {
  name: string;
  role: 'thermometer' | 'reader' | 'barrier';
  baudRate: number;
  /** Thermometers: the modes it can be in; 'object' values need a configured body offset. */
  modes: readonly Mode[];
  sites: readonly Site[];
  /** Query-mode devices: the command to send, how often, how long to wait for the answer. Null = it streams by itself. */
  poll: { command: string; everyMs: number; timeoutMs: number } | null;
  /** Commands written in this order on every connect, before the line is used: 'stream', 'enable', ... */
  startCommands?: readonly string[];
  /** Silence after which a half frame is dropped. */
  idleMs: number;
  /** Asked for its inputs as a feedback: they are its values, without which the line is silent. */
  watchesInputs?: boolean;
  /** Readers: frames of one presentation repeat within this. */
  repeatMs: number;
  /**
   * Barriers whose board ends a pulse by itself (command `pulse`): lengths it can time are multiples of `stepMs` up to
   * `maxMs`. Its option `pulseMs`, where there is one, says how long.
   */
  boardPulse?: { stepMs: number; maxMs: number };
  commands: Readonly<Record<string, (options: ProfileOptions) => Uint8Array>>;
  /** Option names with a sentence each; an unknown option is refused. */
  options: Readonly<Record<string, string>>;
  /** Throws a RangeError with one clear sentence for a wrong option. */
  decoder(options: ProfileOptions): Decoder;
};
