// Signs batches on their way to the hub: only for a highest entry that lies in this bridge's own journal; what the journal
// lacks is written there first, and what contradicts it is refused. Called by the forwarder and the bridge's own uploader.
import { envelope as envelopeSchema } from '../src/contracts/entry.ts';
import { signatureHeader } from '../src/contracts/evidence.ts';
import { uploadRequest } from '../src/contracts/upload.ts';
import type { Envelope } from '../src/domain/entry.ts';
import { batchEnd, batchText, type Holding } from '../src/domain/evidence.ts';
import type { AppendAnswer, Journal } from './journal.ts';
import type { StationKey } from './station-key.ts';

export type Signing =
  | { kind: 'signed'; headers: Record<string, string> }
  /** No batch of this protocol: the hub says what is wrong with it. */
  | { kind: 'unreadable' }
  /** Nothing is sent: the journal holds other bytes in that place, or cannot be written now. */
  | { kind: 'contradicts'; seq: number }
  | { kind: 'journal-away'; full: boolean };

export type BatchSigner = {
  /** `body`: of POST /hub/entries, already bounded by the caller. */
  sign(body: Buffer): Promise<Signing>;
};

type Batch = { writerId: string; epoch: string | null; entries: readonly unknown[] };

export function createBatchSigner(parts: {
  key: StationKey;
  stationId: string;
  journal: Pick<Journal, 'append' | 'read' | 'head' | 'floor'>;
}): BatchSigner {
  const { key, stationId, journal } = parts;

  const sign = (batch: Batch, holding: Holding): Signing => {
    const { writerId: writer, epoch, entries } = batch;
    const text = batchText({ station: stationId, epoch, writer, end: batchEnd(writer, entries), holding });
    return { kind: 'signed', headers: { [signatureHeader]: `v1 ${key.publicKey} ${holding} ${key.sign(text)}` } };
  };

  /** Whether the journal holds the batch's end; what it lacks of the batch is offered to it first, in order. */
  const hold = async (batch: Batch): Promise<Holding | Exclude<Signing, { kind: 'signed' }>> => {
    const end = batchEnd(batch.writerId, batch.entries);
    if (end.seq === 0) return 'held';
    // Pruned after the hub had sealed it; sent again after a restore, its bytes are the page's word alone.
    const floor = journal.floor(batch.writerId);
    if (floor !== null && end.seq <= floor.seq) {
      return end.seq === floor.seq && end.hash !== floor.hash ? { kind: 'contradicts', seq: end.seq } : 'passed-on';
    }
    const stored = async () => (await journal.read(batch.writerId, end.seq, 1)).find(({ seq }) => seq === end.seq);
    let there = await stored();
    if (there === undefined) {
      const answers = await Promise.all(lacking(batch, end.seq).map((entry) => journal.append(entry)));
      const trouble = answers.map(troubleOf).find((one) => one !== null);
      if (trouble !== undefined) return trouble;
      there = await stored();
    }
    if (there !== undefined) return there.hash === end.hash ? 'held' : { kind: 'contradicts', seq: end.seq };
    // It cannot follow on what the journal has: another chain in the same place, or a journal that lost what came before.
    const head = journal.head(batch.writerId)?.seq ?? 0;
    return head + 1 >= end.seq ? { kind: 'contradicts', seq: end.seq } : 'passed-on';
  };

  /** Entries of the batch behind the journal's end, and its own end, which may fill a damaged place. */
  const lacking = (batch: Batch, endSeq: number): Envelope[] => {
    const head = journal.head(batch.writerId)?.seq ?? 0;
    return batch.entries
      .flatMap((raw) => {
        const read = envelopeSchema.safeParse(raw);
        return read.success && read.data.writerId === batch.writerId ? [read.data] : [];
      })
      .filter(({ seq }) => seq > head || seq === endSeq)
      .sort((a, b) => a.seq - b.seq);
  };

  return {
    sign: async (body) => {
      const batch = batchOf(body);
      if (batch === null) return { kind: 'unreadable' };
      const held = await hold(batch);
      return typeof held === 'string' ? sign(batch, held) : held;
    },
  };
}

/** What keeps the batch from being sent; a gap, a wrong chain or a conflict is seen when the end is looked for. */
function troubleOf(answer: AppendAnswer): Extract<Signing, { kind: 'journal-away' }> | null {
  if (answer === 'disk-full') return { kind: 'journal-away', full: true };
  return answer === 'failed' ? { kind: 'journal-away', full: false } : null;
}

function batchOf(body: Buffer): Batch | null {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return null; // no JSON: the hub answers 400
  }
  const read = uploadRequest.safeParse(value);
  return read.success ? read.data : null;
}
