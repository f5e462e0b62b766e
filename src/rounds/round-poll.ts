// What a round asks of the hub, again and again: places, the sheet of the place at hand, the policy, notices; with the hub away more seldom,
// and what was heard last stands. Called by the rounds controller.
import { batch } from '@preact/signals';
import { policyOf } from '../contracts/policy.ts';
import { limits as contractLimits } from '../contracts/rounds.ts';
import type { RoundScope } from '../domain/round.ts';
import type { Clocks } from '../sync/timers.ts';
import type { RoundSignals } from './round-signals.ts';
import type { RoundsHub } from './rounds-hub.ts';
import type { TabletStore } from './tablet-store.ts';

export const limits = {
  /** With the hub away the sheet is asked for less often than `contractLimits.pollMs`. */
  awayPollMs: 5_000,
  placesEveryMs: 10_000,
  policyEveryMs: 600_000,
  noticesEveryMs: 60_000,
} as const;

export type RoundPoll = {
  /** Asks now and then as often as is due; resolves when the first answers are there. */
  poll(): Promise<void>;
  /** The places and the sheet as soon as may be. */
  hurry(): void;
  stop(): void;
};

export function createRoundPoll(deps: {
  round: RoundSignals;
  hub: RoundsHub;
  store: Pick<TabletStore, 'keepSheet' | 'put'>;
  token: string;
  clocks: Clocks;
  /** (hub clock - this clock) of an answer; null when it did not say. */
  hearClock(offsetMs: number | null): void;
  choose(place: string, scope: RoundScope): Promise<void>;
  /** The session is over and the hub says so. */
  onSignedOut(): void;
  onFault(error: unknown): void;
}): RoundPoll {
  const { round, hub, store, clocks } = deps;
  const { scope, place, places, held, key, at, book, refused, isAway, sessionOver } = round;
  let stopped = false;
  let cancelPoll = (): void => {};
  let polling = false;
  let placesDueMs = 0;
  let policyDueMs = 0;
  let noticesDueMs = 0;

  function heardOf(answer: { ok: boolean; why?: string }): boolean {
    if (answer.ok) {
      isAway.value = false;
      sessionOver.value = false;
      return true;
    }
    isAway.value = answer.why === 'away';
    if (answer.why === 'signed-out') {
      sessionOver.value = true;
      deps.onSignedOut();
    }
    return false;
  }

  async function askPlaces(): Promise<void> {
    const asked = scope.value;
    const answer = await hub.places(asked);
    // Turned to the other kind of round meanwhile: these are not its places.
    if (scope.value !== asked) return;
    if (!heardOf(answer) || !answer.ok) {
      if (!answer.ok && answer.why === 'refused') refused.value = answer.sentence;
      return;
    }
    placesDueMs = clocks.monoMs() + limits.placesEveryMs;
    batch(() => {
      refused.value = null;
      deps.hearClock(answer.hubOffsetMs);
      places.value = answer.data.places;
      round.noPlaces.value = answer.data.places.length === 0;
    });
    const known = answer.data.places.some((one) => one.place === place.value);
    const first = answer.data.places[0];
    if (!known && first !== undefined) await deps.choose(first.place, asked);
  }

  async function askSheet(): Promise<void> {
    const asked = key.value;
    if (asked === null) return;
    const have = held.value?.sheet;
    const isSame = have !== undefined && have.roundDay === asked.roundDay && have.window === asked.window;
    const answer = await hub.sheet(asked, isSame ? (held.value?.version ?? null) : null);
    if (!answer.ok) {
      heardOf(answer);
      if (answer.why === 'refused') refused.value = answer.sentence;
      return;
    }
    heardOf(answer);
    if (key.value?.place !== asked.place || key.value.scope !== asked.scope) return;
    const asOfMs = clocks.wallMs();
    const { sheet, version } = answer.data;
    batch(() => {
      deps.hearClock(answer.hubOffsetMs);
      if (sheet === null) {
        if (held.value !== null) held.value = { ...held.value, asOfMs };
        return;
      }
      held.value = { sheet, version, asOfMs };
      if (at.value === null || !book.value?.byId.has(at.value)) round.goToFirst();
    });
    if (sheet !== null) await store.keepSheet({ asOfMs, sheet });
  }

  async function askPolicy(): Promise<void> {
    const answer = await hub.policy(deps.token);
    if (!answer.ok) return;
    policyDueMs = clocks.monoMs() + limits.policyEveryMs;
    round.policy.value = policyOf(answer.data.document, answer.data.version);
    await store.put('policy', answer.data);
  }

  async function askNotices(): Promise<void> {
    const answer = await hub.notices();
    if (!answer.ok) return;
    noticesDueMs = clocks.monoMs() + limits.noticesEveryMs;
    round.notices.value = answer.data.notices.filter((one) => !one.read);
  }

  async function poll(): Promise<void> {
    if (polling || stopped) return;
    polling = true;
    cancelPoll();
    try {
      if (clocks.monoMs() >= policyDueMs) await askPolicy();
      if (!sessionOver.value) {
        if (clocks.monoMs() >= placesDueMs) await askPlaces();
        await askSheet();
        if (clocks.monoMs() >= noticesDueMs) await askNotices();
      }
    } catch (error) {
      deps.onFault(error);
    } finally {
      polling = false;
    }
    const waitMs = isAway.value || sessionOver.value ? limits.awayPollMs : contractLimits.pollMs;
    if (!stopped) cancelPoll = clocks.after(waitMs, () => void poll());
  }

  return {
    poll,
    hurry() {
      placesDueMs = 0;
      void poll();
    },
    stop() {
      stopped = true;
      cancelPoll();
    },
  };
}
