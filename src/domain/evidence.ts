// What is signed, as exact text: a batch by its station, a redeemed pairing code, and the leaves of the hub's log. Pure;
// called by the bridge, the hub and the auditor.

/** `held`: the entry lies in the station's own journal. `passed-on`: it came through the station, which does not hold it. */
export type Holding = 'held' | 'passed-on';

/** The end of a batch: its highest entry. `seq` 0 stands for a batch without a readable one. */
export type BatchEnd = { seq: number; hash: string };

const zeros = '0'.repeat(64);

/** The highest entry that names this writer, a place and a hash; at equal places the first. */
export function batchEnd(writerId: string, entries: readonly unknown[]): BatchEnd {
  let end: BatchEnd = { seq: 0, hash: zeros };
  for (const entry of entries) {
    if (typeof entry !== 'object' || entry === null) continue;
    if (!('writerId' in entry && 'seq' in entry && 'hash' in entry) || entry.writerId !== writerId) continue;
    const { seq, hash } = entry;
    if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq <= end.seq) continue;
    if (typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash)) end = { seq, hash };
  }
  return end;
}

export type BatchStatement = {
  station: string;
  /** The hub's epoch as the batch names it; null before the first answer. */
  epoch: string | null;
  writer: string;
  end: BatchEnd;
  holding: Holding;
};

/** Seven lines, each ended by a line feed; UTF-8 of this is what a station signs. */
export function batchText(batch: BatchStatement): string {
  const { station, epoch, writer, end, holding } = batch;
  return ['mengang/batch/v1', holding, station, epoch ?? '-', writer, String(end.seq), end.hash, ''].join('\n');
}

/** What a bridge signs to show that it holds the key which it enrols or registers; `secret` is the code or the token. */
export function possessionText(purpose: 'enrol' | 'register', secret: string, publicKey: string): string {
  return [`mengang/${purpose}/v1`, secret, publicKey, ''].join('\n');
}

/** One leaf of the hub's log: how far a writer's chain had come, or whose key was good. */
export type Leaf =
  | { kind: 'writer'; writer: string; station: string; seq: number; hash: string }
  | { kind: 'key'; station: string; keyId: string; publicKey: string; state: 'good' | 'ended' };

/** The leaf's bytes, as UTF-8 text. */
export function leafText(leaf: Leaf): string {
  switch (leaf.kind) {
    case 'writer':
      return ['mengang/writer/v1', leaf.station, leaf.writer, String(leaf.seq), leaf.hash, ''].join('\n');
    case 'key':
      return ['mengang/key/v1', leaf.station, leaf.keyId, leaf.publicKey, leaf.state, ''].join('\n');
    default:
      return leaf satisfies never;
  }
}

/** null for text that leafText did not write. */
export function leafOf(text: string): Leaf | null {
  const [kind, station = '', a = '', b = '', c = '', end] = text.split('\n');
  if (end !== '' || station === '') return null;
  if (kind === 'mengang/writer/v1' && /^[1-9]\d{0,14}$/.test(b) && /^[0-9a-f]{64}$/.test(c))
    return { kind: 'writer', station, writer: a, seq: Number(b), hash: c };
  if (kind === 'mengang/key/v1' && (c === 'good' || c === 'ended'))
    return { kind: 'key', station, keyId: a, publicKey: b, state: c };
  return null;
}
