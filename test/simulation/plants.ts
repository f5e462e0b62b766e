// Faults planted on purpose at the simulation's seams, each of which must be found: a simulation that finds nothing must be shown
// to look. Never a switch in the product's code. Called by the test and by `npm run simulate -- --plant NAME`.

import type { Good, Shelf } from '../../hub/upload-rules.ts';
import { uploadRequest } from '../../src/contracts/upload.ts';
import { rowOf, type Tables } from './hub-store.ts';
import { plainSeams, type Seams } from './run-seed.ts';

/** `invariants`: at least one of these must be named by a run that finds the fault. */
export type Plant = { name: string; says: string; invariants: readonly number[]; seams: Seams };

export const plants: readonly Plant[] = [
  {
    name: 'delete-before-receipt',
    says: 'the page forgets what it sends when it sends it',
    invariants: [4, 8],
    seams: withStation({
      onPost(body, profile) {
        const read = uploadRequest.safeParse(JSON.parse(body));
        const table = profile.tables.get('unsent');
        if (!read.success || table === undefined) return;
        for (const { key, value } of [...table.find(null)]) {
          const { entryId } = value as { entryId: string };
          if (body.includes(`"entryId":"${entryId}"`)) table.remove(key);
        }
      },
    }),
  },
  {
    name: 'no-idempotence',
    says: 'the hub stores what comes, as often as it comes',
    invariants: [2],
    seams: withShelf((shelf, tables) => ({
      ...shelf,
      insertEntries: async (items) => {
        const stationId = [...tables.writers.values()][0]?.stationId ?? '';
        for (const item of items) tables.rows.push(rowOf(item, stationId));
        return new Set(items.map(({ envelope }) => envelope.seq));
      },
    })),
  },
  {
    name: 'shown-before-synced',
    says: 'the journal answers before its bytes are on the disk',
    invariants: [1, 9],
    seams: withStation({
      disk: (disk) => ({
        ...disk,
        open: async (path, flags) => ({ ...(await disk.open(path, flags)), datasync: async () => {} }),
      }),
    }),
  },
  {
    name: 'folder-not-synced',
    says: 'a new file of the journal is not made durable by name',
    invariants: [1, 9],
    seams: withStation({ disk: (disk) => ({ ...disk, syncFolder: async () => {} }) }),
  },
  {
    name: 'poison-blocks',
    says: 'the hub throws away what it cannot read, and then wants no entry behind the gap',
    invariants: [8],
    seams: withShelf((shelf, tables) => ({
      ...shelf,
      keepAside: async () => {},
      insertEntries: async (items) => {
        const writer = items[0]?.envelope.writerId;
        const held = new Set(tables.rows.filter((row) => row.writerId === writer).map((row) => row.seq));
        for (const { envelope } of items) {
          if (envelope.seq > 1 && !held.has(envelope.seq - 1)) throw new Error('a gap');
          held.add(envelope.seq);
        }
        return shelf.insertEntries(items);
      },
    })),
  },
  {
    name: 'epoch-ignored',
    says: 'a station takes every answer for one of the first epoch it heard',
    invariants: [8],
    seams: (() => {
      const first = new Map<string, string>();
      return withStation({
        answer(text, stationId) {
          const epoch = /"epoch":"([0-9a-f]{16})"/.exec(text)?.[1];
          if (epoch === undefined) return text;
          const known = first.get(stationId) ?? epoch;
          first.set(stationId, known);
          return text.replace(`"epoch":"${epoch}"`, `"epoch":"${known}"`);
        },
        begin: () => first.clear(),
      });
    })(),
  },
  {
    name: 'receipt-before-commit',
    says: 'the hub answers before its rows are committed',
    invariants: [8],
    seams: { ...plainSeams, hub: { ...plainSeams.hub, answersEarly: true } },
  },
  {
    name: 'watermark-over-gap',
    says: 'the watermark is the highest seq that was seen',
    invariants: [3],
    seams: withShelf((shelf) => ({
      ...shelf,
      saveWriter: (_, topSeq) => shelf.saveWriter(topSeq, topSeq),
    })),
  },
  {
    name: 'alert-forgotten',
    says: 'a referral that overtakes an older entry raises no case',
    invariants: [5],
    seams: {
      ...plainSeams,
      hub: {
        ...plainSeams.hub,
        cases: (tables, fresh) => {
          const isNext = ({ envelope: { writerId, seq } }: Good) =>
            seq === 1 || tables.rows.some((row) => row.writerId === writerId && row.seq === seq - 1);
          plainSeams.hub.cases(tables, fresh.filter(isNext));
        },
      },
    },
  },
  {
    name: 'refusal-hidden',
    says: 'what the hub cannot read is answered for and kept nowhere',
    invariants: [6],
    seams: withShelf((shelf) => ({ ...shelf, keepAside: async () => {} })),
  },
];

function withStation(change: Partial<Seams['station']>): Seams {
  return { ...plainSeams, station: { ...plainSeams.station, ...change } };
}

function withShelf(shelf: (plain: Shelf, tables: Tables) => Shelf): Seams {
  return { ...plainSeams, hub: { ...plainSeams.hub, shelf } };
}
