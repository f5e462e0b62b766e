// What the office page knows and asks: session, faults and stations, drift, raw bytes. Called by main.tsx and the components.
import { type Signal, signal } from '@preact/signals';
import type * as z from 'zod/mini';
import { sessionAnswer } from '../contracts/clinic.ts';
import { type DriftAnswer, driftAnswer } from '../contracts/drift.ts';
import { type OfficeAnswer, type OfficeFault, officeAnswer, rawAnswer } from '../contracts/office.ts';
import { errorAnswer } from '../contracts/upload.ts';

export const limits = { everyMs: 30_000, answerMs: 8_000, rawShown: 20 } as const;

export type Sentence = { zh: string; en: string };
/** null: not asked yet. */
export type Session = { staffId: string; name: string; role: string } | 'signed-out' | null;

export type Office = {
  session: Signal<Session>;
  /** Id of the tab that is shown (tabs.tsx). */
  tab: Signal<string>;
  view: Signal<OfficeAnswer | null>;
  drift: Signal<DriftAnswer | null>;
  /** Text of raw bytes by `rawKey`; null: they could not be had. */
  raw: Signal<ReadonlyMap<string, string | null>>;
  isAway: Signal<boolean>;
  /** Why the last call was refused; null while all is well. */
  refused: Signal<Sentence | null>;
  /** The hub's parsed answer; null after having said why there is none (`isAway`, `refused`, signed out). */
  ask<Schema extends z.ZodMiniType>(
    path: string,
    schema: Schema,
    init?: RequestInit,
    answerMs?: number,
  ): Promise<z.infer<Schema> | null>;
  start(): Promise<void>;
  signIn(name: string, password: string): Promise<void>;
  signOut(): Promise<void>;
  refresh(): Promise<void>;
  toggleRaw(fault: OfficeFault): Promise<void>;
  stop(): void;
};

export const rawKey = (fault: OfficeFault): string => `${fault.kind} ${fault.writerId} ${fault.seq} ${fault.sha256}`;

export function createOffice(deps: { fetch: typeof fetch; every(ms: number, task: () => void): () => void }): Office {
  const session = signal<Session>(null);
  const tab = signal('faults');
  const view = signal<OfficeAnswer | null>(null);
  const drift = signal<DriftAnswer | null>(null);
  const raw = signal<ReadonlyMap<string, string | null>>(new Map());
  const isAway = signal(false);
  const refused = signal<Sentence | null>(null);
  let stop = (): void => {};

  async function ask<Schema extends z.ZodMiniType>(
    path: string,
    schema: Schema,
    init: RequestInit = {},
    answerMs: number = limits.answerMs,
  ): Promise<z.infer<Schema> | null> {
    let answer: { status: number; body: unknown };
    try {
      const signal = AbortSignal.timeout(answerMs);
      const response = await deps.fetch(path, { cache: 'no-store', ...init, signal });
      answer = { status: response.status, body: await response.json() };
    } catch {
      isAway.value = true; // not reached, cut off, or no JSON: what is shown stays and is called old
      return null;
    }
    const parsed = schema.safeParse(answer.body);
    if (answer.status === 200 && parsed.success) {
      isAway.value = false;
      return parsed.data;
    }
    const refusal = errorAnswer.safeParse(answer.body);
    isAway.value = !refusal.success;
    if (refusal.success) refused.value = { zh: refusal.data.error.zh, en: refusal.data.error.en };
    if (answer.status === 401) session.value = 'signed-out';
    return null;
  }

  async function refresh(): Promise<void> {
    if (session.value === null || session.value === 'signed-out') return;
    const seen = await ask('/hub/office/stations', officeAnswer);
    if (seen === null) return;
    view.value = seen;
    refused.value = null;
    drift.value = (await ask('/hub/office/drift', driftAnswer)) ?? drift.value;
  }

  return {
    ...{ session, tab, view, drift, raw, isAway, refused, ask, refresh },
    async start() {
      const known = await ask('/hub/session', sessionAnswer);
      session.value = known?.staff ?? 'signed-out';
      stop = deps.every(limits.everyMs, () => void refresh());
      await refresh();
    },
    async signIn(name, password) {
      refused.value = null;
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ name, password });
      const known = await ask('/hub/session', sessionAnswer, { method: 'POST', headers, body });
      if (!known?.staff) return;
      session.value = known.staff;
      await refresh();
    },
    async signOut() {
      await ask('/hub/session', sessionAnswer, { method: 'DELETE' });
      session.value = 'signed-out';
      view.value = null;
      drift.value = null;
      raw.value = new Map();
      refused.value = null;
    },
    async toggleRaw(fault) {
      const key = rawKey(fault);
      const next = new Map(raw.value);
      if (!next.delete(key)) {
        const { kind, writerId, seq, sha256 } = fault;
        const query = new URLSearchParams({ kind, writer: writerId, seq: String(seq), sha256: sha256 ?? '' });
        const got = await ask(`/hub/office/raw?${query}`, rawAnswer);
        const oldest = next.keys().next();
        if (next.size >= limits.rawShown && !oldest.done) next.delete(oldest.value);
        next.set(key, got === null ? null : textOf(got.base64));
      }
      raw.value = next;
    },
    stop: () => stop(),
  };
}

function textOf(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
}
