// One page with a store a browser profile, by a Web Lock. Called by the gate's station and by the rounds page before they touch
// the store.

/** A page that was just closed or reloaded gives its lock back within this; a living one does not. */
export const limits = { handoverMs: 500 } as const;

export type PageLock = {
  held: boolean;
  /** Resolves when the lock is ours: at once, or when the other page has gone. */
  acquired: Promise<void>;
  release(): void;
};

/** Waits half a second for the lock, then answers that another page holds it; the request stays in line. */
export async function takePageLock(
  name: string,
  after: (ms: number, task: () => void) => () => void,
  locks: LockManager = navigator.locks,
): Promise<PageLock> {
  let release = (): void => {};
  const whileHeld = new Promise<void>((done) => {
    release = done;
  });
  const acquired = new Promise<void>((got, failed) => {
    locks
      .request(name, async () => {
        got();
        await whileHeld;
      })
      .catch(failed);
  });
  let cancel = (): void => {};
  const late = new Promise<boolean>((done) => {
    cancel = after(limits.handoverMs, () => done(false));
  });
  const held = await Promise.race([acquired.then(() => true), late]);
  cancel();
  return { held, acquired, release };
}
