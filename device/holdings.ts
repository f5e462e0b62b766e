// What the hub last said it holds of this station (GET /hub/station/holdings): watermarks, and how far each writer is sealed. Kept
// in the state folder; read by the pruner and by `--rescue`.
import { join } from 'node:path';
import * as z from 'zod/mini';
import { holdingsAnswer } from '../src/contracts/holdings.ts';
import { count, name, uuid } from '../src/contracts/kit.ts';
import { type Disk, systemDisk } from './disk.ts';
import { readState, writeState } from './state-file.ts';

export type Holdings = Pick<z.infer<typeof holdingsAnswer>, 'epoch' | 'writers'>;

const stored = z.object({ epoch: holdingsAnswer.shape.epoch, writers: holdingsAnswer.shape.writers });
const ownReceipts = z.object({ epoch: z.nullable(name), receipted: z.record(uuid, count) });

const fileOf = (stateDir: string): string => join(stateDir, 'holdings.json');

export async function readHoldings(stateDir: string, disk: Disk = systemDisk): Promise<Holdings | null> {
  const read = stored.safeParse(await readState(fileOf(stateDir), disk));
  return read.success ? read.data : null;
}

export async function keepHoldings(stateDir: string, holdings: Holdings, disk: Disk = systemDisk): Promise<void> {
  await writeState(fileOf(stateDir), { epoch: holdings.epoch, writers: holdings.writers }, disk);
}

/** Highest receipted seq by writer: the hub's word, and the bridge's own receipts where they are of the same epoch. */
export async function receiptsOf(stateDir: string, holdings: Holdings | null): Promise<Map<string, number>> {
  const known = new Map((holdings?.writers ?? []).map((writer) => [writer.writerId, writer.watermark]));
  const own = ownReceipts.safeParse(await readState(join(stateDir, 'receipts.json')));
  if (!own.success || (holdings !== null && own.data.epoch !== holdings.epoch)) return known;
  for (const [writerId, seq] of Object.entries(own.data.receipted)) {
    known.set(writerId, Math.max(seq, known.get(writerId) ?? 0));
  }
  return known;
}
