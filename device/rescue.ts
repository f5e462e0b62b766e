// `npm run bridge -- --config FILE --rescue FILE`: everything of the journal that the hub has not receipted, into one file that can
// be carried to the hub. Called by main; no bridge may run on the same state folder.
import { createHash } from 'node:crypto';
import { access, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { signatureHeader } from '../src/contracts/evidence.ts';
import { contractVersion } from '../src/contracts/kit.ts';
import { type RescueLine, limits as rescueLimits } from '../src/contracts/rescue.ts';
import { type BatchSigner, createBatchSigner } from './batch-signer.ts';
import type { BridgeConfig } from './config.ts';
import { systemDisk } from './disk.ts';
import { type Holdings, readHoldings, receiptsOf } from './holdings.ts';
import { type Journal, openJournal } from './journal.ts';
import { LockedError, lockFolder } from './journal-lock.ts';
import { stationKey } from './station-key.ts';
import type { Sentence } from './texts.ts';
import { rescueTexts } from './texts-rescue.ts';

export type RescueOutcome = { ok: boolean; sentences: Sentence[] };

/** Writes FILE (0600) whole or not at all. `whole`: also what has its receipt, for a hub that lost it. */
export async function rescue(
  config: Pick<BridgeConfig, 'stateDir' | 'stationId' | 'station'>,
  path: string,
  options: { whole: boolean; wallMs: () => number },
): Promise<RescueOutcome> {
  const { stateDir } = config;
  const journalDir = join(stateDir, 'journal');
  if (!(await isThere(journalDir))) return { ok: false, sentences: [rescueTexts.noJournal(journalDir)] };
  let release: () => Promise<void>;
  try {
    release = await lockFolder(stateDir);
  } catch (error) {
    if (!(error instanceof LockedError)) throw error;
    return { ok: false, sentences: [rescueTexts.bridgeRuns(error.pid)] };
  }
  const sentences: Sentence[] = [];
  try {
    const journal = await openJournal({ dir: journalDir, wallMs: options.wallMs, report: () => {} });
    try {
      const signer = await signerOf(config, journal);
      if (signer === null) sentences.push(rescueTexts.unsigned());
      const holdings = options.whole ? null : await readHoldings(stateDir);
      const receipts = options.whole ? null : await receiptsOf(stateDir, holdings);
      const done = await writeFileWhole(config, path, { journal, signer, holdings, receipts, wallMs: options.wallMs });
      if (done.damaged > 0) sentences.push(rescueTexts.damaged(done.damaged));
      sentences.push(rescueTexts.done(path, done.entries, done.writers));
      return { ok: true, sentences };
    } finally {
      await journal.close();
    }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return { ok: false, sentences: [rescueTexts.notWritten(path, String(error.code))] };
  } finally {
    await release();
  }
}

type Parts = {
  journal: Journal;
  signer: BatchSigner | null;
  holdings: Holdings | null;
  /** Highest receipted seq by writer; null: everything is wanted. */
  receipts: ReadonlyMap<string, number> | null;
  wallMs: () => number;
};

async function writeFileWhole(
  config: Pick<BridgeConfig, 'stationId' | 'station'>,
  path: string,
  parts: Parts,
): Promise<{ entries: number; writers: number; damaged: number }> {
  const { journal } = parts;
  const epoch = parts.holdings?.epoch ?? null;
  const draft = `${path}.unfinished`;
  const file = await open(draft, 'w', 0o600);
  const hash = createHash('sha256');
  const write = async (line: RescueLine): Promise<void> => {
    const text = `${JSON.stringify(line)}\n`;
    if (line.kind !== 'end') hash.update(text);
    await file.writeFile(text);
  };
  let entries = 0;
  let writers = 0;
  let damaged = 0;
  try {
    const { stationId: station, station: place } = config;
    await write({
      kind: 'rescue',
      format: 'mengang/rescue/v1',
      ...{ station, name: place.name, campus: place.campus, madeMs: parts.wallMs(), epoch },
    });
    for (const { writerId, seq: end } of [...journal.heads('page'), ...journal.heads('process')]) {
      let from = Math.max(parts.receipts?.get(writerId) ?? 0, journal.floor(writerId)?.seq ?? 0) + 1;
      if (from <= end) writers += 1;
      while (from <= end) {
        const batch = await journal.read(writerId, from, rescueLimits.batchEntries);
        const first = batch[0];
        const last = batch.at(-1);
        // Nothing readable follows: the rest of this writer is damaged.
        damaged += (first?.seq ?? end + 1) - from;
        if (first === undefined || last === undefined) break;
        const request = { contract: contractVersion, writerId, receiptedSeq: 0, epoch, entries: batch };
        const signature = await signatureOf(parts.signer, Buffer.from(JSON.stringify(request)));
        await write({ kind: 'batch', writer: writerId, entries: batch.length, epoch, signature });
        for (const envelope of batch) await write({ kind: 'entry', envelope });
        entries += batch.length;
        from = last.seq + 1;
      }
    }
    await write({ kind: 'end', entries, damaged, sha256: hash.digest('hex') });
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(draft, { force: true });
    throw error;
  }
  await file.close();
  await rename(draft, path);
  await systemDisk.syncFolder(dirname(path));
  return { entries, writers, damaged };
}

async function signatureOf(signer: BatchSigner | null, body: Buffer): Promise<string | null> {
  const signing = await signer?.sign(body);
  return signing?.kind === 'signed' ? (signing.headers[signatureHeader] ?? null) : null;
}

/** null when this folder has no key: a new one would be that of another station. */
async function signerOf(
  { stateDir, stationId }: Pick<BridgeConfig, 'stateDir' | 'stationId'>,
  journal: Journal,
): Promise<BatchSigner | null> {
  if (!(await isThere(join(stateDir, 'station-key.json')))) return null;
  return createBatchSigner({ key: await stationKey(stateDir), stationId, journal });
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
