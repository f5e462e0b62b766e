// The clinic board's questions to the hub: session, board, one card, a transition. Called by clinic-controller.
import type * as z from 'zod/mini';
import {
  type Referral,
  referralsAnswer,
  sessionAnswer,
  type TransitionRequest,
  transitionAnswer,
} from '../contracts/clinic.ts';
import { slipAnswer } from '../contracts/hold.ts';
import { noticesAnswer } from '../contracts/notice.ts';
import type { Region } from '../contracts/region.ts';
import { type UnmeasuredRow, unmeasuredAnswer } from '../contracts/unmeasured.ts';
import { errorAnswer } from '../contracts/upload.ts';
import type { Sentence, Staff } from './board-state.ts';
import { SessionOver, type Timers } from './clinic-feed.ts';

/** Longest wait for an answer, milliseconds: below the feed's watchdog. */
export const limits = { answerMs: 8_000 } as const;

export type Unmet = { ok: false; why: 'unreached' } | { ok: false; why: 'refused'; status: number; sentence: Sentence };
export type Met<Value> = { ok: true; value: Value };
export type Transitioned =
  | Met<Referral>
  | { ok: false; why: 'taken'; referral: Referral }
  | { ok: false; why: 'expired' }
  | Unmet;

export type ClinicApi = {
  whoAmI(): Promise<Met<{ staff: Staff | null; hubNowMs: number }> | Unmet>;
  signIn(name: string, password: string): Promise<Met<{ staff: Staff; hubNowMs: number }> | Unmet>;
  signOut(): Promise<void>;
  /** `present` null: the session began with a one-time password. */
  setPassword(present: string | null, fresh: string): Promise<Met<null> | Unmet>;
  /** Rejects with SessionOver, or with an error when it cannot be had now. */
  board(): Promise<z.infer<typeof referralsAnswer>>;
  card(caseId: string): Promise<Referral>;
  /** Rejects as `board` does. */
  unmeasured(): Promise<UnmeasuredRow[]>;
  /** What the travel question asks for beside Hubei; rejects as `board` does. */
  regions(): Promise<readonly Region[]>;
  transition(caseId: string, request: TransitionRequest): Promise<Transitioned>;
  /** What a scanner read off a slip; `isNew`: it raised the case. */
  slip(typed: string): Promise<Met<{ caseNo: string; isNew: boolean }> | Unmet>;
};

export function clinicApi(deps: { fetch: typeof fetch; timers: Timers }): ClinicApi {
  const ask = async (
    path: string,
    method: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown } | null> => {
    const abort = new AbortController();
    const timer = deps.timers.set(() => abort.abort(), limits.answerMs);
    try {
      const answer = await deps.fetch(path, {
        method,
        cache: 'no-store',
        signal: abort.signal,
        headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: await answer.json() };
    } catch {
      // Not reached, cut off, or an answer that is not this protocol: the caller shows that nothing was done.
      return null;
    } finally {
      deps.timers.clear(timer);
    }
  };

  const sessionOf = async (method: string, body?: unknown) => {
    const answer = await ask('/hub/session', method, body);
    if (!answer) return unreached;
    const parsed = sessionAnswer.safeParse(answer.body);
    if (answer.status === 200 && parsed.success) return { ok: true as const, value: parsed.data };
    return refusal(answer);
  };

  const read = async <Schema extends z.ZodMiniType>(path: string, schema: Schema): Promise<z.infer<Schema>> => {
    const answer = await ask(path, 'GET');
    if (answer && (answer.status === 401 || answer.status === 403)) throw new SessionOver();
    if (answer?.status !== 200) throw new Error(`no answer for ${path.split('?')[0]}`);
    return schema.parse(answer.body);
  };

  return {
    async whoAmI() {
      const answer = await sessionOf('GET');
      if (!answer.ok && answer.why === 'refused' && answer.status === 401) {
        return { ok: true, value: { staff: null, hubNowMs: 0 } };
      }
      return answer;
    },
    async signIn(name, password) {
      const answer = await sessionOf('POST', { name, password });
      if (!answer.ok) return answer;
      const { staff, hubNowMs } = answer.value;
      return staff ? { ok: true, value: { staff, hubNowMs } } : unreached;
    },
    async signOut() {
      await ask('/hub/session', 'DELETE');
    },
    async setPassword(present, fresh) {
      const answer = await ask('/hub/session/password', 'POST', { present, fresh });
      if (!answer) return unreached;
      return answer.status === 200 ? { ok: true, value: null } : refusal(answer);
    },
    board: () => read('/hub/referrals', referralsAnswer),
    card: async (caseId) => (await read(`/hub/referrals/${caseId}`, transitionAnswer)).referral,
    unmeasured: async () => (await read('/hub/unmeasured', unmeasuredAnswer)).unmeasured,
    regions: async () => (await read('/hub/notices', noticesAnswer)).regions ?? [],
    async slip(typed) {
      const answer = await ask('/hub/slips', 'POST', { slip: typed });
      if (!answer) return unreached;
      const parsed = slipAnswer.safeParse(answer.body);
      return answer.status === 200 && parsed.success ? { ok: true, value: parsed.data } : refusal(answer);
    },
    async transition(caseId, request) {
      const answer = await ask(`/hub/referrals/${caseId}/transition`, 'POST', request);
      if (!answer) return unreached;
      if (answer.status === 401) return { ok: false, why: 'expired' };
      const parsed = transitionAnswer.safeParse(answer.body);
      if (parsed.success && answer.status === 200) return { ok: true, value: parsed.data.referral };
      if (parsed.success && answer.status === 409) return { ok: false, why: 'taken', referral: parsed.data.referral };
      return refusal(answer);
    },
  };
}

const unreached = { ok: false, why: 'unreached' } as const;

function refusal(answer: { status: number; body: unknown }): Unmet {
  const parsed = errorAnswer.safeParse(answer.body);
  if (!parsed.success) return unreached;
  const { zh, en } = parsed.data.error;
  return { ok: false, why: 'refused', status: answer.status, sentence: { zh, en } };
}
