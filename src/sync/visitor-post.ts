// Brings visitors' personal details to the hub, apart from the entries, and forgets each at its receipt. Called by the gate's station.
import { limits as hold, type VisitorDetails, visitorsAnswer } from '../contracts/hold.ts';
import { contractVersion } from '../contracts/kit.ts';
import type { PageState } from '../store/page-state.ts';
import { limits as stored } from '../store/page-state.ts';

export const limits = { requestMs: 10_000 } as const;

export type VisitorPost = {
  /** Keeps them over a reload, and sends when it can. Throws what the store throws: then nothing is kept. */
  keep(details: VisitorDetails): Promise<void>;
  /** The hub may be there: sends what waits. */
  wake(): void;
};

export function createVisitorPost(deps: {
  fetch: typeof fetch;
  state: Pick<PageState, 'get' | 'put'>;
  onFault(error: unknown): void;
}): VisitorPost {
  const { state, onFault } = deps;
  let last: Promise<unknown> = Promise.resolve();
  let idle = true;

  /** One after another: each reads what the one before has written. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  }

  async function send(): Promise<void> {
    const waiting = (await state.get('visitors')) ?? [];
    if (waiting.length === 0) return;
    const received = await post(waiting.slice(0, hold.visitorsAtOnce));
    await inTurn(async () => {
      const now = (await state.get('visitors')) ?? [];
      await state.put(
        'visitors',
        now.filter(({ visitorId }) => !received.includes(visitorId)),
      );
    });
    if (received.length > 0) await send();
  }

  /** Ids that the hub has; none when it is away or answers something else. */
  async function post(visitors: readonly VisitorDetails[]): Promise<string[]> {
    try {
      const response = await deps.fetch('/hub/visitors', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ contract: contractVersion, visitors }),
        signal: AbortSignal.timeout(limits.requestMs),
      });
      const read = response.ok ? visitorsAnswer.safeParse(await response.json()) : null;
      return read?.success ? read.data.received : [];
    } catch {
      return []; // away or cut off: sent again at the next wake
    }
  }

  function wake(): void {
    if (!idle) return;
    idle = false;
    send()
      .catch(onFault)
      .finally(() => {
        idle = true;
      });
  }

  return {
    async keep(details) {
      await inTurn(async () => {
        const waiting = (await state.get('visitors')) ?? [];
        await state.put('visitors', [...waiting, details].slice(-stored.visitors));
      });
      wake();
    },
    wake,
  };
}
