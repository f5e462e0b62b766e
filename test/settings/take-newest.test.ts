// An update that a person asks for: what the browser's worker does, and what is said of it.
import { expect, it } from 'vitest';
import { type Registration, takeNewest } from '../../src/settings/take-newest.ts';

/** A worker that goes through these states by itself; after a message to skip the wait it is activated. */
class Worker extends EventTarget {
  state: ServiceWorkerState = 'installing';
  told: unknown[] = [];
  become(state: ServiceWorkerState) {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
  postMessage(message: unknown) {
    this.told.push(message);
    queueMicrotask(() => this.become('activated'));
  }
}
const registered = (change: Partial<Registration>): Registration => ({
  ...{ installing: null, waiting: null, update: async () => undefined },
  ...change,
});

it('says that nothing is registered, that this is the newest, and that the bridge is away', async () => {
  expect(await takeNewest(undefined)).toBe('none');
  expect(await takeNewest(registered({}))).toBe('newest');
  const away = async () => {
    throw new TypeError('away');
  };
  expect(await takeNewest(registered({ update: away }))).toBe('no-answer');
});

it('waits until a new build is installed, and takes it', async () => {
  const worker = new Worker();
  const answer = takeNewest(registered({ installing: worker as never }));
  setTimeout(() => worker.become('installed'), 5);
  expect(await answer).toBe('taken');
  expect(worker.told).toEqual([{ type: 'SKIP_WAITING' }]);
});

it('takes one that was waiting already', async () => {
  const worker = new Worker();
  worker.state = 'installed';
  expect(await takeNewest(registered({ waiting: worker as never }))).toBe('taken');
});

it('leaves the present build when the new one did not come whole', async () => {
  const worker = new Worker();
  const answer = takeNewest(registered({ installing: worker as never }));
  setTimeout(() => worker.become('redundant'), 5);
  expect(await answer).toBe('failed');
  expect(worker.told).toEqual([]);
});
