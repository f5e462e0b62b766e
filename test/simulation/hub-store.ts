// The hub's tables in memory behind the shelf of hub/upload-rules.ts: one transaction at a time, undone by a crash before its
// commit, kept by a backup. Called by the simulated hub.
import { rawText, sha256Of } from '../../hub/upload-check.ts';
import type { AsideItem, Conflict, Good, Shelf, StoredRow } from '../../hub/upload-rules.ts';

export type HubRow = StoredRow & { kind: string; raisesCase: boolean; stationId: string };
export type HubAside = {
  writerId: string;
  seq: number;
  hash: string | null;
  sha: string;
  entryId: string;
  reason: string;
};
export type Writer = { stationId: string; watermark: number; topSeq: number };

export type Tables = {
  epoch: string;
  /** A list, not a map: a second row for one place must be seen. */
  rows: HubRow[];
  aside: HubAside[];
  conflicts: HubAside[];
  writers: Map<string, Writer>;
  faults: Set<string>;
  /** caseId of every alert. */
  cases: string[];
};

export function emptyTables(epoch: string): Tables {
  return { epoch, rows: [], aside: [], conflicts: [], writers: new Map(), faults: new Set(), cases: [] };
}

/** A copy that later changes do not reach; rows themselves never change. */
export function copyOf(tables: Tables): Tables {
  const writers = new Map([...tables.writers].map(([id, writer]) => [id, { ...writer }]));
  return {
    ...tables,
    rows: [...tables.rows],
    aside: [...tables.aside],
    conflicts: [...tables.conflicts],
    writers,
    faults: new Set(tables.faults),
    cases: [...tables.cases],
  };
}

/** One writer's places in `tables`, which are the transaction's own copy. */
export function shelfIn(tables: Tables, stationId: string, writerId: string): Shelf {
  const mine = <T extends { writerId: string; seq: number }>(list: readonly T[], seqs: readonly number[]): T[] => {
    if (seqs.length === 0) return [];
    const wanted = new Set(seqs);
    return list.filter((one) => one.writerId === writerId && wanted.has(one.seq));
  };
  const occupied = (seq: number): boolean =>
    [tables.rows, tables.aside, tables.conflicts].some((list) =>
      (list as { writerId: string; seq: number }[]).some((one) => one.writerId === writerId && one.seq === seq),
    );
  return {
    async lockWriter() {
      const writer = tables.writers.get(writerId) ?? { stationId, watermark: 0, topSeq: 0 };
      tables.writers.set(writerId, writer);
      return { watermark: writer.watermark, topSeq: writer.topSeq };
    },
    hashesAt: async (seqs) =>
      [...mine(tables.rows, seqs), ...mine(tables.aside, seqs), ...mine(tables.conflicts, seqs)].map(
        ({ seq, hash }) => ({ seq, hash }),
      ),
    async heldWithoutEntry(seqs) {
      const rows = new Set(mine(tables.rows, seqs).map(({ seq }) => seq));
      return [
        ...mine(tables.aside, seqs).map(({ seq, sha }) => ({ seq, aside: sha })),
        ...mine(tables.conflicts, seqs).map(({ seq }) => ({ seq, aside: null })),
      ].filter(({ seq }) => !rows.has(seq));
    },
    async insertEntries(items) {
      const places = new Set(tables.rows.map((row) => `${row.writerId}/${row.seq}`));
      const ids = new Set(tables.rows.map((row) => row.entryId));
      const stored = new Set<number>();
      for (const good of items) {
        const { envelope } = good;
        if (places.has(`${writerId}/${envelope.seq}`) || ids.has(envelope.entryId)) continue;
        tables.rows.push(rowOf(good, stationId));
        stored.add(envelope.seq);
      }
      return stored;
    },
    async storedLike(seqs, entryIds) {
      const ids = new Set(entryIds);
      return tables.rows.filter((row) => (row.writerId === writerId && seqs.includes(row.seq)) || ids.has(row.entryId));
    },
    keepAside: async (items) =>
      keep(
        tables.aside,
        items.map((item) => asideOf(item, writerId)),
      ),
    keepConflicts: async (items) =>
      keep(
        tables.conflicts,
        items.map((item) => conflictOf(item, writerId)),
      ),
    flagChainFault: async (seq) => void tables.faults.add(`${writerId}/${seq}`),
    async endOfRun(seq) {
      let end = seq;
      while (occupied(end + 1)) end++;
      return end;
    },
    async saveWriter(watermark, topSeq) {
      tables.writers.set(writerId, { stationId, watermark, topSeq });
    },
    standing: async (seq) => ({ epoch: tables.epoch, occupied: occupied(seq) }),
    async changeEpoch(from, to) {
      if (tables.epoch === from) tables.epoch = to;
      return tables.epoch;
    },
  };
}

export function rowOf({ envelope, entry }: Good, stationId: string): HubRow {
  const raisesCase = entry.kind === 'check' && entry.raisesCase;
  return { ...envelope, kind: entry.kind, raisesCase, stationId };
}

function asideOf(item: AsideItem, writerId: string): HubAside {
  const { seq, hash, entryId, reason, raw } = item;
  return { writerId, seq, hash, entryId, reason, sha: sha256Of(raw) };
}

function conflictOf({ envelope, against }: Conflict, writerId: string): HubAside {
  const { seq, hash, entryId } = envelope;
  return { writerId, seq, hash, entryId, reason: against, sha: sha256Of(rawText(envelope)) };
}

function keep(list: HubAside[], items: readonly HubAside[]): void {
  for (const item of items) {
    const isThere = list.some((one) => one.writerId === item.writerId && one.seq === item.seq && one.sha === item.sha);
    if (!isThere) list.push(item);
  }
}
