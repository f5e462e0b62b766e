// When a new version of the page is let in.
import { describe, expect, it, vi } from 'vitest';
import { limits, watchUpdates } from '../../src/gate/updates.ts';

function rig(controlled: boolean) {
  const posted: unknown[] = [];
  const timers = new Map<number, () => void>();
  const changed: (() => void)[] = [];
  const registration: { waiting: { postMessage(message: unknown): void } | null; update(): Promise<void> } = {
    waiting: null,
    update: vi.fn(async () => {}),
  };
  const reload = vi.fn();
  const state = { idleMs: 0 };
  const workers = {
    controller: controlled ? {} : null,
    register: vi.fn(async () => registration),
    addEventListener: (_type: string, listener: () => void) => void changed.push(listener),
  } as unknown as ServiceWorkerContainer;
  return {
    posted,
    registration,
    reload,
    state,
    workers,
    start: () =>
      watchUpdates({
        workers,
        idleForMs: () => state.idleMs,
        reload,
        every: (work, ms) => void timers.set(ms, work),
      }),
    arrive: () => {
      registration.waiting = { postMessage: (message) => void posted.push(message) };
    },
    tick: (ms: number) => timers.get(ms)?.(),
    takeOver: () => {
      for (const listener of changed) listener();
    },
  };
}

describe('a new version of the page', () => {
  it('waits until nobody has been at the gate for ten minutes', async () => {
    const page = rig(true);
    await page.start();
    page.arrive();
    page.state.idleMs = limits.idleMs - 1;
    page.tick(limits.lookEveryMs);
    expect(page.posted).toEqual([]);
    page.state.idleMs = limits.idleMs;
    page.tick(limits.lookEveryMs);
    expect(page.posted).toEqual([{ type: 'SKIP_WAITING' }]);
  });

  it('is asked of the bridge each hour, and a bridge that is away is no fault', async () => {
    const page = rig(true);
    const told = vi.spyOn(console, 'info').mockImplementation(() => {});
    page.registration.update = vi.fn(async () => Promise.reject(new Error('away')));
    await page.start();
    page.tick(limits.checkEveryMs);
    await vi.waitFor(() => expect(told).toHaveBeenCalledOnce());
    told.mockRestore();
  });

  it('reloads the page when it has taken over', async () => {
    const page = rig(true);
    await page.start();
    expect(page.reload).not.toHaveBeenCalled();
    page.takeOver();
    expect(page.reload).toHaveBeenCalledOnce();
  });

  it('does not reload a page that had no worker before: the first one changes nothing', async () => {
    const page = rig(false);
    await page.start();
    page.takeOver();
    expect(page.reload).not.toHaveBeenCalled();
  });
});
