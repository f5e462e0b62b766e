// The station with the page's own network, clocks, chance, database and lock. Called by the gate's main.

import { takePageLock } from '../store/page-lock.ts';
import { pageSocket } from '../sync/device-link.ts';
import { pageClocks } from '../sync/timers.ts';
import { createStation, type RunningStation } from './station.ts';

/** Names are part of the page's storage address: frozen. */
const names = { database: 'mengang', lock: 'mengang-page' } as const;

/** A second page gets a station that records nothing; it loads anew by itself when the first page has gone. */
export async function createPageStation(): Promise<RunningStation> {
  const lock = await takePageLock(names.lock, pageClocks.after);
  const station = await createStation({
    fetch: (input, init) => fetch(input, init),
    connect: pageSocket,
    clocks: pageClocks,
    random: Math.random,
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    lock,
    databaseName: names.database,
    // Messages of ours carry no names, cards or temperatures.
    onFault: (error) => console.warn('station', error instanceof Error ? `${error.name}: ${error.message}` : 'fault'),
  });
  if (!lock.held) lock.acquired.then(() => location.reload());
  addEventListener('online', () => station.hurry());
  return station;
}
