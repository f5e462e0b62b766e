// What the settings page knows: who is signed in, and the devices as the bridge last told them. Made by main, read by all.
import { type ReadonlySignal, signal } from '@preact/signals';
import {
  type SettingsLive,
  type SettingsSession,
  settingsLive,
  settingsSession,
  settingsSigned,
} from '../contracts/settings.ts';
import type { SettingsApi } from './settings-api.ts';

/** Milliseconds between two questions for live values; longest wait while the bridge is away; between two renewals. */
export const limits = { liveMs: 500, awayMs: 2_000, renewMs: 60_000 } as const;

export type SettingsState = {
  session: ReadonlySignal<SettingsSession | null>;
  /** Null before the first answer, and again while the bridge does not answer: nothing old is shown. */
  live: ReadonlySignal<SettingsLive | null>;
  /** The bridge did not answer the last question. */
  isAway: ReadonlySignal<boolean>;
  start(): void;
  signIn(staffId: string, pin: string): Promise<SignInTrouble | null>;
  signOut(): Promise<void>;
};
export type SignInTrouble = { error: 'wrong-pin' | 'locked' | 'unknown' | 'no-answer'; retryInMs: number };

export type StateParts = {
  later: (run: () => void, ms: number) => void;
  /** Registers what is called whenever a person touches the page. */
  onTouch: (touched: () => void) => void;
  nowMs: () => number;
};

export function createSettingsState(api: SettingsApi, parts: StateParts): SettingsState {
  const session = signal<SettingsSession | null>(null);
  const live = signal<SettingsLive | null>(null);
  const isAway = signal(false);
  let renewedMs = Number.NEGATIVE_INFINITY;

  const askSession = async (): Promise<void> => {
    renewedMs = parts.nowMs();
    const answer = await api.get('session', settingsSession);
    isAway.value = !answer.ok;
    if (!answer.ok) return;
    session.value = answer.data;
    if (answer.data.signedIn === null) live.value = null;
  };

  const askLive = async (): Promise<void> => {
    const answer = await api.get('live', settingsLive);
    if (answer.ok) {
      live.value = answer.data;
      isAway.value = false;
    } else {
      live.value = null;
      // 401: the session is over, and the sign-in comes back.
      if (answer.status === 401) await askSession();
      else isAway.value = true;
    }
  };

  const turn = async (): Promise<void> => {
    if (session.value === null || session.value.signedIn === null) {
      if (session.value === null || isAway.value) await askSession();
    } else await askLive();
    parts.later(() => void turn(), isAway.value ? limits.awayMs : limits.liveMs);
  };

  return {
    session,
    live,
    isAway,
    start: () => {
      void turn();
      parts.onTouch(() => {
        const isOpen = session.value !== null && session.value.signedIn !== null;
        if (isOpen && parts.nowMs() - renewedMs >= limits.renewMs) void askSession();
      });
    },
    signIn: async (staffId, pin) => {
      const answer = await api.post('session', { staffId, pin }, settingsSigned);
      if (!answer.ok) return { error: 'no-answer', retryInMs: 0 };
      const { error, retryInMs } = answer.data;
      if (error !== null) return { error, retryInMs };
      await askSession();
      return null;
    },
    signOut: async () => {
      await api.remove('session');
      await askSession();
    },
  };
}
