// Who is signed in at a desk, and how its page asks the hub: the answer through a schema, or why there is none. Called by the states
// of the office and admin pages.
import { type Signal, signal } from '@preact/signals';
import type * as z from 'zod/mini';
import { sessionAnswer } from '../contracts/clinic.ts';
import type { SignedInStaff } from '../contracts/staff.ts';
import { errorAnswer } from '../contracts/upload.ts';

export const limits = { answerMs: 8_000 } as const;

export type Sentence = { zh: string; en: string };
export type Failure = { why: 'unreached' } | { why: 'refused'; sentence: Sentence };
/** null: not asked yet. */
export type Session = SignedInStaff | 'signed-out' | null;

export type DeskSession = {
  session: Signal<Session>;
  /** It was there and ran out or was ended: the sign-in says so. */
  isOver: Signal<boolean>;
  isAway: Signal<boolean>;
  /** Why the last call was refused; null while all is well. */
  refused: Signal<Sentence | null>;
  /** Whether who is signed in may do one of these (names of hub/roles.ts). Of a hub that does not tell: all, and it refuses. */
  may(...oneOf: readonly string[]): boolean;
  /** The hub's parsed answer; null after having said why there is none (`isAway`, `refused`, signed out). */
  ask<Schema extends z.ZodMiniType>(
    path: string,
    schema: Schema,
    init?: RequestInit,
    answerMs?: number,
  ): Promise<z.infer<Schema> | null>;
  /** The same for an act whose failure is shown beside it and nowhere else. */
  act<Schema extends z.ZodMiniType>(
    path: string,
    schema: Schema,
    method: 'POST' | 'PUT' | 'DELETE',
    body?: unknown,
  ): Promise<{ ok: true; value: z.infer<Schema> } | { ok: false; failure: Failure }>;
  recognise(): Promise<void>;
  signIn(name: string, password: string): Promise<Failure | null>;
  setPassword(present: string | null, fresh: string): Promise<Failure | null>;
  signOut(): Promise<void>;
};

type Met = { status: number; body: unknown };

export function createDeskSession(deps: { fetch: typeof fetch }): DeskSession {
  const session = signal<Session>(null);
  const [isOver, isAway] = [signal(false), signal(false)];
  const refused = signal<Sentence | null>(null);

  /** null: not reached, cut off, or no JSON. */
  async function meet(path: string, init: RequestInit, answerMs: number): Promise<Met | null> {
    try {
      const signal = AbortSignal.timeout(answerMs);
      const response = await deps.fetch(path, { cache: 'no-store', ...init, signal });
      return { status: response.status, body: await response.json() };
    } catch {
      return null;
    }
  }

  /** Why an answer is none; an ended session is noticed here. */
  function failureOf(met: Met | null): Failure {
    const refusal = errorAnswer.safeParse(met?.body);
    if (!refusal.success) return { why: 'unreached' };
    const { code, zh, en } = refusal.data.error;
    if (code === 'not-signed-in') {
      isOver.value = session.value !== 'signed-out';
      session.value = 'signed-out';
    }
    return { why: 'refused', sentence: { zh, en } };
  }

  const act: DeskSession['act'] = async (path, schema, method, body) => {
    const headers = { 'content-type': 'application/json' };
    const met = await meet(
      path,
      { method, ...(body === undefined ? {} : { headers, body: JSON.stringify(body) }) },
      limits.answerMs,
    );
    const parsed = schema.safeParse(met?.body);
    if (met?.status === 200 && parsed.success) {
      isAway.value = false;
      return { ok: true, value: parsed.data };
    }
    return { ok: false, failure: failureOf(met) };
  };

  const ask: DeskSession['ask'] = async (path, schema, init = {}, answerMs = limits.answerMs) => {
    const met = await meet(path, init, answerMs);
    const parsed = schema.safeParse(met?.body);
    if (met?.status === 200 && parsed.success) {
      isAway.value = false;
      return parsed.data;
    }
    // What is shown stays and is called old.
    const failure = failureOf(met);
    isAway.value = failure.why === 'unreached';
    if (failure.why === 'refused') refused.value = failure.sentence;
    return null;
  };

  return {
    ...{ session, isOver, isAway, refused, ask, act },
    may(...oneOf) {
      const who = session.value;
      if (who === null || who === 'signed-out') return false;
      return who.may === undefined || oneOf.some((operation) => who.may?.includes(operation));
    },
    async recognise() {
      const known = await ask('/hub/session', sessionAnswer);
      session.value = known?.staff ?? 'signed-out';
    },
    async signIn(name, password) {
      refused.value = null;
      const done = await act('/hub/session', sessionAnswer, 'POST', { name, password });
      if (!done.ok) return done.failure;
      if (done.value.staff === null) return { why: 'unreached' };
      isOver.value = false;
      session.value = done.value.staff;
      return null;
    },
    async setPassword(present, fresh) {
      const done = await act('/hub/session/password', sessionAnswer, 'POST', { present, fresh });
      if (!done.ok) return done.failure;
      if (done.value.staff !== null) session.value = done.value.staff;
      return null;
    },
    async signOut() {
      await act('/hub/session', sessionAnswer, 'DELETE');
      isOver.value = false;
      session.value = 'signed-out';
      refused.value = null;
    },
  };
}
