// Which profiles may sit behind a port that nobody knows, at which baud rates, and which of them may be asked. A table of facts from
// the data sheets (docs/devices.md), called by propose, listen and examine.
import type { Profile } from '../drivers/driver.ts';
import { commandBytes, profileOf, profiles } from '../drivers/index.ts';

/** Rates that a device can be set to beside the one it is sold with. */
const otherBauds: Readonly<Record<string, readonly number[]>> = {
  'gy-mcu90614': [115_200],
  'gy-614v': [115_200, 2_400, 4_800, 19_200, 38_400, 57_600],
  'cjmcu-90614': [9_600, 57_600],
  line: [115_200, 19_200, 57_600, 38_400, 2_400, 4_800],
  'hex-line': [19_200],
  optris: [],
};

/** Never behind a serial port of this machine (a radio, a keyboard), or on a bus that only answers its own controller. */
const elsewhere: ReadonlySet<string> = new Set(['ble-thermometer', 'hid-wedge', 'hid-evdev', 'osdp']);

/** Checks so weak that noise passes them now and then: parity bits, or none at all. */
const weaklyChecked: ReadonlySet<string> = new Set(['wiegand26', 'wiegand34']);

/** Profiles whose questions and answers are the same bytes: only the label tells them apart. */
const twins: readonly (readonly string[])[] = [
  ['calex-pyrominibus', 'calex-pyrousb', 'omega-os-mini'],
  ['optris-cs', 'optris-cs-old', 'optris-ct'],
];

/** A HW-667 relay switches on any of these single bytes, wherever they stand. */
const clicks: ReadonlySet<number> = new Set([0xaa, 0xbb, 0xcc]);

export function baudsOf(profile: Profile): readonly number[] {
  return [profile.baudRate, ...(otherBauds[profile.name] ?? [])];
}

/** Profiles that talk by themselves: heard without a single byte written. */
export function speakers(): readonly Profile[] {
  return [...profiles.values()].filter(
    ({ name, role, poll }) => role !== 'barrier' && poll === null && !elsewhere.has(name),
  );
}

/** Profiles that must be asked, in the order of asking: the best checked first, the weakest answers last. */
export function answerers(): readonly Profile[] {
  const first = ['calex-pyrominibus', 'calex-pyrousb', 'pn532-hsu', 'lu90614', 'gy-mcu90615', 'raytek-ascii'];
  const known = [...profiles.values()].filter(
    ({ name, role, poll }) => role !== 'barrier' && poll && !elsewhere.has(name),
  );
  const place = ({ name }: Profile) => (first.includes(name) ? first.indexOf(name) : first.length);
  // A twin that asks the very same bytes at the same rate needs no second question.
  return known
    .filter((profile) => !known.some((other) => place(other) < place(profile) && asksTheSame(other, profile)))
    .sort((a, b) => place(a) - place(b));
}

function asksTheSame(a: Profile, b: Profile): boolean {
  return a.baudRate === b.baudRate && questionHex(a) === questionHex(b);
}

function questionHex(profile: Profile): string {
  return questionsOf(profile)
    .map((bytes) => Buffer.from(bytes).toString('hex'))
    .join('-');
}

/** All bytes that asking this profile writes: what it must be told first, then its question. */
export function questionsOf(profile: Profile): readonly Uint8Array[] {
  const commands = [...(profile.startCommands ?? []), ...(profile.poll ? [profile.poll.command] : [])];
  return commands.map((command) => commandBytes(profile, command, {}));
}

/** True when a relay board that switches on single bytes would move. Such a question is asked only when it is named. */
export function mayClick(profile: Profile): boolean {
  return questionsOf(profile).some((bytes) => bytes.some((byte) => clicks.has(byte)));
}

export function isWeak(name: string): boolean {
  return weaklyChecked.has(name);
}

/** The profile and its twins; itself alone when it has none. */
export function twinsOf(name: string): readonly string[] {
  return twins.find((group) => group.includes(name)) ?? [name];
}

/** Rates in the order of listening: the usual one again and again, since a card is tapped when it is tapped. */
export const listeningBauds: readonly number[] = [
  9_600, 115_200, 9_600, 2_400, 9_600, 57_600, 9_600, 19_200, 9_600, 38_400, 4_800,
];

/** The profile by a name from outside; null for an unknown one. */
export function knownProfile(name: string): Profile | null {
  return profiles.has(name) ? profileOf(name) : null;
}
