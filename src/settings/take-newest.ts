// Lets the gate page's service worker look for a new build and take it at once. Called by PostPanel when a person asks; by itself the
// gate waits until nobody is there (src/gate/updates.ts).

export const limits = {
  /** A build is a megabyte from this machine. */
  installMs: 60_000,
  activateMs: 10_000,
} as const;

/** `none`: nothing is registered; `no-answer`: the bridge did not give the worker; `failed`: the new build did not come whole. */
export type Taken = 'newest' | 'taken' | 'no-answer' | 'failed' | 'none';

type Worker = Pick<ServiceWorker, 'state' | 'postMessage' | 'addEventListener' | 'removeEventListener'>;
export type Registration = {
  readonly installing: Worker | null;
  readonly waiting: Worker | null;
  update(): Promise<unknown>;
};

/** `registration`: that of the gate's scope; undefined where there is none. */
export async function takeNewest(registration: Registration | undefined): Promise<Taken> {
  if (registration === undefined) return 'none';
  try {
    await registration.update();
  } catch (error) {
    // A bridge that is away is a TypeError to the browser; one that was refused for its type or origin is a SecurityError.
    if (!(error instanceof Error)) throw error;
    return 'no-answer';
  }
  const coming = registration.installing ?? registration.waiting;
  if (coming === null) return 'newest';
  const state = await reached(coming, ['installed', 'activated'], limits.installMs);
  if (state !== 'installed') return state === 'activated' ? 'taken' : 'failed';
  coming.postMessage({ type: 'SKIP_WAITING' });
  return (await reached(coming, ['activated'], limits.activateMs)) === 'activated' ? 'taken' : 'failed';
}

/** The first of these states, or whatever it is when it became redundant or the time is over. */
function reached(worker: Worker, wanted: readonly ServiceWorkerState[], withinMs: number): Promise<ServiceWorkerState> {
  const isThere = () => wanted.includes(worker.state) || worker.state === 'redundant';
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      worker.removeEventListener('statechange', look);
      resolve(worker.state);
    };
    const look = () => {
      if (isThere()) end();
    };
    const timer = setTimeout(end, withinMs);
    worker.addEventListener('statechange', look);
    look();
  });
}
