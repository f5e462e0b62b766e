// The invariants of reliability.md as a table: what is looked at after every run (and, where it says so, at every commit or
// power cut), and a sentence for each that does not hold. Called by the campus.
import { verifyChain } from '../../src/domain/chain.ts';
import type { Envelope } from '../../src/domain/entry.ts';
import type { HubRow, Tables } from './hub-store.ts';

/** Everything that is known of one run when it is judged. */
export type Evidence = {
  hub: Tables;
  /** Every readable line of every journal, in the order of its files; a station's by its id. */
  journals: ReadonlyMap<string, readonly Envelope[]>;
  /** entryId of what a screen has called saved, with its station. */
  saved: ReadonlyMap<string, string>;
  /** entryIds that had a pulse. */
  pulsed: ReadonlySet<string>;
  /** entryIds that the hub answered `conflict` or `set-aside`. */
  refused: ReadonlySet<string>;
  /** What still waits in each page, by station. */
  waiting: ReadonlyMap<string, number>;
  /** Lines of the journals that hold no entry. */
  unreadable: number;
};

export type Violation = { invariant: number; says: string };
export type Invariant = { number: number; promise: string; check(evidence: Evidence): string[] };

/** Numbers 1 to 8 are those of reliability.md; 9 is the first of the list *Never* in design.md. */
export const invariants: readonly Invariant[] = [
  {
    number: 1,
    promise: 'what was shown as saved is in the journal, once, byte for byte',
    check: ({ saved, journals, hub }) => {
      const rows = new Map(hub.rows.map((row) => [row.entryId, row]));
      return [...saved].flatMap(([entryId, station]) => {
        const found = (journals.get(station) ?? []).filter((one) => one.entryId === entryId);
        const row = rows.get(entryId);
        if (found.length !== 1)
          return [`${entryId} of ${station} was shown as saved and is ${found.length} times in its journal`];
        return row !== undefined && row.bytes !== found[0]?.bytes
          ? [`${entryId}: the journal and the hub hold other bytes`]
          : [];
      });
    },
  },
  {
    number: 2,
    promise: 'one row per (writer, seq), and its hash equals the journal’s',
    check: ({ hub, journals, saved }) => {
      const hashes = new Map([...journals.values()].flat().map((one) => [place(one), one.hash]));
      const conflicts = new Set([...hub.conflicts, ...hub.aside].map((one) => `${place(one)} ${one.hash}`));
      const seen = new Set<string>();
      return hub.rows.flatMap((row) => {
        const at = place(row);
        const twice = seen.has(at) ? [`two rows at ${at}`] : [];
        seen.add(at);
        const hash = hashes.get(at);
        if (hash === undefined || hash === row.hash) return twice;
        // Sent from memory while both stores failed ("NOT saved" on the screen), then the page died: the seq is given again,
        // and the journal's entry stands before the auditor as a conflict, or before the office. Nothing that was called saved
        // may come to that.
        if (!saved.has(row.entryId) && conflicts.has(`${at} ${hash}`)) return twice;
        return [...twice, `${at}: the hub's hash is not the journal's`];
      });
    },
  },
  {
    number: 3,
    promise: 'a watermark never passes a gap',
    check: ({ hub }) => [...hub.writers].flatMap(([writerId, { watermark }]) => gapBelow(hub, writerId, watermark)),
  },
  {
    number: 4,
    promise: 'nothing has gone that the hub has not sealed in the present epoch',
    check: ({ saved, journals, hub }) => {
      const held = new Set([...[...journals.values()].flat(), ...hub.rows, ...hub.aside].map(({ entryId }) => entryId));
      return [...saved.keys()].filter((id) => !held.has(id)).map((id) => `${id} lies nowhere any more`);
    },
  },
  {
    number: 5,
    promise: 'every referral entry has its alert, once',
    check: ({ hub }) =>
      hub.rows
        .filter((row) => row.raisesCase)
        .flatMap((row) => {
          const alerts = hub.cases.filter((id) => id === row.entryId).length;
          return alerts === 1 ? [] : [`the referral ${row.entryId} has ${alerts} alerts`];
        }),
  },
  {
    number: 6,
    promise: 'whatever was refused is visible to somebody',
    check: ({ refused, hub, unreadable }) => {
      const shown = new Set([...hub.aside, ...hub.conflicts].map(({ entryId }) => entryId));
      const hidden = [...refused]
        .filter((id) => !shown.has(id))
        .map((id) => `${id} was refused and nobody is shown it`);
      return unreadable === 0
        ? hidden
        : [...hidden, `${unreadable} lines of the journals hold no entry and were not cut`];
    },
  },
  {
    number: 7,
    promise: 'the chain verifies',
    check: ({ journals, hub }) => [
      ...[...journals].flatMap(([station, entries]) => chainFaults(entries, `journal of ${station}`)),
      ...chainFaults(withAside(hub), 'hub', forkedAt(hub)),
      ...[...hub.faults].map((at) => `the hub marks a broken chain at ${at}`),
    ],
  },
  {
    number: 8,
    promise: 'with faults off the outbox empties, and the hub has every entry of every journal',
    check: ({ waiting, journals, hub }) => {
      const at = new Set([...hub.rows, ...hub.aside, ...hub.conflicts].map(place));
      const missing = [...journals.values()].flat().filter((one) => !at.has(place(one)));
      return [
        ...[...waiting]
          .filter(([, count]) => count > 0)
          .map(([station, count]) => `${station} still has ${count} waiting`),
        ...missing.map((one) => `the hub never got ${place(one)} (${one.entryId})`),
      ];
    },
  },
  {
    number: 9,
    promise: 'no pulse without the entry in the journal',
    check: ({ pulsed, journals }) => {
      const held = new Set([...journals.values()].flat().map(({ entryId }) => entryId));
      return [...pulsed]
        .filter((id) => !held.has(id))
        .map((id) => `the barrier opened for ${id}, which is in no journal`);
    },
  },
];

export function judge(
  evidence: Evidence,
  numbers: readonly number[] = invariants.map(({ number }) => number),
): Violation[] {
  return invariants
    .filter(({ number }) => numbers.includes(number))
    .flatMap(({ number, check }) => check(evidence).map((says) => ({ invariant: number, says })));
}

/** Invariant 3 as it is also watched at every commit: within one epoch and one life of the database nothing falls. */
export function watermarkFaults(before: Tables, after: Tables, writerId: string): string[] {
  const now = after.writers.get(writerId)?.watermark ?? 0;
  const was = before.epoch === after.epoch ? (before.writers.get(writerId)?.watermark ?? 0) : 0;
  return [
    ...(now < was ? [`the watermark of ${writerId} fell from ${was} to ${now}`] : []),
    ...gapBelow(after, writerId, now),
  ];
}

function gapBelow(hub: Tables, writerId: string, watermark: number): string[] {
  const held = new Set<number>();
  for (const list of [hub.rows, hub.aside, hub.conflicts]) {
    for (const one of list as readonly { writerId: string; seq: number }[])
      if (one.writerId === writerId) held.add(one.seq);
  }
  for (let seq = 1; seq <= watermark; seq++)
    if (!held.has(seq)) return [`watermark ${watermark} of ${writerId} passes ${seq}`];
  return [];
}

function place({ writerId, seq }: { writerId: string; seq: number }): string {
  return `${writerId}/${seq}`;
}

type Link = { writerId: string; seq: number; entryId: string; hash: string; bytes: string | null };

/** Places with a row and something else: a conflict, or what could not be read (a kind that the hub does not know yet). */
function forkedAt(hub: Tables): Set<string> {
  const rows = new Set(hub.rows.map(place));
  return new Set([...hub.conflicts, ...hub.aside].map(place).filter((at) => rows.has(at)));
}

/** Rows and what was set aside; where a conflict stands, the chain may go on behind either of the two. */
function withAside(hub: Tables): Link[] {
  const aside = hub.aside.flatMap(({ writerId, seq, entryId, hash }): Link[] =>
    hash === null || seq < 1 ? [] : [{ writerId, seq, entryId, hash, bytes: null }],
  );
  return [...hub.rows, ...aside];
}

/** Every writer's run from its first entry; where the text was set aside, the chain goes on behind the hash that it claimed. */
function chainFaults(
  entries: readonly (Link | Envelope | HubRow)[],
  where: string,
  forked: ReadonlySet<string> = new Set(),
): string[] {
  const byWriter = new Map<string, Map<number, Link>>();
  for (const entry of entries) {
    const writer = byWriter.get(entry.writerId) ?? new Map<number, Link>();
    if (!writer.has(entry.seq)) writer.set(entry.seq, entry);
    byWriter.set(entry.writerId, writer);
  }
  return [...byWriter].flatMap(([writerId, places]) => {
    let before: { seq: number; hash: string } | undefined;
    for (const seq of [...places.keys()].sort((a, b) => a - b)) {
      const link = places.get(seq);
      if (link === undefined) continue;
      const { bytes } = link;
      // A gap is invariant 8's affair: the chain is looked at where two neighbours are there.
      const follows = seq === (before?.seq ?? 0) + 1 && !forked.has(`${writerId}/${seq - 1}`);
      if (bytes !== null && follows && verifyChain([{ ...link, bytes }], before) !== null)
        return [`${where}: ${writerId}/${seq} does not follow`];
      before = { seq, hash: link.hash };
    }
    return [];
  });
}
