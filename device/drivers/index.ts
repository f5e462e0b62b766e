// Every profile by its name. Called by the bridge's configuration, decode, encode and the doctor.
import type { Profile, ProfileOptions } from './driver.ts';
import { checkedOptions } from './options.ts';
import { osdp } from './osdp/profile.ts';
import { cnMultiReader } from './readers/cn-multi-reader.ts';
import { em18 } from './readers/em-18.ts';
import { emNoChecksum, id12la, parallax28140, rdm6300 } from './readers/em4100.ts';
import { hexLine } from './readers/hex-line.ts';
import { hidEvdev } from './readers/hid-evdev.ts';
import { hidWedge } from './readers/hid-wedge.ts';
import { pn532Hsu } from './readers/pn532-hsu.ts';
import { wiegand26, wiegand34 } from './readers/wiegand.ts';
import { hw667 } from './relays/hw-667.ts';
import { lcus } from './relays/lcus.ts';
import { modbusRelay, modbusRelayLc, modbusRelayR4, modbusRelayWaveshare } from './relays/modbus-relay.ts';
import { texts } from './texts.ts';
import { aaa5Body } from './thermometers/aaa5-body.ts';
import { bleThermometer } from './thermometers/ble-thermometer.ts';
import { cjmcu90614 } from './thermometers/cjmcu-90614.ts';
import { gd60914 } from './thermometers/gd60914.ts';
import { gy614v } from './thermometers/gy-614v.ts';
import { gyMcu90614, gyMcu90615 } from './thermometers/gy-mcu90614.ts';
import { idc50 } from './thermometers/idc-50.ts';
import { line } from './thermometers/line.ts';
import { lu90614 } from './thermometers/lu90614.ts';
import { calexPyrominibus, calexPyrousb, omegaOsMini } from './thermometers/modbus-infrared.ts';
import { optrisCs, optrisCsOld, optrisCt } from './thermometers/optris.ts';
import { raytekAscii } from './thermometers/raytek-ascii.ts';

const all: readonly Profile[] = [
  gyMcu90614,
  gyMcu90615,
  gy614v,
  aaa5Body,
  lu90614,
  cjmcu90614,
  gd60914,
  idc50,
  raytekAscii,
  optrisCs,
  optrisCsOld,
  optrisCt,
  calexPyrominibus,
  calexPyrousb,
  omegaOsMini,
  bleThermometer,
  line,
  rdm6300,
  id12la,
  em18,
  parallax28140,
  emNoChecksum,
  cnMultiReader,
  hexLine,
  pn532Hsu,
  wiegand26,
  wiegand34,
  hidWedge,
  hidEvdev,
  osdp,
  lcus,
  hw667,
  modbusRelay,
  modbusRelayR4,
  modbusRelayLc,
  modbusRelayWaveshare,
];

export const profiles: ReadonlyMap<string, Profile> = new Map(all.map((profile) => [profile.name, profile]));

/** Other names under which public test rows and sellers know the same bytes. */
export const aliases: ReadonlyMap<string, string> = new Map([
  ['gy-mcu90614-tw', 'gy-mcu90614'],
  ['modbus-ir-calex', 'calex-pyrominibus'],
  ['ble-2a1c', 'ble-thermometer'],
  ['osdp-sc', 'osdp'],
]);

/** Throws a RangeError whose sentence lists the known names. */
export function profileOf(name: string): Profile {
  const profile = profiles.get(aliases.get(name) ?? name);
  if (!profile) throw new RangeError(texts.unknownProfile(name, [...profiles.keys()]));
  return profile;
}

/** Bytes of one command; throws a RangeError with a sentence for an unknown command or a wrong option. */
export function commandBytes(profile: Profile, command: string, options: ProfileOptions): Uint8Array {
  const build = Object.hasOwn(profile.commands, command) ? profile.commands[command] : undefined;
  if (!build) throw new RangeError(texts.unknownCommand(profile.name, command, Object.keys(profile.commands)));
  return build(checkedOptions(profile, options));
}
