// Who is signed in to the settings page: short sessions in memory, named by a cookie that no script reads. A restart of the
// bridge ends them; the count of wrong PINs outlives it (guards). Called by settings-http.
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from './clock.ts';
import type { Guard } from './guards.ts';

export const limits = {
  /** Without a touch. */
  idleMs: 15 * 60_000,
  /** With however many. */
  lifeMs: 4 * 3_600_000,
  sessions: 8,
  tokenBytes: 32,
} as const;

export const settingsCookie = 'mengang_settings';

export type SettingsSession = { guard: Guard; leftMs: number };

export type SettingsSessions = {
  /** Value of Set-Cookie for a new session; the oldest one ends when there are too many. */
  open(guard: Guard): string;
  /** The session of this request, null for none; `touched` when a person did something, which renews it. */
  of(headers: IncomingHttpHeaders, touched: boolean): SettingsSession | null;
  /** Ends the session of this request; value of Set-Cookie that takes the cookie away. */
  close(headers: IncomingHttpHeaders): string;
  /** Whether anybody is signed in. */
  any(): boolean;
};

export type SessionParts = {
  clock: Clock;
  randomBytes: (size: number) => Buffer;
  /** Whether this guard is still on the station's list. */
  isKnown: (staffId: string) => boolean;
};

type Held = { guard: Guard; bornMs: number; seenMs: number };

export function createSettingsSessions(parts: SessionParts): SettingsSessions {
  const held = new Map<string, Held>();

  const leftOf = ({ guard, bornMs, seenMs }: Held): number => {
    if (!parts.isKnown(guard.staffId)) return 0;
    const now = parts.clock.nowMs();
    return Math.floor(Math.max(0, Math.min(seenMs + limits.idleMs, bornMs + limits.lifeMs) - now));
  };
  const sweep = (): void => {
    for (const [token, session] of held) if (leftOf(session) === 0) held.delete(token);
  };

  return {
    open: (guard) => {
      sweep();
      const oldest = held.keys().next();
      if (held.size >= limits.sessions && !oldest.done) held.delete(oldest.value);
      const token = parts.randomBytes(limits.tokenBytes).toString('base64url');
      const now = parts.clock.nowMs();
      held.set(token, { guard, bornMs: now, seenMs: now });
      return cookieOf(token, limits.lifeMs / 1_000);
    },
    of: (headers, touched) => {
      sweep();
      const session = tokensOf(headers).flatMap((token) => held.get(token) ?? [])[0];
      if (session === undefined) return null;
      if (touched) session.seenMs = parts.clock.nowMs();
      return { guard: session.guard, leftMs: leftOf(session) };
    },
    close: (headers) => {
      for (const token of tokensOf(headers)) held.delete(token);
      return cookieOf('', 0);
    },
    any: () => {
      sweep();
      return held.size > 0;
    },
  };
}

function cookieOf(token: string, maxAgeS: number): string {
  return `${settingsCookie}=${token}; HttpOnly; SameSite=Strict; Path=/settings; Max-Age=${maxAgeS}`;
}

function tokensOf({ cookie }: IncomingHttpHeaders): string[] {
  return (cookie ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .filter(([name]) => name === settingsCookie)
    .map(([, value]) => value ?? '');
}
