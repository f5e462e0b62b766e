// One page with a store a browser profile, by a Web Lock. Called by the station before it touches the store.

export type PageLock = {
  held: boolean;
  /** Resolves when the lock is ours: at once, or when the other page has gone. */
  acquired: Promise<void>;
  release(): void;
};

/** Asks without waiting first, so that a second page can say at once that it is the second. */
export async function takePageLock(name: string, locks: LockManager = navigator.locks): Promise<PageLock> {
  let release = (): void => {};
  const whileHeld = new Promise<void>((done) => {
    release = done;
  });
  const hold = (options: LockOptions): Promise<boolean> =>
    new Promise((got, failed) => {
      locks
        .request(name, options, async (lock) => {
          got(lock !== null);
          if (lock !== null) await whileHeld;
        })
        .catch(failed);
    });
  const held = await hold({ ifAvailable: true });
  const acquired = held ? Promise.resolve() : hold({}).then(() => undefined);
  return { held, acquired, release };
}
