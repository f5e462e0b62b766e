// The post's self-test: devices, journal, disk, hub, clock, guards and policy, each passed or failed with what was found. Called by the
// settings' tab "This post" and by the exported log.
import type { DeviceStatus } from '../src/contracts/device-stream.ts';
import type { SelfTestAnswer, TestLine } from '../src/contracts/post.ts';
import { limits as clockLimits } from '../src/domain/order-day.ts';
import type { DiskProbe } from './disk-probe.ts';
import type { HubContact } from './hub-contact.ts';

export const limits = {
  /** Eight segments of the journal (journal.ts), so that somebody can act before the last. */
  freeBytes: 512 * 1_048_576,
  /** The guards' list is asked for every minute: three misses are an absence. */
  hubMs: 180_000,
  /** As E-41 says. */
  hubLongMs: 86_400_000,
  /** List and policy that no hub confirmed for so long are out of date. */
  confirmedMs: 86_400_000,
} as const;

export type SelfTestParts = {
  devices: () => readonly Pick<DeviceStatus, 'deviceId' | 'code'>[];
  journalDir: string;
  probe: DiskProbe;
  contact: Pick<HubContact, 'agoMs' | 'confirmedAgoMs' | 'isRefused' | 'offsetMs'>;
  /** The uploader's own measure, which knows both ways of an answer; null before its first. */
  uploadOffsetMs: () => number | null;
  guards: () => number;
  policy: () => { version: number; cameWallMs: number | null };
  wallMs: () => number;
};

type Found = Omit<TestLine, 'subject' | 'deviceId'>;
const passed = (finding: TestLine['finding'], more: Partial<Found> = {}): Found => ({
  ...{ ok: true, code: null, finding, ms: null, n: null },
  ...more,
});
const failed = (finding: TestLine['finding'], code: string | null, more: Partial<Found> = {}): Found => ({
  ...{ ok: false, code, finding, ms: null, n: null },
  ...more,
});

/** One run at a time: who asks during one gets its answer. Never throws for anything that it tests. */
export function createSelfTest(parts: SelfTestParts): () => Promise<SelfTestAnswer> {
  let running: Promise<SelfTestAnswer> | null = null;
  const run = async (): Promise<SelfTestAnswer> => {
    const [journal, disk] = await Promise.all([journalOf(parts), diskOf(parts)]);
    const general = {
      journal,
      disk,
      hub: hubOf(parts),
      clock: clockOf(parts),
      guards: guardsOf(parts),
      policy: policyOf(parts),
    };
    const lines: TestLine[] = parts.devices().map(({ deviceId, code }) => ({
      ...{ subject: 'device', deviceId },
      // A status without a code is online and ready: the offset is there, it is warm and not barred (error-codes.ts).
      ...(code === null ? passed('ready') : failed('not-ready', code)),
    }));
    for (const subject of ['journal', 'disk', 'hub', 'clock', 'guards', 'policy'] as const)
      lines.push({ subject, deviceId: null, ...general[subject] });
    return { atWallMs: Math.round(parts.wallMs()), ok: lines.every(({ ok }) => ok), lines };
  };
  return () => {
    running ??= run().finally(() => {
      running = null;
    });
    return running;
  };
}

async function journalOf({ probe, journalDir }: SelfTestParts): Promise<Found> {
  const result = await probe.write(journalDir);
  if (result === 'written') return passed('writable');
  return failed('unwritable', result === 'full' ? 'E-52' : 'E-51');
}

async function diskOf({ probe, journalDir }: SelfTestParts): Promise<Found> {
  const bytes = await probe.freeBytes(journalDir);
  if (bytes === null) return failed('space-unknown', 'E-51');
  const n = Math.floor(bytes / 1_048_576);
  return bytes < limits.freeBytes ? failed('little-space', 'E-52', { n }) : passed('space', { n });
}

function hubOf({ contact }: SelfTestParts): Found {
  const ms = contact.agoMs();
  if (ms === null) return failed('hub-never', null);
  if (contact.isRefused()) return failed('hub-refused', 'E-42', { ms });
  if (ms <= limits.hubMs) return passed('hub-reached', { ms });
  return failed('hub-away', ms > limits.hubLongMs ? 'E-41' : null, { ms });
}

function clockOf({ contact, uploadOffsetMs }: SelfTestParts): Found {
  const ms = uploadOffsetMs() ?? contact.offsetMs();
  if (ms === null) return failed('clock-unknown', null);
  return Math.abs(ms) > clockLimits.unsureMs ? failed('clock-off', 'E-61', { ms }) : passed('clock-good', { ms });
}

function guardsOf({ guards, contact }: SelfTestParts): Found {
  const n = guards();
  if (n === 0) return failed('guards-none', null);
  const ms = contact.confirmedAgoMs();
  if (ms === null) return passed('guards-kept', { n });
  return ms > limits.confirmedMs ? failed('guards-old', null, { n, ms }) : passed('guards-there', { n, ms });
}

function policyOf({ policy, contact, wallMs }: SelfTestParts): Found {
  const { version: n, cameWallMs } = policy();
  if (cameWallMs === null) return failed('policy-default', null);
  const ms = contact.confirmedAgoMs();
  // Of one kept from an earlier run only the day it came is known; a clock set back makes that no negative age.
  if (ms === null) return passed('policy-kept', { n, ms: Math.max(0, Math.round(wallMs() - cameWallMs)) });
  return ms > limits.confirmedMs ? failed('policy-old', null, { n, ms }) : passed('policy-there', { n, ms });
}
