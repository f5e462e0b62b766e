// Devices on an OSDP line as gate.config.json tells them: where each is, with which key, and what may share a line. Called by config.
import { osdp } from './drivers/osdp/profile.ts';
import { defaultKey } from './drivers/osdp/secure-channel.ts';
import type { Sentence } from './texts.ts';
import { lineTexts } from './texts-line.ts';

/** Where a device is on its line. The key is never written anywhere: no log, no metric, no message. */
export type OsdpPlace = { address: number; key: Uint8Array | null; hasCrc: boolean };

export type OsdpKeys = {
  role: string;
  profile: string;
  path: string;
  address?: number | undefined;
  scbk?: string | undefined;
  check?: 'crc' | 'checksum' | undefined;
  installMode?: boolean | undefined;
  output?: number | undefined;
  channel?: number | undefined;
  pulseMs?: number | undefined;
};

const osdpNames: readonly string[] = ['osdp', 'osdp-sc'];
export const isOsdp = (profile: string): boolean => osdpNames.includes(profile);
const osdpKeys = ['address', 'scbk', 'check', 'installMode', 'output'] as const;
const stepMs = 100;

/** The place of an OSDP device, null for a device of another kind, or one sentence about what is wrong. */
export function placeOf(device: OsdpKeys, key: string): { place: OsdpPlace | null } | { problem: Sentence } {
  if (!isOsdp(device.profile)) {
    const extra = osdpKeys.find((name) => device[name] !== undefined);
    return extra === undefined
      ? { place: null }
      : { problem: lineTexts.onlyOsdp(`${key}.${extra}`, device.profile.slice(0, 40)) };
  }
  if (device.address === undefined) return { problem: lineTexts.noAddress(`${key}.address`) };
  if (device.channel !== undefined) return { problem: lineTexts.channelOfOsdp(`${key}.channel`) };
  if (device.pulseMs !== undefined && device.pulseMs % stepMs !== 0) {
    return { problem: lineTexts.pulseSteps(`${key}.pulseMs`) };
  }
  const scbk = device.scbk === undefined ? null : Uint8Array.from(Buffer.from(device.scbk, 'hex'));
  const isDefault = scbk !== null && Buffer.from(scbk).equals(defaultKey);
  const installs = device.installMode === true;
  if (isDefault && !installs) return { problem: lineTexts.defaultKey(`${key}.scbk`) };
  if (installs && !isDefault) return { problem: lineTexts.installWithoutKey(`${key}.installMode`) };
  return { place: { address: device.address, key: scbk, hasCrc: device.check !== 'checksum' } };
}

/** Whether `later` may stand beside `earlier` on the same path: null, or one sentence. */
export function sharing(
  earlier: OsdpKeys & { baudRate?: number | undefined },
  later: OsdpKeys & { baudRate?: number | undefined },
  key: string,
): Sentence | null {
  const { path, address = 0 } = later;
  if ((earlier.baudRate ?? osdp.baudRate) !== (later.baudRate ?? osdp.baudRate))
    return lineTexts.differs(`${key}.baudRate`, path, 'baudRate');
  if (earlier.address !== later.address) return null;
  for (const name of ['scbk', 'check'] as const) {
    if (earlier[name]?.toLowerCase() !== later[name]?.toLowerCase()) {
      return lineTexts.differs(`${key}.${name}`, path, `${name}, address ${address}`);
    }
  }
  return earlier.role === later.role ? lineTexts.twice(key, path, address) : null;
}
