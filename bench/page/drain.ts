// Row "drain": 10,000 stored records through to the hub's PostgreSQL, ours beside the bare requests and the peers that can be
// pointed at this hub. Called by main.ts; the page's server forwards /hub/entries as a bridge does.
import { openDB } from 'idb';
import { QueueStore } from 'workbox-background-sync/lib/QueueStore.js';
import { StorableRequest } from 'workbox-background-sync/StorableRequest.js';
import type { Envelope } from '../../src/domain/entry.ts';
import { createDatabase } from '../../src/store/db.ts';
import { createOutbox } from '../../src/store/outbox.ts';
import { pageClocks } from '../../src/sync/timers.ts';
import { createUploader } from '../../src/sync/uploader.ts';
import { contest, timed } from './contest.ts';
import { createChain } from './entries.ts';

const limits = { records: 10_000, bodyEntries: 500, rounds: 3, singly: 200 } as const;

const bodyOf = (writerId: string, entries: readonly Envelope[]) =>
  JSON.stringify({ contract: 1, writerId, receiptedSeq: 0, epoch: null, entries });

async function send(body: string): Promise<void> {
  const answer = await fetch('/hub/entries', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  if (!answer.ok) throw new Error(`the hub said ${answer.status}: ${await answer.text()}`);
  const { results } = await answer.json();
  const bad = results.find((one: { status: string }) => one.status !== 'stored');
  if (bad !== undefined) throw new Error(`not stored: ${JSON.stringify(bad)}`);
}

/** The uploader and the outbox of the gate page, from the stored queue to the last receipt. */
async function ours(station: string, round: number): Promise<number> {
  const chain = createChain(station);
  const db = createDatabase({ name: `bench-drain-${round}`, after: pageClocks.after, onTrouble: () => undefined });
  let waiting = 0;
  let done = (): void => undefined;
  const outbox = createOutbox({
    db,
    after: pageClocks.after,
    onFault: console.error,
    onChange: ({ count }) => {
      waiting = count;
      if (count === 0) done();
    },
  });
  await outbox.load();
  await outbox.take(
    Array.from({ length: limits.records }, () => chain.next()),
    () => false,
  );
  if (waiting !== limits.records) throw new Error(`only ${waiting} wait`);
  const ms = await timed(1, async () => {
    const empty = new Promise<void>((resolve) => {
      done = resolve;
    });
    const uploader = createUploader({
      source: outbox,
      fetch: (input, init) => fetch(input, init),
      clocks: pageClocks,
      random: Math.random,
      onSight: () => undefined,
      onSettled: () => undefined,
      onFault: console.error,
    });
    uploader.wake('link');
    await empty;
    uploader.stop();
  });
  db.close();
  return ms;
}

export async function drainRow(station: string) {
  return contest(
    [
      {
        name: 'bare requests, 20 bodies made before',
        async run() {
          const chain = createChain(station);
          const bodies = Array.from({ length: limits.records / limits.bodyEntries }, () =>
            bodyOf(
              chain.writerId,
              Array.from({ length: limits.bodyEntries }, () => chain.next()),
            ),
          );
          return timed(1, async () => {
            for (const body of bodies) await send(body);
          });
        },
      },
      { name: 'Mengang', run: (round) => ours(station, round) },
      {
        name: `one record a request (${limits.singly}, scaled to 10,000)`,
        rounds: 1,
        async run() {
          const chain = createChain(station);
          const db = await openDB('bench-singly', 1, {
            upgrade: (fresh) => void fresh.createObjectStore('records', { keyPath: 'seq' }),
          });
          for (let n = 0; n < limits.singly; n++) await db.put('records', chain.next());
          const each = await timed(limits.singly, async () => {
            for (let seq = 1; seq <= limits.singly; seq++) {
              await send(bodyOf(chain.writerId, [await db.get('records', seq)]));
              await db.delete('records', seq);
            }
          });
          return each * limits.records;
        },
      },
      {
        name: `workbox-background-sync (${limits.singly}, scaled to 10,000)`,
        rounds: 1,
        async run() {
          const chain = createChain(station);
          const queue = new QueueStore('bench-drain');
          for (let n = 0; n < limits.singly; n++) {
            const request = new Request('/hub/entries', {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: bodyOf(chain.writerId, [chain.next()]),
            });
            const stored = await StorableRequest.fromRequest(request);
            await queue.pushEntry({ requestData: stored.toObject(), timestamp: Date.now() });
          }
          // What Queue.replayRequests does: take one out, send it, go on.
          const each = await timed(limits.singly, async () => {
            for (let entry = await queue.shiftEntry(); entry !== undefined; entry = await queue.shiftEntry()) {
              const answer = await fetch(new StorableRequest(entry.requestData).toRequest());
              if (!answer.ok) throw new Error(`the hub said ${answer.status}`);
            }
          });
          return each * limits.records;
        },
      },
    ],
    limits.rounds,
  );
}
