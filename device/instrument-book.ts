// What is kept of each thermometer across restarts: its power-on and its checks, in the state folder. Called by instruments.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { ms, name } from '../src/contracts/kit.ts';
import { type InstrumentRecord, newRecord } from '../src/domain/instrument.ts';
import { readState, writeState } from './state-file.ts';

const check = z.nullable(z.object({ atWallMs: ms, outcome: z.enum(['passed', 'barred']) }));
const kept = z.record(
  name,
  z.object({
    profile: name,
    powerOnWallMs: z.nullable(ms),
    /** Boot of this machine in which the power-on was told; null where the system names none. */
    powerOnBootId: z.nullable(name),
    shift: check,
    slope: check,
  }),
);
type Kept = z.infer<typeof kept>;

export type InstrumentBook = {
  recordOf(deviceId: string): InstrumentRecord;
  /** Resolves when the disk has it; a failure leaves the record in force in memory and rejects. */
  put(deviceId: string, record: InstrumentRecord): Promise<void>;
};

/**
 * `instruments` are this station's thermometers by id with their profile: another profile is another instrument, which nobody
 * has checked. `forgetsPowerOn` names those whose power-on must be told anew after the machine itself was started.
 */
export async function openInstrumentBook(
  stateDir: string,
  instruments: ReadonlyMap<string, { profile: string; forgetsPowerOn: boolean }>,
  bootId: string | null,
): Promise<InstrumentBook> {
  const path = join(stateDir, 'instruments.json');
  const read = kept.safeParse(await readState(path));
  const all: Kept = read.success ? read.data : {};
  for (const [deviceId, { profile, forgetsPowerOn }] of instruments) {
    const known = all[deviceId];
    if (known === undefined) continue;
    if (known.profile !== profile) delete all[deviceId];
    else if (forgetsPowerOn && known.powerOnBootId !== bootId) known.powerOnWallMs = null;
  }
  let writing: Promise<unknown> = Promise.resolve();
  return {
    recordOf: (deviceId) => {
      const known = all[deviceId];
      if (known === undefined) return newRecord;
      const { powerOnWallMs, shift, slope } = known;
      return { powerOnWallMs, shift, slope };
    },
    put: (deviceId, record) => {
      const before = all[deviceId];
      const isTold = record.powerOnWallMs !== (before?.powerOnWallMs ?? null);
      const powerOnBootId = isTold ? bootId : (before?.powerOnBootId ?? bootId);
      all[deviceId] = { profile: instruments.get(deviceId)?.profile ?? 'unknown', powerOnBootId, ...record };
      const written = writing.then(() => writeState(path, all));
      writing = written.catch(() => undefined);
      return written;
    },
  };
}

/** The kernel's name for this boot of the machine; null where it has none. */
export async function bootIdOf(path = '/proc/sys/kernel/random/boot_id'): Promise<string | null> {
  try {
    const text = (await readFile(path, 'utf8')).trim();
    return text === '' ? null : text.slice(0, 64);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
