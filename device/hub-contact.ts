// When the hub last answered, what it thought of this station, and how far its clock is from ours. Told by the hub client of every
// answer; read by the self-test.
import type { Clock } from './clock.ts';

export const limits = {
  /** An answer's Date has whole seconds: on the average it is half of one old. */
  dateStepMs: 500,
} as const;

export type HubHeard = {
  status: number;
  /** The answer's Date header. */
  date: string | undefined;
  /** Asked with the station's own token, not with a tablet's. */
  isOwn: boolean;
};

export type HubContact = {
  heard(answer: HubHeard): void;
  /** The hub confirmed the station, its guards and its policy. */
  confirmed(): void;
  /** Milliseconds since an answer that was no failure of the hub or of what stands before it; null = none in this run. */
  agoMs(): number | null;
  confirmedAgoMs(): number | null;
  /** The last answer to our own token was that it does not know it. */
  isRefused(): boolean;
  /** Hub minus post, good to a second; null before the first answer. */
  offsetMs(): number | null;
};

export function createHubContact({ clock, wallMs }: { clock: Clock; wallMs: () => number }): HubContact {
  let atMs: number | null = null;
  let confirmedMs: number | null = null;
  let isRefused = false;
  let offsetMs: number | null = null;
  const since = (ms: number | null) => (ms === null ? null : Math.max(0, Math.round(clock.nowMs() - ms)));
  return {
    heard: ({ status, date, isOwn }) => {
      if (status >= 500) return;
      atMs = clock.nowMs();
      if (isOwn) isRefused = status === 401;
      const hubMs = Date.parse(date ?? '');
      if (Number.isFinite(hubMs)) offsetMs = Math.round(hubMs + limits.dateStepMs - wallMs());
    },
    confirmed: () => {
      confirmedMs = clock.nowMs();
    },
    agoMs: () => since(atMs),
    confirmedAgoMs: () => since(confirmedMs),
    isRefused: () => isRefused,
    offsetMs: () => offsetMs,
  };
}
