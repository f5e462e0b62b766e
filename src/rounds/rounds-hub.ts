// What the rounds page asks of the hub: who is signed in, the places with their figures, the sheet of one place, the policy. Called
// by the controller; whatever is not the hub's answer is `away`.
import * as z from 'zod/mini';
import { sessionAnswer } from '../contracts/clinic.ts';
import { count } from '../contracts/kit.ts';
import { type NoticesAnswer, noticesAnswer } from '../contracts/notice.ts';
import { type PolicyDocument, policyDocument } from '../contracts/policy.ts';
import { type RoundSheet, type RoundsAnswer, roundsAnswer, sheetAnswer } from '../contracts/rounds.ts';
import { errorAnswer } from '../contracts/upload.ts';
import type { RoundKey } from '../domain/round.ts';
import type { Clocks } from '../sync/timers.ts';
import type { Sentence } from '../ui/desk/failure.ts';

export const limits = { answerMs: 10_000, pages: 6 } as const;

/** What of GET /hub/station a tablet needs. */
const policyAnswer = z.object({ policy: z.object({ version: count, document: policyDocument }) });

/** `role` is not known of who signed in by an earlier version of this page; `once`: the session began with a one-time password. */
export type Staff = { staffId: string; name: string; role?: string | undefined; once?: boolean };
export type Asked<T> =
  | { ok: true; data: T; hubOffsetMs: number | null }
  | { ok: false; why: 'away' | 'signed-out' }
  | { ok: false; why: 'refused'; sentence: Sentence };

export type RoundsHub = {
  session(): Promise<Asked<Staff | null>>;
  signIn(name: string, password: string): Promise<Asked<Staff | null>>;
  signOut(): Promise<Asked<Staff | null>>;
  /** `present` is null after a one-time password. */
  setPassword(present: string | null, fresh: string): Promise<Asked<unknown>>;
  places(scope: RoundKey['scope']): Promise<Asked<RoundsAnswer>>;
  /** `sheet` is null when nothing changed since `version`. */
  sheet(key: RoundKey, version: string | null): Promise<Asked<{ version: string; sheet: RoundSheet | null }>>;
  notices(): Promise<Asked<NoticesAnswer>>;
  readNotice(noticeId: string): Promise<Asked<unknown>>;
  policy(token: string): Promise<Asked<{ version: number; document: PolicyDocument }>>;
};

export function createRoundsHub(deps: { fetch: typeof fetch; clocks: Clocks }): RoundsHub {
  const { clocks } = deps;

  async function ask<Schema extends z.ZodMiniType>(
    path: string,
    schema: Schema,
    init: RequestInit = {},
  ): Promise<Asked<z.infer<Schema>>> {
    const stop = new AbortController();
    const cancel = clocks.after(limits.answerMs, () => stop.abort());
    try {
      const askedAtMs = clocks.wallMs();
      const response = await deps.fetch(path, { cache: 'no-store', redirect: 'error', ...init, signal: stop.signal });
      const body: unknown = await response.json();
      const parsed = schema.safeParse(body);
      if (response.status === 200 && parsed.success) {
        return {
          ok: true,
          data: parsed.data as z.infer<Schema>,
          hubOffsetMs: offsetIn(body, askedAtMs, clocks.wallMs()),
        };
      }
      if (response.status === 401 && init.method !== 'POST') return { ok: false, why: 'signed-out' };
      const refusal = errorAnswer.safeParse(body);
      if (!refusal.success || response.status >= 500) return { ok: false, why: 'away' };
      return { ok: false, why: 'refused', sentence: refusal.data.error };
    } catch {
      // Not reached, cut off or not JSON: what is shown stays, with its age.
      return { ok: false, why: 'away' };
    } finally {
      cancel();
    }
  }

  const asStaff = (asked: Asked<z.infer<typeof sessionAnswer>>): Asked<Staff | null> =>
    asked.ok ? { ...asked, data: staffIn(asked.data.staff) } : asked;

  return {
    session: async () => asStaff(await ask('/hub/session', sessionAnswer)),
    async signIn(name, password) {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ name, password });
      return asStaff(await ask('/hub/session', sessionAnswer, { method: 'POST', headers, body }));
    },
    setPassword(present, fresh) {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ present, fresh });
      return ask('/hub/session/password', sessionAnswer, { method: 'POST', headers, body });
    },
    signOut: async () => asStaff(await ask('/hub/session', sessionAnswer, { method: 'DELETE' })),
    places: (scope) => ask(`/hub/rounds?${new URLSearchParams({ scope })}`, roundsAnswer),
    async sheet(key, version) {
      const query = new URLSearchParams({ [key.scope]: key.place, day: key.roundDay, window: key.window });
      const since = version === null ? query : new URLSearchParams([...query, ['since', version]]);
      const first = await ask(`/hub/rounds/sheet?${since}`, sheetAnswer);
      if (!first.ok || first.data.sheet === null) {
        return first.ok ? { ...first, data: { version: first.data.version, sheet: null } } : first;
      }
      const sheet = first.data.sheet;
      let next = sheet.next;
      for (let page = 1; next !== null && page < limits.pages; page++) {
        const more = await ask(
          `/hub/rounds/sheet?${new URLSearchParams([...query, ['from', String(next)]])}`,
          sheetAnswer,
        );
        if (!more.ok) return more;
        sheet.people.push(...(more.data.sheet?.people ?? []));
        next = more.data.sheet?.next ?? null;
      }
      return { ...first, data: { version: first.data.version, sheet: { ...sheet, next: null } } };
    },
    notices: () => ask('/hub/notices', noticesAnswer),
    readNotice: (noticeId) => ask(`/hub/notices/${encodeURIComponent(noticeId)}/read`, z.unknown(), { method: 'POST' }),
    async policy(token) {
      const asked = await ask('/hub/station', policyAnswer, { headers: { authorization: `Bearer ${token}` } });
      return asked.ok ? { ...asked, data: asked.data.policy } : asked;
    },
  };
}

function staffIn(staff: z.infer<typeof sessionAnswer>['staff']): Staff | null {
  if (staff === null) return null;
  return { staffId: staff.staffId, name: staff.name, role: staff.role, once: staff.maySetPassword === true };
}

function offsetIn(body: unknown, askedAtMs: number, answeredAtMs: number): number | null {
  if (typeof body !== 'object' || body === null || !('hubNowMs' in body) || typeof body.hubNowMs !== 'number')
    return null;
  return body.hubNowMs - Math.round((askedAtMs + answeredAtMs) / 2);
}
