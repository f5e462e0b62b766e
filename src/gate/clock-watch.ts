// Notices when the wall clock jumps against the monotonic one, and keeps the offset to the hub. Called by the station before
// every entry and once a second.
import { type ClockSight, limits as clockLimits } from '../domain/order-day.ts';
import type { Clocks } from '../sync/timers.ts';

export const limits = {
  /** A jump of more than this is itself an entry (design.md, Clocks). */
  jumpMs: 2_000,
  /** 2024-01-01: an earlier wall clock has lost its battery. */
  earliestMs: 1_704_067_200_000,
} as const;

export type ClockWatch = {
  /** Milliseconds that the wall clock jumped since the last look; null below the limit. */
  look(): number | null;
  hubOffsetMs(): number | null;
  hearHub(offsetMs: number): void;
  unsure(): boolean;
  /** What is known of the time; `floorMs` is the latest time of the hub that the page remembers of an earlier run. */
  sight(floorMs: number | null): ClockSight;
};

export function createClockWatch(clocks: Pick<Clocks, 'monoMs' | 'wallMs'>): ClockWatch {
  let baseMs = clocks.wallMs() - clocks.monoMs();
  let hubOffsetMs: number | null = null;
  let jumped = false;
  /** When the hub was heard last: monotonic, and by its own clock. */
  let heard: { monoMs: number; hubMs: number } | null = null;
  let jumpedSince = false;

  return {
    look() {
      const jumpMs = Math.round(clocks.wallMs() - clocks.monoMs() - baseMs);
      if (Math.abs(jumpMs) <= limits.jumpMs) return null;
      baseMs += jumpMs;
      jumped = true;
      jumpedSince = true;
      // The hub's clock did not jump with ours.
      if (hubOffsetMs !== null) hubOffsetMs -= jumpMs;
      return jumpMs;
    },
    hubOffsetMs: () => hubOffsetMs,
    hearHub(offsetMs) {
      hubOffsetMs = offsetMs;
      jumpedSince = false;
      heard = { monoMs: clocks.monoMs(), hubMs: clocks.wallMs() + offsetMs };
    },
    unsure: () =>
      hubOffsetMs === null
        ? jumped || clocks.wallMs() < limits.earliestMs
        : Math.abs(hubOffsetMs) > clockLimits.unsureMs,
    sight: (floorMs) => ({
      wallMs: clocks.wallMs(),
      hubOffsetMs,
      heardAgoMs: heard === null ? 0 : clocks.monoMs() - heard.monoMs,
      jumped: jumpedSince,
      floorMs: heard?.hubMs ?? floorMs,
    }),
  };
}
