// What the office page knows and asks: session, faults and stations, drift, raw bytes. Called by main.tsx and the components.
import { type Signal, signal } from '@preact/signals';
import { type DriftAnswer, driftAnswer } from '../contracts/drift.ts';
import { type OfficeAnswer, type OfficeFault, officeAnswer, rawAnswer } from '../contracts/office.ts';
import { createDeskSession, type DeskSession } from '../sync/desk-session.ts';

export const limits = { everyMs: 30_000, rawShown: 20 } as const;

export type { Sentence, Session } from '../sync/desk-session.ts';

export type Office = Pick<
  DeskSession,
  'session' | 'isOver' | 'isAway' | 'refused' | 'ask' | 'signIn' | 'signOut' | 'setPassword'
> & {
  /** Id of the tab that is shown (tabs.tsx). */
  tab: Signal<string>;
  view: Signal<OfficeAnswer | null>;
  drift: Signal<DriftAnswer | null>;
  /** Text of raw bytes by `rawKey`; null: they could not be had. */
  raw: Signal<ReadonlyMap<string, string | null>>;
  start(): Promise<void>;
  refresh(): Promise<void>;
  toggleRaw(fault: OfficeFault): Promise<void>;
  stop(): void;
};

export const rawKey = (fault: OfficeFault): string => `${fault.kind} ${fault.writerId} ${fault.seq} ${fault.sha256}`;

export function createOffice(deps: { fetch: typeof fetch; every(ms: number, task: () => void): () => void }): Office {
  const desk = createDeskSession(deps);
  const { session, isAway, refused, ask } = desk;
  const tab = signal('faults');
  const view = signal<OfficeAnswer | null>(null);
  const drift = signal<DriftAnswer | null>(null);
  const raw = signal<ReadonlyMap<string, string | null>>(new Map());
  let stop = (): void => {};

  async function refresh(): Promise<void> {
    if (session.value === null || session.value === 'signed-out') return;
    const seen = await ask('/hub/office/stations', officeAnswer);
    if (seen === null) return;
    view.value = seen;
    refused.value = null;
    drift.value = (await ask('/hub/office/drift', driftAnswer)) ?? drift.value;
  }

  return {
    ...{
      session,
      isOver: desk.isOver,
      isAway,
      refused,
      ask,
      setPassword: desk.setPassword,
      tab,
      view,
      drift,
      raw,
      refresh,
    },
    async start() {
      await desk.recognise();
      stop = deps.every(limits.everyMs, () => void refresh());
      await refresh();
    },
    async signIn(name, password) {
      const failure = await desk.signIn(name, password);
      if (failure === null) await refresh();
      return failure;
    },
    async signOut() {
      await desk.signOut();
      view.value = null;
      drift.value = null;
      raw.value = new Map();
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
