// A whole profile played over a real pty at its real baud rate, frame by frame with a value of its own, some of them damaged: what
// left the device and what the gate's own line made of it, held against each other. Used by the device tests and soak:devices.
import { systemClock } from '../../device/clock.ts';
import type { DeviceEvent, Profile } from '../../device/drivers/driver.ts';
import { profileOf } from '../../device/drivers/index.ts';
import type { LineHealth } from '../../device/line-health.ts';
import { createAnyReader } from '../../device/simulator/players/any-reader.ts';
import { createAnyThermometer } from '../../device/simulator/players/any-thermometer.ts';
import { playedBaud, playedTogether } from '../../device/simulator/players/played-device.ts';
import { readerSpeeches } from '../../device/simulator/players/reader-speech.ts';
import { speeches } from '../../device/simulator/players/thermometer-speech.ts';
import { seededRandom } from '../../device/simulator/seeded-random.ts';
import { createWire, type SentFrame, type WireFaults } from '../../device/simulator/wire.ts';

/** Every thermometer and card reader that stands on a line of its own; OSDP has tests of its own. */
export const linedProfiles: readonly string[] = [...speeches.keys(), ...readerSpeeches.keys()];

/** A sum, an XOR or a CRC over the frame: no reading from a damaged one. */
export const checkedProfiles: readonly string[] = [
  'gy-mcu90614',
  'gy-mcu90615',
  'gy-614v',
  'cjmcu-90614',
  'aaa5-body',
  'lu90614',
  'idc-50',
  'calex-pyrominibus',
  'calex-pyrousb',
  'omega-os-mini',
  'rdm6300',
  'id-12la',
  'em-18',
  'cn-multi-reader',
  'pn532-hsu',
];
/** Nothing but limits, the number of digits or two parity bits: what they give is marked. */
export const uncheckedProfiles: readonly string[] = [
  'gd60914',
  'raytek-ascii',
  'optris-cs',
  'optris-cs-old',
  'optris-ct',
  'ble-thermometer',
  'line',
  'parallax-28140',
  'em-nochecksum',
  'hex-line',
  'wiegand26',
  'wiegand34',
];
// The rest: keyboard readers are checked by USB, not by us.

/** Limits of the profile's options by default, hundredths of a degree. */
export const limitsOf: Readonly<Record<string, readonly [min: number, max: number]>> = {
  gd60914: [0, 6_000],
  'raytek-ascii': [-4_000, 15_000],
  'optris-cs': [0, 10_000],
  'optris-cs-old': [0, 10_000],
  'optris-ct': [0, 10_000],
  'ble-thermometer': [0, 6_000],
  line: [-4_000, 15_000],
};

/** One frame, and what it says: the instrument's own main value in hundredths, or the card. */
export type PlayedFrame = SentFrame & { value: number | string };

/** An acknowledgement of a PN532 with the answer to its wake-up. */
const ackBytes = 15;

export type PlayedLineOptions = {
  profile: string;
  frames: number;
  faults: Partial<WireFaults>;
  seed: number;
  /** Frames a second of one that speaks by itself. */
  rateHz: number;
  write(bytes: Uint8Array): void;
};

export type PlayedLine = {
  /** Begins; resolves when all frames have left. */
  play(): Promise<readonly PlayedFrame[]>;
  receive(bytes: Uint8Array): void;
  /** Frames in which the machine paused of itself: such a pause may end a frame as a silence does. */
  stalled(): number;
  stop(): void;
};

/** How fast the device can speak by itself; null = as often as it is asked. */
export function fastestHz(profile: string): number | null {
  return (speeches.get(profile)?.() ?? readerSpeeches.get(profile))?.fastestHz ?? null;
}

export function createPlayedLine(options: PlayedLineOptions): PlayedLine {
  const { profile, frames, rateHz } = options;
  const random = seededRandom(options.seed);
  const sent: PlayedFrame[] = [];
  let value: number | string = '';
  let count = 0;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const wire = createWire({
    ...{
      baudRate: playedBaud(profile),
      together: playedTogether(profile),
      clock: systemClock,
      random,
      faults: options.faults,
    },
    write: options.write,
    onFrame: (frame) => {
      // An acknowledgement alone is no frame with a value.
      if (profile === 'pn532-hsu' && frame.good.length <= ackBytes) return;
      sent.push({ ...frame, value });
      if (sent.length >= frames) finish();
    },
  });
  const write = (bytes: Uint8Array) => {
    if (sent.length < frames) wire.send(bytes);
  };
  const thermometer = createAnyThermometer(profile, {
    ...{ write, clock: systemClock, random, rateHz, noiseCenti: 0 },
    // Tenths only, and never the same as the frame before: 30.0, 30.1, ... 39.6.
    bend: (shown) => {
      value = 3_000 + 10 * (count % 97);
      count += 1;
      return { ...shown, objectCenti: value, bodyCenti: value };
    },
  });
  let card = '';
  const isAsked = readerSpeeches.get(profile)?.questions !== undefined;
  const reader = createAnyReader(profile, {
    ...{ clock: systemClock, frames: 1, wallMs: Date.now },
    write: (bytes) => {
      value = card;
      write(bytes);
    },
  });
  let timer: NodeJS.Timeout | null = null;
  const present = () => {
    card = cardOf(profile, count);
    count += 1;
    reader?.present(card);
  };
  const stop = () => {
    thermometer?.stop();
    reader?.stop();
    if (timer) clearInterval(timer);
    wire.close();
  };
  return {
    async play() {
      thermometer?.start();
      if (reader && !isAsked) timer = setInterval(present, 1_000 / rateHz);
      await finished;
      await wire.quiet();
      return sent;
    },
    receive: (bytes) => {
      thermometer?.receive(bytes);
      // Another card lies there at each question: one answer a card.
      if (isAsked) present();
      reader?.receive(bytes);
    },
    stalled: () => wire.counts().stalled,
    stop,
  };
}

/** A card of its own for each number, of the length of the profile's sample. */
function cardOf(profile: string, number: number): string {
  const sample = readerSpeeches.get(profile)?.card.sample ?? '';
  const isPrinted = profile.startsWith('hid-');
  const digits = isPrinted ? String(number) : number.toString(16).toUpperCase();
  // Not 08 in front: a made-up number of a phone.
  return `${isPrinted ? '0' : '5'}${digits.padStart(sample.length - 1, '0')}`;
}

/** The profile with its questions so close together, for runs that shall not take as long as life. */
export function askedEvery(name: string, everyMs: number | null): Profile {
  const profile = profileOf(name);
  const { poll } = profile;
  if (poll === null || everyMs === null) return profile;
  return { ...profile, poll: { ...poll, everyMs, timeoutMs: Math.min(poll.timeoutMs, everyMs - 5) } };
}

export type Judged = {
  good: number;
  damaged: number;
  /** Values that are those of their own undamaged frame. */
  right: number;
  /** Undamaged frames without a value. */
  missing: number;
  /** Damaged frames that nevertheless gave their own value: the fault met a byte that says nothing. */
  harmless: PlayedFrame[];
  /** Values that no frame said. */
  wrong: (number | string)[];
};

export const valueIn = (event: DeviceEvent): number | string | null =>
  event.kind === 'reading'
    ? (event.bodyCenti ?? event.objectCenti)
    : event.kind === 'tap'
      ? (event.uid ?? event.printed)
      : null;

/**
 * Frames that a busy machine may cost: it paused inside them as long as a silence is, or their question was over when they came.
 * None of that makes a value up, and a line that is at rest has none of it.
 */
export function lateness(
  profile: string,
  health: Readonly<LineHealth>,
  sent: readonly PlayedFrame[],
  stalled: number,
): number {
  const damaged = sent.filter(({ fault }) => fault !== null).length;
  // Lines stand by themselves; only the one behind a damaged line end cannot be told from it.
  if (profile === 'line' || profile === 'hex-line') return stalled + sent.filter(hasLostItsEnd).length;
  return stalled + health.unsolicited + Math.max(0, health.unanswered - damaged);
}

const hasLostItsEnd = ({ fault, good, bytes }: PlayedFrame) => fault !== null && good.at(-1) !== bytes.at(-1);

/** Holds what came against what was sent, in order. */
export function judge(sent: readonly PlayedFrame[], events: readonly DeviceEvent[]): Judged {
  const came = events.map(valueIn).filter((value) => value !== null);
  const judged: Judged = { good: 0, damaged: 0, right: 0, missing: 0, harmless: [], wrong: [] };
  let at = 0;
  for (const [index, frame] of sent.entries()) {
    const isDamaged = frame.fault !== null;
    if (isDamaged) judged.damaged += 1;
    else judged.good += 1;
    // What stands before the next value that some later frame explains was made up.
    const later = new Set(sent.slice(index, index + 20).map(({ value }) => value));
    while (at < came.length && !later.has(came[at] ?? '')) {
      judged.wrong.push(came[at] ?? '');
      at += 1;
    }
    if (came[at] === frame.value) {
      at += 1;
      if (isDamaged) judged.harmless.push(frame);
      else judged.right += 1;
    } else if (!isDamaged) judged.missing += 1;
  }
  judged.wrong.push(...came.slice(at));
  return judged;
}

/**
 * Whether the one changed byte of this frame stands where the format itself checks nothing: the mode byte of a CJMCU-90614, the
 * acknowledgement in front of a PN532's answer and the zeros around it, the case of a hex digit.
 */
export function isUncovered(profile: string, { good, bytes }: PlayedFrame): boolean {
  const at = good.findIndex((byte, index) => byte !== bytes[index]);
  const [from = 0, to = 0] = [good[at], bytes[at]];
  if (profile === 'cjmcu-90614') return at === 2;
  if (profile === 'pn532-hsu') return at < 6 || at === good.length - 1;
  return (from ^ to) === 0x20 && /[A-F]/i.test(String.fromCharCode(from));
}
